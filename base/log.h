/* One JSON line per event on stderr. Only services/ logs, once a failure; values are ids and words, never names. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/err.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

/* Names the program in every line and sets the least level written (default LOG_INFO). */
void log_open(const char *program, enum log_level least);
/* {"t":…,"level":…,"program":…,"event":event,key:value…}: pairs of C strings, ended by NULL. Control bytes are escaped.
 */
void log_event(enum log_level level, const char *event, ...) __attribute__((sentinel));
/* The same for a failure: adds slug, parameter and detail of the error. */
void log_err(enum log_level level, const char *event, const struct err *err, ...) __attribute__((sentinel));

#endif
