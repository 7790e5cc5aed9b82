/* See search.h. */
#include "flow/search.h"

int flow_search_begin(struct store_tx *tx, struct str text, const char *pointer, struct flow_search *ret_search,
                      struct arena *arena, struct err *err)
{
    struct str texts[DEDUPE_KEYS_MAX];
    dedupe_query_keys(text, arena, &ret_search->wanted);
    if (ret_search->wanted.n == 0)
        return err_field(err, ERR_INVALID, pointer, "nothing to look for");
    for (size_t i = 0; i < ret_search->wanted.n; i++)
        texts[i] = ret_search->wanted.key[i].text;
    return store_match_keys(tx, texts, ret_search->wanted.n, ret_search->hashes, err);
}

bool flow_search_hit(const struct flow_search *search, const struct contact *contact, struct arena *arena)
{
    struct dedupe_keys has;
    dedupe_keys(dedupe_prepare(contact, arena), arena, &has);
    for (size_t i = 0; i < search->wanted.n; i++) {
        bool found = false;
        for (size_t k = 0; k < has.n && !found; k++)
            found = str_eq(has.key[k].text, search->wanted.key[i].text);
        if (!found)
            return false;
    }
    return true;
}
