/* See postings.h. */
#include "store/match/postings.h"

#include <stdlib.h>

enum { VARINT_MOST = 10, VARINT_BITS = 7, VARINT_MORE = 0x80 };

int64_t store_posting_key(int64_t match_key)
{
    return (int64_t)((uint64_t)match_key >> (64 - STORE_POSTING_KEY_BITS));
}

int store_number_order(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

size_t store_numbers_settle(int64_t *numbers, size_t n)
{
    size_t kept = 0;
    if (n > 1)
        qsort(numbers, n, sizeof *numbers, store_number_order);
    for (size_t i = 0; i < n; i++)
        if (kept == 0 || numbers[i] != numbers[kept - 1])
            numbers[kept++] = numbers[i];
    return kept;
}

static int in_order(const void *a, const void *b)
{
    const struct store_posting *left = a, *right = b;
    int order = store_number_order(&left->key, &right->key);
    return order ? order : store_number_order(&left->number, &right->number);
}

size_t store_postings_sort(struct store_posting *postings, size_t n)
{
    size_t kept = 0;
    if (n > 1)
        qsort(postings, n, sizeof *postings, in_order);
    for (size_t i = 0; i < n; i++)
        if (kept == 0 || in_order(&postings[i], &postings[kept - 1]) != 0)
            postings[kept++] = postings[i];
    return kept;
}

/* The first that is not before (key, number). */
static size_t place_of(const struct store_posting *sorted, size_t n, int64_t key)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (sorted[middle].key < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct store_posting *store_postings_of(const struct store_posting *sorted, size_t n, int64_t key, size_t *ret_n)
{
    size_t first = place_of(sorted, n, key);
    *ret_n = place_of(sorted + first, n - first, key + 1);
    return sorted + first;
}

bool store_postings_have(const struct store_posting *sorted, size_t n, const struct store_posting *posting)
{
    return n > 0 && bsearch(posting, sorted, n, sizeof *posting, in_order);
}

/* How many at the beginning have one key; counting stops at `most`. */
static size_t alike(const struct store_posting *sorted, size_t n, size_t most)
{
    size_t same = 1;
    while (same < n && same < most && sorted[same].key == sorted[0].key)
        same++;
    return same;
}

size_t store_page_take(const struct store_posting *sorted, size_t n)
{
    size_t taken = alike(sorted, n, STORE_PAGE_SINGLE);
    if (taken > STORE_PAGE_MIXED)
        return taken;
    while (taken < n) {
        size_t next = alike(sorted + taken, n - taken, STORE_PAGE_MIXED);
        if (taken + next > STORE_PAGE_MIXED)
            break;
        taken += next;
    }
    return taken;
}

static void add_varint(struct strbuf *out, int64_t value)
{
    char bytes[VARINT_MOST];
    size_t n = 0;
    uint64_t rest = (uint64_t)value;
    for (; rest >= VARINT_MORE; rest >>= VARINT_BITS)
        bytes[n++] = (char)(rest | VARINT_MORE);
    bytes[n++] = (char)rest;
    strbuf_add(out, (struct str){bytes, n});
}

struct str store_page_pack(const struct store_posting *sorted, size_t n, struct arena *arena)
{
    struct strbuf out = {.arena = arena};
    struct store_posting before = {0, 0};
    for (size_t i = 0; i < n; i++) {
        add_varint(&out, sorted[i].key - before.key);
        add_varint(&out, i && sorted[i].key == before.key ? sorted[i].number - before.number : sorted[i].number);
        before = sorted[i];
    }
    return strbuf_str(&out);
}

static bool read_varint(struct str page, size_t *at, int64_t *ret_value)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 63 && *at < page.n; shift += VARINT_BITS) {
        unsigned char byte = (unsigned char)page.p[(*at)++];
        value |= (uint64_t)(byte & (VARINT_MORE - 1)) << shift;
        if (!(byte & VARINT_MORE)) {
            *ret_value = (int64_t)value;
            return true;
        }
    }
    return false;
}

int store_page_open(struct str page, struct store_posting *ret_postings, size_t *ret_n, struct err *err)
{
    struct store_posting before = {0, 0};
    size_t n = 0;
    for (size_t at = 0; at < page.n; n++) {
        int64_t key, number;
        if (n == STORE_PAGE_SINGLE || !read_varint(page, &at, &key) || !read_varint(page, &at, &number) ||
            key > INT64_MAX - before.key || number > INT64_MAX - before.number)
            return err_set(err, ERR_INTERNAL, "a page of the match index");
        struct store_posting now = {before.key + key, n && key == 0 ? before.number + number : number};
        ret_postings[n] = before = now;
    }
    *ret_n = n;
    return 0;
}

/* ---- Lists ---- */

void store_postings_free(struct store_postings *list)
{
    free(list->items);
    *list = (struct store_postings){.n = 0};
}

static void make_room(struct store_postings *list, size_t more)
{
    if (list->n + more <= list->room)
        return;
    list->room = (list->n + more) * 2;
    list->items = realloc(list->items, list->room * sizeof *list->items);
    if (!list->items)
        abort(); /* as arena_alloc() does */
}

void store_postings_add(struct store_postings *list, struct store_posting posting)
{
    make_room(list, 1);
    list->items[list->n++] = posting;
}

int store_postings_add_page(struct store_postings *list, struct str page, struct err *err)
{
    size_t n;
    make_room(list, STORE_PAGE_SINGLE);
    if (store_page_open(page, list->items + list->n, &n, err) < 0)
        return -1;
    list->n += n;
    return 0;
}
