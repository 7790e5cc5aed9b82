/* The two clocks: wall time for people and records, monotonic time for deadlines. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include "base/str.h"

/* Milliseconds since 1970-01-01T00:00:00Z. */
int64_t clock_now_ms(void);
/* Milliseconds of a clock that never jumps. */
int64_t clock_mono_ms(void);
/* "2026-11-22T03:18:00.123Z" (RFC 3339, UTC). */
struct str clock_text(int64_t ms, struct arena *arena);
/* Milliseconds of such a text, also with an offset ("+0000", "+01:00") and without or with more decimals; -1 when it is
 * none (RFC 3339; leap seconds count as the second before). */
int64_t clock_parse(struct str text);
/* "Sun, 22 Nov 2026 03:18:00 GMT" (RFC 9110 HTTP-date). */
struct str clock_http(int64_t ms, struct arena *arena);

#endif
