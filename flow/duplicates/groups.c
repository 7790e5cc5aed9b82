/* See groups.h. */
#include "flow/duplicates/groups.h"

#include <stdio.h>
#include <string.h>

/* From where on the mean over all pairs of two groups joins them: as `kartei dedupe` does without a threshold. */
static const double JOINED = 0.5;

size_t flow_duplicates_group(const struct dedupe_edge *pairs, size_t n, size_t records, uint32_t *ret_groups)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(SIZE_MAX);
    struct dedupe_edge *edges = arena_array(arena, n, sizeof *edges);
    uint32_t *cluster = arena_array(arena, records, sizeof *cluster);
    uint32_t *number = arena_array(arena, records, sizeof *number); /* of the cluster's group, plus one */
    uint32_t groups = 0;
    if (n == 0)
        return 0;
    memcpy(edges, pairs, n * sizeof *edges);
    dedupe_cluster(edges, n, records, JOINED, cluster);
    for (size_t i = 0; i < n; i++) {
        uint32_t left = cluster[pairs[i].left], right = cluster[pairs[i].right];
        bool one = left == right;
        if (one && number[left] > 0) {
            ret_groups[i] = number[left] - 1;
            continue;
        }
        ret_groups[i] = groups++;
        if (one)
            number[left] = groups;
    }
    return groups;
}

struct flow_group_ids flow_group_ids_new(void)
{
    return (struct flow_group_ids){id_new()};
}

struct id flow_group_id(const struct flow_group_ids *ids, uint32_t number)
{
    enum { NUMBERED = 28 }; /* the last eight digits */
    struct id id = ids->base;
    (void)snprintf(id.s + NUMBERED, sizeof id.s - NUMBERED, "%08x", UINT32_MAX - number);
    return id;
}
