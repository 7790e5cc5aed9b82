/* One locked-up child per image: forked from a warmed parent, it answers through shared memory and dies. */
#ifndef SERVICES_PARSE_CHILD_H
#define SERVICES_PARSE_CHILD_H

#include "ocr/reader.h"

#include <sys/types.h>

struct parse_child {
    pid_t pid;
    int pidfd;        /* readable when the child is gone */
    void *answer;     /* shared with the child */
    int64_t deadline; /* base/clock.h, monotonic: then it is killed */
    bool stopped;     /* by us */
};

/* Restarts this program with OMP_THREAD_LIMIT=1 unless it is set: Tesseract's OpenMP reads it when the program is
 * loaded, and its spinning threads cost ten times the work on a shared machine. Returns when there is nothing to do. */
void parse_child_single_thread(char **argv);

/* Forks a child that reads the image behind `fd` (a regular file; stays open here). `reader` was made in this process,
 * which must have one thread. Errors: ERR_TOO_LARGE, ERR_NOT_AN_IMAGE (empty, no file), ERR_BUSY (no process to be
 * had). */
int parse_child_start(struct ocr_reader *reader, int fd, struct parse_child *ret_child, struct err *err);
/* Waits for the end and releases the child. The answer is the JSON of a struct ocr_message: the child's own, or
 * "reading-stopped" when a limit or a signal ended it, "busy" when somebody else killed it (out of memory, a restart):
 * then the image is not to blame. It comes from a process that opened hostile bytes: read it by
 * shape. */
struct str parse_child_end(struct parse_child *child, struct arena *arena);
/* Ends it by SIGKILL; parse_child_end() is still due. */
void parse_child_kill(struct parse_child *child);
/* The answer of an image that got no child. */
struct str parse_child_refusal(const struct err *err, struct arena *arena);

/* Reads a small picture made here through a child. 0 when the jail holds and the engine reads it. */
int parse_child_self_test(struct ocr_reader *reader, struct err *err);

#endif
