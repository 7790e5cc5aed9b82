/* What either engine of kartei dedupe finds, and how it is written. */
#ifndef SERVICES_DEDUPE_OUTCOME_H
#define SERVICES_DEDUPE_OUTCOME_H

#include "base/err.h"

#include <stdio.h>

/* A pair that is written. */
struct scored {
    uint32_t left, right; /* records, left < right */
    float probability, weight;
};

struct outcome {
    const struct str *ids;
    size_t n;
    struct scored *scored;
    size_t scored_n;
    /* With --explain: writes ",field" for every compared field, or the pair's ",level bits"; NULL pair = the header. */
    void (*explain)(void *self, const struct scored *pair, FILE *to);
    void (*release)(void *self); /* NULL: nothing to give back */
    void *self;
};

/* For `_cleanup_(outcome_freep) struct outcome outcome = {0};` */
void outcome_freep(struct outcome *outcome);

/* Sorts by weight, the strongest first. */
void outcome_sort(struct outcome *outcome);
/* ERR_INVALID with the file and what the system says. */
int outcome_write_pairs(const struct outcome *outcome, const char *file, bool explain, struct err *err);
int outcome_write_clusters(const struct outcome *outcome, const char *file, double threshold, struct err *err);

#endif
