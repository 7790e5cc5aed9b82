/* Postings of the match index: pairs of a match key and the number of a subject, sorted, packed into pages of a few
 * hundred. Pure; inside of store/ only. */
#ifndef STORE_MATCH_POSTINGS_H
#define STORE_MATCH_POSTINGS_H

#include "base/err.h"

enum {
    STORE_POSTING_KEY_BITS = 48, /* of a match key's 64: among 320 million postings one in a million meets a stranger */
    STORE_PAGE_MIXED = 128,      /* postings of a page of several keys */
    STORE_PAGE_SINGLE = 512,     /* of one whose postings are all of one key */
};

struct store_posting {
    int64_t key, number; /* key < 2^48; number > 0, of a subject */
};

/* A list that grows, outside of any arena. For `_cleanup_(store_postings_free) struct store_postings list = {0};` */
struct store_postings {
    struct store_posting *items;
    size_t n, room;
};
void store_postings_free(struct store_postings *list);
void store_postings_add(struct store_postings *list, struct store_posting posting);
/* Adds all of a page. ERR_INTERNAL: these are no page's bytes. */
int store_postings_add_page(struct store_postings *list, struct str page, struct err *err);

/* The order of int64_t, and of structs that begin with one, for qsort() and bsearch(). */
int store_number_order(const void *a, const void *b);
/* Sorts numbers; repeats go. Returns how many stay. */
size_t store_numbers_settle(int64_t *numbers, size_t n);

/* The part of a match key that is kept. */
int64_t store_posting_key(int64_t match_key);
/* Sorts by key, then number; repeats go. Returns how many stay. */
size_t store_postings_sort(struct store_posting *postings, size_t n);
/* Where in sorted postings those of a key begin; *ret_n: how many there are. */
const struct store_posting *store_postings_of(const struct store_posting *sorted, size_t n, int64_t key, size_t *ret_n);
bool store_postings_have(const struct store_posting *sorted, size_t n, const struct store_posting *posting);

/* How many of the sorted postings make the next page, 1..STORE_PAGE_SINGLE: a key lies on one page, unless it has more
 * than STORE_PAGE_MIXED postings: then it has pages of its own. */
size_t store_page_take(const struct store_posting *sorted, size_t n);
/* A page's bytes: for each posting the difference of its key to the one before, then its number (of equal keys: the
 * difference), as LEB128 (DWARF 5 section 7.6). */
struct str store_page_pack(const struct store_posting *sorted, size_t n, struct arena *arena);
/* The postings of a page (room for STORE_PAGE_SINGLE). ERR_INTERNAL: these are no page's bytes. */
int store_page_open(struct str page, struct store_posting *ret_postings, size_t *ret_n, struct err *err);

#endif
