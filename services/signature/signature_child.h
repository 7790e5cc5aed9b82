/* Mails from files, read by locked-up children, many mails a child: they are all the caller's own. */
#ifndef SERVICES_SIGNATURE_CHILD_H
#define SERVICES_SIGNATURE_CHILD_H

#include "base/err.h"

enum { SIGNATURE_BATCH = 64 };

struct signature_job {
    struct str bytes; /* mapped, not looked at in this process */
    struct str json;  /* the answer: a struct ocr_mail */
};

/* Fills the json of n jobs (at most SIGNATURE_BATCH), in order; texts in the arena. `text`: they are rendered text. A
 * child that a mail ended is replaced by another for the mails behind it; that mail's answer is "reading-stopped". The
 * process must have one thread and have called ocr_mail_warm(). */
void signature_child_read(struct signature_job *jobs, size_t n, bool text, const char *region, struct arena *arena);

#endif
