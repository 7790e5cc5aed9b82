/* The match index: 64-bit keyed hashes by which contacts and CRM records meet, and by which search finds them. Sorted
 * runs of packed pages with a small table of what is new in front; the job "index" keeps the runs few (merge.h, ADR
 * 0020). */
#ifndef STORE_MATCH_INDEX_H
#define STORE_MATCH_INDEX_H

#include "store/store.h"

#define STORE_INDEX_JOB "index" /* asked for when the index needs tending; its subject is the organisation */

enum store_subject { STORE_CONTACT, STORE_RECORD };
enum { STORE_MEET_CAP = 511 }; /* of store_meet.cap */

struct store_meeting {
    struct id id;   /* of the contact or record */
    int64_t shared; /* keys in common */
};

struct store_match_set {
    struct id id;
    const int64_t *keys; /* repeats count once */
    size_t n;            /* ≤ 200; 0: the subject has no keys any more */
};
/* Replaces all keys of each subject; a subject is there once. n ≤ 1000. What stays the same costs nothing. */
int store_match_sets_put(struct store_tx *tx, enum store_subject kind, const struct store_match_set *sets, size_t n,
                         struct err *err);
/* The same for one. */
int store_match_keys_set(struct store_tx *tx, enum store_subject kind, const struct id *id, const int64_t *keys,
                         size_t n, struct err *err);

struct store_meet {
    enum store_subject kind; /* what is sought */
    const int64_t *keys;     /* n ≤ 200 */
    size_t n;
    int cap;   /* keys that more than `cap` subjects carry say nothing and are left out; ≤ STORE_MEET_CAP */
    int limit; /* most subjects to return */
};
/* Subjects that share keys, those with the rarest and most keys first (struct store_meeting). Contacts in the bin are
 * left out. */
int store_match_keys_meet(struct store_tx *tx, const struct store_meet *meet, struct arena *arena,
                          struct json_list *ret_meetings, struct err *err);

struct store_meet_many {
    const struct store_match_set *sets; /* n ≤ 1000 */
    size_t n;
    int cap, limit; /* for each set, as in store_meet */
};
/* Contacts that share keys with any of the sets: struct id each, once, those in the bin left out. */
int store_match_sets_meet(struct store_tx *tx, const struct store_meet_many *meet, struct arena *arena,
                          struct json_list *ret_ids, struct err *err);
struct store_having {
    enum store_subject kind; /* what is sought */
    const int64_t *keys;     /* 1 ≤ n ≤ 200 */
    size_t n;
};
/* Subjects that have every one of the keys (struct id, in no order), also contacts in the bin. */
int store_match_keys_all(struct store_tx *tx, const struct store_having *having, struct arena *arena,
                         struct json_list *ret_ids, struct err *err);

#endif
