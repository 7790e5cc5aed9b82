/* From scored pairs to groups of records of one person. */
#ifndef DEDUPE_CLUSTER_H
#define DEDUPE_CLUSTER_H

#include "base/str.h"

struct dedupe_edge {
    uint32_t left, right; /* indices of records, left != right; each pair once */
    double probability;   /* 0..1, or DEDUPE_NEVER */
};

/* The two are not one, whatever else speaks for it: no group ever holds both. */
#define DEDUPE_NEVER (-1.0)

/* Average linkage, greedy: edges are taken from the most probable on, and join the groups of their ends when the mean
 * probability over all pairs between the two, a pair that was never scored counting 0.15, is at least `threshold`
 * (0 < threshold <= 1). So one false edge cannot glue two groups. Sorts the edges. ret_clusters has `n` entries; each
 * gets the least index of its group. The same edges in any order give the same groups. */
void dedupe_cluster(struct dedupe_edge *edges, size_t edges_n, size_t n, double threshold, uint32_t *ret_clusters);

#endif
