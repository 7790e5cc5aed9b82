/* Pages of the match index: what goes in comes out, a key lies on one page or on pages of its own, other bytes are
 * refused. */
#include "store/match/postings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

enum { ARENA = 16 * 1024 * 1024, MOST = 4000 };

static uint64_t dice(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    return *seed ^= *seed << 17;
}

/* Postings of which some keys are carried by many. */
static size_t postings_make(struct store_posting *postings, size_t n, uint64_t seed)
{
    uint64_t keys = dice(&seed) % n + 1;
    for (size_t i = 0; i < n; i++) {
        uint64_t key = dice(&seed) % keys;
        key = dice(&seed) % 4 == 0 ? 3 : key; /* the common one */
        postings[i] = (struct store_posting){store_posting_key((int64_t)(key * 0x9e3779b97f4a7c15u)),
                                             (int64_t)(dice(&seed) % (1 << 28) + 1)};
    }
    return store_postings_sort(postings, n);
}

static void pages_give_back_what_was_packed(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 300; seed++) {
        struct arena *arena = arena_new(ARENA);
        struct store_posting *postings = arena_array(arena, MOST, sizeof *postings), back[STORE_PAGE_SINGLE];
        struct err err;
        size_t n = postings_make(postings, seed * 13, seed), taken = 0;
        int64_t last_key = -1;
        bool last_single = false;
        while (taken < n) {
            size_t take = store_page_take(postings + taken, n - taken), got;
            bool single = postings[taken].key == postings[taken + take - 1].key;
            assert_in_range(take, 1, single ? STORE_PAGE_SINGLE : STORE_PAGE_MIXED);
            /* A key goes on only from a page that is full of it. */
            assert_true(postings[taken].key != last_key || last_single);
            struct str page = store_page_pack(postings + taken, take, arena);
            assert_int_equal(store_page_open(page, back, &got, &err), 0);
            assert_int_equal(got, take);
            assert_memory_equal(back, postings + taken, take * sizeof *back);
            taken += take;
            last_key = postings[taken - 1].key;
            last_single = single && take == STORE_PAGE_SINGLE;
        }
        arena_free(arena);
    }
}

static void sorted_postings_are_found_by_key(void **state)
{
    (void)state;
    struct store_posting postings[] = {{9, 1}, {3, 7}, {3, 2}, {9, 1}, {3, 7}, {12, 4}};
    size_t n = store_postings_sort(postings, 6), found;
    assert_int_equal(n, 4);
    const struct store_posting *first = store_postings_of(postings, n, 3, &found);
    assert_int_equal(found, 2);
    assert_int_equal(first[0].number, 2);
    assert_int_equal(first[1].number, 7);
    (void)store_postings_of(postings, n, 4, &found);
    assert_int_equal(found, 0);
    (void)store_postings_of(postings, n, 12, &found);
    assert_int_equal(found, 1);
}

static void keys_keep_their_upper_bits(void **state)
{
    (void)state;
    assert_int_equal(store_posting_key(-1), (INT64_C(1) << STORE_POSTING_KEY_BITS) - 1);
    assert_int_equal(store_posting_key(0xffff), 0);
    assert_int_equal(store_posting_key(0x12345), 1);
}

static void other_bytes_are_no_page(void **state)
{
    (void)state;
    static const char *const pages[] = {"\x80", "\x01", "\x01\x80", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
                                        "\xff\xff\xff\xff\xff\xff\xff\xff\x7f\x01\x01\x01"};
    struct store_posting back[STORE_PAGE_SINGLE];
    struct err err;
    size_t n;
    for (size_t i = 0; i < ARRAY_LEN(pages); i++) {
        assert_int_equal(store_page_open(str_c(pages[i]), back, &n, &err), -1);
        assert_int_equal(err.code, ERR_INTERNAL);
    }
    char many[(STORE_PAGE_SINGLE + 1) * 2];
    memset(many, 1, sizeof many);
    assert_int_equal(store_page_open((struct str){many, sizeof many - 2}, back, &n, &err), 0);
    assert_int_equal(store_page_open((struct str){many, sizeof many}, back, &n, &err), -1);
    assert_int_equal(store_page_open(STR(""), back, &n, &err), 0);
    assert_int_equal(n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_give_back_what_was_packed),
        cmocka_unit_test(sorted_postings_are_found_by_key),
        cmocka_unit_test(keys_keep_their_upper_bits),
        cmocka_unit_test(other_bytes_are_no_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
