/* See flight.h. */
#include "flow/crm/flight.h"

#include <pthread.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t landed = PTHREAD_COND_INITIALIZER;
static struct flow_flight *flights;

static bool is_flying(const struct id *connection)
{
    for (const struct flow_flight *one = flights; one; one = one->next)
        if (id_eq(&one->connection, connection))
            return true;
    return false;
}

int flow_flight_enter(struct flow_flight *flight, const struct id *connection, int timeout_ms, struct err *err)
{
    struct timespec until;
    int r = 0;
    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += timeout_ms / 1000;
    *flight = (struct flow_flight){.connection = *connection};
    (void)pthread_mutex_lock(&lock);
    while (is_flying(connection) && r == 0)
        r = pthread_cond_clockwait(&landed, &lock, CLOCK_MONOTONIC, &until);
    flight->on = !is_flying(connection);
    if (flight->on) {
        flight->next = flights;
        flights = flight;
    }
    (void)pthread_mutex_unlock(&lock);
    return flight->on ? 0 : err_set(err, ERR_BUSY, "tokens");
}

void flow_flight_leave(struct flow_flight *flight)
{
    if (!flight->on)
        return;
    (void)pthread_mutex_lock(&lock);
    struct flow_flight **at = &flights;
    while (*at != flight)
        at = &(*at)->next;
    *at = flight->next;
    flight->on = false;
    (void)pthread_cond_broadcast(&landed);
    (void)pthread_mutex_unlock(&lock);
}
