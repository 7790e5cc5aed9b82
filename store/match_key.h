/* Match keys: 64-bit keyed hashes by which contacts and CRM records meet, and by which search finds them. */
#ifndef STORE_MATCH_KEY_H
#define STORE_MATCH_KEY_H

#include "store/store.h"

enum store_subject { STORE_CONTACT, STORE_RECORD };

struct store_meeting {
    struct id id;   /* of the contact or record */
    int64_t shared; /* keys in common */
};

/* Replaces all keys of a subject; doubled keys count once. n ≤ 200. */
int store_match_keys_set(struct store_tx *tx, enum store_subject kind, const struct id *id, const int64_t *keys,
                         size_t n, struct err *err);

struct store_meet {
    enum store_subject kind; /* what is sought */
    const int64_t *keys;     /* n ≤ 200 */
    size_t n;
    int cap;   /* keys that more than `cap` subjects carry say nothing and are left out */
    int limit; /* most subjects to return */
};
/* Living subjects that share keys, most keys first (struct store_meeting). */
int store_match_keys_meet(struct store_tx *tx, const struct store_meet *meet, struct arena *arena,
                          struct json_list *ret_meetings, struct err *err);

#endif
