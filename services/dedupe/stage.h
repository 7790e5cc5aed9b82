/* Where the time of a run goes. */
#ifndef SERVICES_DEDUPE_STAGE_H
#define SERVICES_DEDUPE_STAGE_H

#include <stdbool.h>
#include <stddef.h>

/* Turns the words of stage_end() on. */
void stage_show(bool times);
/* A stage is over that worked on `n` things ("records", "pairs"). On a terminal, or with times, a line on stderr; with
 * times also seconds of wall clock and processor since the last stage, and things a processor second. */
void stage_end(const char *stage, size_t n, const char *things);

#endif
