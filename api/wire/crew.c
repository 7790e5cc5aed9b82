/* See crew.h. */
#include "api/wire/crew.h"

#include <pthread.h>

enum { CREW_MAX = 64 };

struct api_crew {
    pthread_mutex_t lock;
    pthread_cond_t news;
    struct api_task *first, **last;
    size_t waiting;
    bool end;
    void (*work)(void *self, struct api_task *task);
    void *self;
    int threads;
    pthread_t thread[CREW_MAX];
};

static void *run(void *arg)
{
    struct api_crew *crew = arg;
    pthread_mutex_lock(&crew->lock);
    for (;;) {
        while (!crew->first && !crew->end)
            pthread_cond_wait(&crew->news, &crew->lock);
        struct api_task *task = crew->first;
        if (!task)
            break;
        crew->first = task->next;
        if (!crew->first)
            crew->last = &crew->first;
        crew->waiting--;
        pthread_mutex_unlock(&crew->lock);
        crew->work(crew->self, task);
        pthread_mutex_lock(&crew->lock);
    }
    pthread_mutex_unlock(&crew->lock);
    return NULL;
}

struct api_crew *api_crew_new(int threads, void (*work)(void *self, struct api_task *task), void *self)
{
    struct api_crew *crew = calloc(1, sizeof *crew);
    if (!crew)
        abort();
    *crew = (struct api_crew){.work = work, .self = self, .last = &crew->first};
    pthread_mutex_init(&crew->lock, NULL);
    pthread_cond_init(&crew->news, NULL);
    for (int i = 0; i < threads && i < CREW_MAX; i++) {
        if (pthread_create(&crew->thread[i], NULL, run, crew) != 0)
            abort();
        crew->threads++;
    }
    return crew;
}

void api_crew_push(struct api_crew *crew, struct api_task *task)
{
    task->next = NULL;
    pthread_mutex_lock(&crew->lock);
    *crew->last = task;
    crew->last = &task->next;
    crew->waiting++;
    pthread_cond_signal(&crew->news);
    pthread_mutex_unlock(&crew->lock);
}

size_t api_crew_waiting(struct api_crew *crew)
{
    pthread_mutex_lock(&crew->lock);
    size_t n = crew->waiting;
    pthread_mutex_unlock(&crew->lock);
    return n;
}

void api_crew_end(struct api_crew *crew)
{
    if (!crew)
        return;
    pthread_mutex_lock(&crew->lock);
    crew->end = true;
    pthread_cond_broadcast(&crew->news);
    pthread_mutex_unlock(&crew->lock);
    for (int i = 0; i < crew->threads; i++)
        (void)pthread_join(crew->thread[i], NULL);
    pthread_cond_destroy(&crew->news);
    pthread_mutex_destroy(&crew->lock);
    free(crew);
}
