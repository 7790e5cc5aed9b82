/* One locked-up child per image or mail: forked from a warmed parent, it answers through shared memory and dies. */
#ifndef SERVICES_PARSE_CHILD_H
#define SERVICES_PARSE_CHILD_H

#include "ocr/reader.h"
#include "services/parse_wire.h"

#include <sys/types.h>

/* What a child is forked with; warmed up in this process, which must have one thread. */
struct parse_readers {
    struct ocr_reader *images; /* NULL: none are read */
    bool mails;                /* after ocr_mail_warm() */
    const char *region;        /* of national phone numbers in mails, ISO 3166-1 alpha-2; NULL: none */
};

struct parse_child {
    enum parse_kind kind;
    pid_t pid;
    int pidfd;        /* readable when the child is gone */
    void *answer;     /* shared with the child */
    int64_t deadline; /* base/clock.h, monotonic: then it is killed */
    bool stopped;     /* by us */
};

/* Restarts this program with OMP_THREAD_LIMIT=1 unless it is set: Tesseract's OpenMP reads it when the program is
 * loaded, and its spinning threads cost ten times the work on a shared machine. Returns when there is nothing to do. */
void parse_child_single_thread(char **argv);

/* Forks a child that reads the image or mail behind `fd` (a regular file or memfd; stays open here; its bytes are never
 * looked at in this process). Errors: ERR_TOO_LARGE, ERR_NOT_AN_IMAGE (empty, no file), ERR_BUSY (no process to be
 * had).
 */
int parse_child_start(const struct parse_readers *readers, enum parse_kind kind, int fd, struct parse_child *ret_child,
                      struct err *err);
/* Waits for the end and releases the child. The answer is the JSON of what parse_wire.h says: the child's own, or
 * "reading-stopped" when a limit or a signal ended it, "busy" when somebody else killed it (out of memory, a restart):
 * then the image is not to blame. It comes from a process that opened hostile bytes: read it by
 * shape. */
struct str parse_child_end(struct parse_child *child, struct arena *arena);
/* Ends it by SIGKILL; parse_child_end() is still due. */
void parse_child_kill(struct parse_child *child);
/* The answer of an image or mail that got no child. */
struct str parse_child_refusal(enum parse_kind kind, const struct err *err, struct arena *arena);

/* Reads a small picture and a small mail made here through children. 0 when the jail holds and both are read. */
int parse_child_self_test(const struct parse_readers *readers, struct err *err);

#endif
