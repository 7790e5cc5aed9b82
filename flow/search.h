/* Finding people by what somebody types: words of a name or company, an e-mail, the end of a telephone number. */
#ifndef FLOW_SEARCH_H
#define FLOW_SEARCH_H

#include "dedupe/dedupe.h"
#include "store/store.h"

struct flow_search {
    struct dedupe_keys wanted;
    int64_t hashes[DEDUPE_KEYS_MAX]; /* of the wanted keys, by which the match index finds */
};

/* ERR_INVALID with the pointer: the text has nothing that can be looked for. */
int flow_search_begin(struct store_tx *tx, struct str text, const char *pointer, struct flow_search *ret_search,
                      struct arena *arena, struct err *err);
/* Whether the contact has all of it. The index may still stand for an earlier state: a hit is one by its present words.
 */
bool flow_search_hit(const struct flow_search *search, const struct contact *contact, struct arena *arena);

#endif
