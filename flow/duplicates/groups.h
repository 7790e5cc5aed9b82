/* From pairs of records to groups of one person, with what people decided. */
#ifndef FLOW_DUPLICATES_GROUPS_H
#define FLOW_DUPLICATES_GROUPS_H

#include "base/id.h"
#include "dedupe/cluster.h"

/* Probability of a pair for dedupe_cluster(), after a decision. */
#define FLOW_DUPLICATES_SAME      1.0
#define FLOW_DUPLICATES_DIFFERENT DEDUPE_NEVER

/* Groups the pairs, strongest first, of `records` records: pairs whose records are in one cluster are a group, every
 * other pair is a group of its own, for a person to look at. ret_groups: n numbers, from 0 in the order in which groups
 * come up. Returns how many there are. */
size_t flow_duplicates_group(const struct dedupe_edge *pairs, size_t n, size_t records, uint32_t *ret_groups);

/* Ids of groups made at one time; greater numbers have smaller ids, so that lists begin with the strongest. */
struct flow_group_ids {
    struct id base;
};
struct flow_group_ids flow_group_ids_new(void);
struct id flow_group_id(const struct flow_group_ids *ids, uint32_t number);

#endif
