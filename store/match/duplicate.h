/* Pairs of records that may be one person twice: what the search over the stock found, in groups, and what people
 * decided. A pair whose record is buried goes. */
#ifndef STORE_MATCH_DUPLICATE_H
#define STORE_MATCH_DUPLICATE_H

#include "store/store.h"

struct store_duplicate {
    struct id id;          /* follows from the two records */
    struct id left, right; /* records, left < right as texts */
    struct id group;
    double weight, probability;
    struct str band;    /* "obvious" | "possible" */
    struct str reasons; /* JSON of the caller, sealed at rest */
    struct str decided; /* "same" | "different"; absent = not yet */
    struct str why;     /* what the person noted; sealed at rest; absent = nothing */
    struct id decided_by;
    int64_t decided_at; /* 0 = not yet */
    int64_t version;
    int64_t pairs; /* of its group, in all; store_duplicates_of() only */
};

/* The id of a pair. */
struct id store_duplicate_id(const struct id *left, const struct id *right);

/* Until the end of the transaction nobody else puts pairs of the organisation into groups. To be asked first. */
int store_duplicates_lock(struct store_tx *tx, struct err *err);

struct store_duplicate_decided {
    struct id id, left, right;
    bool same;
};
/* All decided pairs (struct store_duplicate_decided). */
int store_duplicates_decided(struct store_tx *tx, struct arena *arena, struct json_list *ret_decided, struct err *err);
/* Drops all pairs that nobody has decided. */
int store_duplicates_clear(struct store_tx *tx, struct err *err);
/* Adds or renews n ≤ 1000 pairs, each there once (of which left, right, group, weight, probability, band and reasons
 * matter). What is decided stays decided; pairs with a record that is not living are left out. */
int store_duplicates_put(struct store_tx *tx, const struct store_duplicate *pairs, size_t n, struct err *err);
/* Puts n pairs into other groups. */
int store_duplicates_regroup(struct store_tx *tx, const struct id *pairs, const struct id *groups, size_t n,
                             struct err *err);

struct store_duplicate_filter {
    struct str decided;   /* groups with a pair that was decided so; absent = that waits for a decision */
    struct str band;      /* absent = any */
    struct id connection; /* empty = any */
};
/* Ids of groups (struct id), the strongest first. */
int store_duplicate_groups(struct store_tx *tx, const struct store_duplicate_filter *filter,
                           const struct store_page *page, struct arena *arena, struct json_list *ret_groups,
                           struct err *err);
/* Ids of the groups that hold either record of a pair. */
int store_duplicate_groups_near(struct store_tx *tx, const struct id *pair, struct arena *arena,
                                struct json_list *ret_groups, struct err *err);
/* The pairs of groups, group by group as asked, of each the `most` strongest (struct store_duplicate). */
struct store_duplicate_ask {
    const struct id *groups;
    size_t n;
    int most;
};
int store_duplicates_of(struct store_tx *tx, const struct store_duplicate_ask *ask, struct arena *arena,
                        struct json_list *ret_pairs, struct err *err);
/* ERR_NOT_FOUND. */
int store_duplicate_get(struct store_tx *tx, const struct id *id, struct arena *arena, struct store_duplicate *ret_pair,
                        struct err *err);
/* Pairs with one of n records at least, the strongest first, at most `limit` (struct store_duplicate). Of those that
 * are different only such between two of them, and such that splitting the contact's cluster made so. */
struct store_duplicate_around {
    struct id contact;
    const struct id *records;
    size_t n;
    int limit;
};
int store_duplicates_around(struct store_tx *tx, const struct store_duplicate_around *around, struct arena *arena,
                            struct json_list *ret_pairs, struct err *err);
/* Decides n pairs that are open: different, since a record was split off from the contact's cluster. Decided ones stay.
 */
struct store_duplicate_split {
    struct id contact, record, user;
    const struct id *pairs;
    size_t n;
};
int store_duplicates_split(struct store_tx *tx, const struct store_duplicate_split *split, struct err *err);
/* Opens again what splitting off the record from the contact's cluster decided; *ret_pairs: struct id. */
int store_duplicates_rejoin(struct store_tx *tx, const struct id *contact, const struct id *record, struct arena *arena,
                            struct json_list *ret_pairs, struct err *err);
/* Notes, or changes, what a person decided (decided, why, decided_by) over pair->version. ERR_STALE, ERR_NOT_FOUND. */
int store_duplicate_decide(struct store_tx *tx, const struct store_duplicate *pair, struct err *err);

#endif
