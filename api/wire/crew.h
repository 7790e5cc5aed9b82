/* A fixed number of threads that work off a queue of requests, so that the threads of the network never wait for a
 * database, a password hash or a CRM. */
#ifndef API_CREW_H
#define API_CREW_H

#include "base/str.h"

struct api_crew;

/* One piece of work; embedded in what it belongs to. */
struct api_task {
    struct api_task *next;
};

/* Starts `threads` threads; each calls work(self, task). */
struct api_crew *api_crew_new(int threads, void (*work)(void *self, struct api_task *task), void *self);
void api_crew_push(struct api_crew *crew, struct api_task *task);
/* Pieces of work that nobody has begun. */
size_t api_crew_waiting(struct api_crew *crew);
/* Works off what is queued, then ends the threads. */
void api_crew_end(struct api_crew *crew);

#endif
