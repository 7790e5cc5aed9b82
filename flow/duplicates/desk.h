/* Records and pairs as people see them; for the files of this folder. */
#ifndef FLOW_DUPLICATES_DESK_H
#define FLOW_DUPLICATES_DESK_H

#include "dedupe/dedupe.h"
#include "flow/duplicates/duplicates.h"
#include "store/match/duplicate.h"
#include "store/record.h"

/* What a page is made with. */
struct flow_desk {
    const struct flow_actor *actor;
    struct store_tx *tx;
    struct json_list connections; /* struct store_connection */
    struct arena *arena;
};
/* ERR_STORE. */
int flow_desk_open(struct store_tx *tx, const struct flow_actor *actor, struct arena *arena, struct flow_desk *ret_desk,
                   struct err *err);
/* A record that was read; the reading is noted. */
struct flow_duplicate_member flow_desk_member(const struct flow_desk *desk, const struct store_record *row);
/* A pair; *members: struct flow_duplicate_member. */
struct flow_duplicate flow_desk_pair(const struct flow_desk *desk, const struct store_duplicate *row,
                                     const struct json_list *members);
/* What is to be known before the CRM merges them: struct str, in the actor's language. */
struct json_list flow_desk_notes(const struct flow_desk *desk, const struct json_list *members);

/* A pair of records with its reasons, as they are now; false when they are not alike. */
bool flow_pair_judge(const struct dedupe_model *model, const struct store_record *a, const struct store_record *b,
                     struct arena *arena, struct store_duplicate *ret_pair);
/* Groups anew what has to do with either record of the pair. */
int flow_pair_regroup(struct store_tx *tx, const struct store_duplicate *pair, struct err *err);

#endif
