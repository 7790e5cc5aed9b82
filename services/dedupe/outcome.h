/* What either engine of kartei dedupe finds, and how it is written. */
#ifndef SERVICES_DEDUPE_OUTCOME_H
#define SERVICES_DEDUPE_OUTCOME_H

#include "dedupe/stock/weigher.h"
#include "services/dedupe/ids.h"

#include <stdio.h>

struct outcome {
    const struct str *ids;
    size_t n, border;                 /* border: the first record of the second file, 0 = one file */
    struct dedupe_scored_list scored; /* pairs that are written */
    const struct decided *apart;      /* pairs that are not one, whatever the score */
    size_t apart_n;
    /* With --explain: writes ",field" for every compared field, or the pair's ",level bits"; NULL pair = the header. */
    void (*explain)(void *self, const struct dedupe_scored *pair, FILE *to);
    void (*release)(void *self); /* NULL: nothing to give back */
    void *self;
};

/* For `_cleanup_(outcome_freep) struct outcome outcome = {0};` */
void outcome_freep(struct outcome *outcome);

/* Pairs that people found to be two: they are not written, and no cluster holds both. Reads the CSV (ids.h); the list
 * lives in the arena. */
int outcome_keep_apart(struct outcome *outcome, const char *file, struct arena *arena, struct err *err);
/* ERR_INVALID with the file and what the system says. */
int outcome_write_pairs(const struct outcome *outcome, const char *file, bool explain, struct err *err);
int outcome_write_clusters(const struct outcome *outcome, const char *file, double threshold, struct err *err);

#endif
