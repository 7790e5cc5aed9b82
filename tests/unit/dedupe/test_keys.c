/* Match keys: who meets whom, and what a search finds. */
#include "tests/unit/dedupe/people.h"
#include "tests/unit/unit.h"

#include "dedupe/block/block.h"
#include "dedupe/block/pairs.h"

#include <string.h>

static struct dedupe_keys keys_of(const struct person *person, struct arena *arena)
{
    struct dedupe_keys keys;
    dedupe_keys(person_record(person, arena), arena, &keys);
    return keys;
}

static bool has(const struct dedupe_keys *keys, struct str text, unsigned use)
{
    for (size_t i = 0; i < keys->n; i++) {
        if ((keys->key[i].use & use) && str_eq(keys->key[i].text, text))
            return true;
    }
    return false;
}

static bool meet(const struct person *a, const struct person *b, struct arena *arena)
{
    struct dedupe_keys left = keys_of(a, arena), right = keys_of(b, arena);
    for (size_t i = 0; i < left.n; i++) {
        if ((left.key[i].use & DEDUPE_FOR_MATCH) && has(&right, left.key[i].text, DEDUPE_FOR_MATCH))
            return true;
    }
    return false;
}

static bool found(const char *query, const struct person *person, struct arena *arena)
{
    struct dedupe_keys wanted, there = keys_of(person, arena);
    dedupe_query_keys(str_c(query), arena, &wanted);
    for (size_t i = 0; i < wanted.n; i++) {
        if (!has(&there, wanted.key[i].text, DEDUPE_FOR_SEARCH))
            return false;
    }
    return wanted.n > 0;
}

static const struct person anna = {
    "Anna", "Schmidt-Lehmann", "Muster Maschinenbau GmbH", "anna.schmidt@muster.de", "+4993112345678", "+491711234567"};

static void damaged_copies_share_a_key(void **state)
{
    struct arena *arena = *state;
    static const struct person rows[][2] = {
        {{"Anna", "Hofstetter"}, {"Anna", "Hofsteter"}},
        {{"Anna", "Hofstetter"}, {"Anan", "Hofstetter"}},
        {{"Anna", "Hofstetter"}, {"Hofstetter", "Anna"}},
        {{"Stephan", "Meyer"}, {"Stefan", "Maier"}},
        {{"Anna", "Müller"}, {"Anna", "Muller"}},
        {{"A.", "Vogel", .mail = "vogel@muster.de"}, {"Anna", "Vogel", .url = "www.muster.de"}},
        {{"Anna", "Vogel", .company = "Muster GmbH"}, {"Anna", "Kaiser", .company = "Muster"}},
        {{"Anna", "Vogel", .mobile = "+491711234567"}, {"Anja", "Kaiser", .mobile = "+491711234567"}},
        {{"Anna", "Vogel", .mail = "anna.vogel@muster.de"}, {"X", "Y", .mail = "anna_vogel@gmx.de"}},
        {{.company = "Muster GmbH"}, {.company = "MUSTER"}},
        {{"Anna", "Vogel", .birth = "1971-06-24"}, {"Ana", "Fogel", .birth = "1971-06-25"}},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (!meet(&rows[i][0], &rows[i][1], arena))
            print_message("row %zu shares no key\n", i);
        assert_true(meet(&rows[i][0], &rows[i][1], arena));
    }
}

static void what_many_share_is_no_key(void **state)
{
    struct arena *arena = *state;
    static const struct person a = {"Anna", "Vogel", "Muster", "info@muster.de", "+49931123450"};
    static const struct person b = {"Bernd", "Kaiser", "Muster", "info@muster.de", "+49931123450"};
    assert_false(meet(&a, &b, arena));
}

static void keys_are_few_and_different(void **state)
{
    struct arena *arena = *state;
    static const struct person long_one = {"Maximiliane Elisabeth Theresia",
                                           "Hohenlohe-Unterholzinger-Schwarzenberg",
                                           "Eins Zwei Drei Vier Fünf Sechs AG",
                                           "maximiliane.hohenlohe@eins.de",
                                           "+4993112345678",
                                           "+491711234567",
                                           "Hauptstr. 5",
                                           "97076",
                                           "Würzburg",
                                           "1971-06-24",
                                           .url = "https://www.zwei.de"};
    struct dedupe_keys keys = keys_of(&long_one, arena);
    assert_true(keys.n <= DEDUPE_KEYS_MAX);
    for (size_t i = 0; i < keys.n; i++) {
        assert_true(keys.key[i].use != 0);
        for (size_t j = 0; j < i; j++)
            assert_false(str_eq(keys.key[i].text, keys.key[j].text));
    }
    assert_true(found("sechs", &long_one, arena)); /* search keys are not crowded out */
    static const struct person nobody = {0};
    assert_int_equal(keys_of(&nobody, arena).n, 0);
}

static void people_are_found_by_what_is_typed(void **state)
{
    struct arena *arena = *state;
    static const char *const hits[] = {"schmidt",
                                       "Lehmann",
                                       "SCHMIDT-LEHMANN",
                                       "anna schmidt",
                                       "maschinenbau",
                                       "Muster GmbH",
                                       "anna.schmidt@muster.de",
                                       "Anna.Schmidt@MUSTER.de",
                                       "0931/12345678",
                                       "+49 931 12345678",
                                       "01711234567",
                                       "@muster.de",
                                       "muster.de",
                                       "schmidt muster",
                                       " Schmidt "};
    static const char *const misses[] = {"meier", "anna meier", "bernd@muster.de", "0931/999999999", "other.de", "",
                                         " ",     "-",          "schmid"};
    for (size_t i = 0; i < ARRAY_LEN(hits); i++) {
        if (!found(hits[i], &anna, arena))
            print_message("not found: %s\n", hits[i]);
        assert_true(found(hits[i], &anna, arena));
    }
    for (size_t i = 0; i < ARRAY_LEN(misses); i++)
        assert_false(found(misses[i], &anna, arena));
    static const struct person office = {.company = "Muster", .mail = "info@muster.de"};
    assert_true(found("info@muster.de", &office, arena));
}

/* Texts are stored as hashes: a change here needs a migration, so it must not happen unseen. */
static void key_texts_are_pinned(void **state)
{
    struct arena *arena = *state;
    static const char *const want[] = {
        "e|annaschmidt@muster.de", "l|annaschmidt",  "p|491711234567", "p|4993112345678", "n|anna+schmidtlehmann",
        "fd|schmidt+muster.de",    "gc|anna+muster", "w|lehmann",      "t|2345678",       "d|muster.de",
        "nt|schmidtlehmann+anna"};
    struct dedupe_keys keys = keys_of(&anna, arena);
    for (size_t i = 0; i < ARRAY_LEN(want); i++) {
        if (!has(&keys, str_c(want[i]), DEDUPE_FOR_MATCH | DEDUPE_FOR_SEARCH))
            print_message("missing: %s\n", want[i]);
        assert_true(has(&keys, str_c(want[i]), DEDUPE_FOR_MATCH | DEDUPE_FOR_SEARCH));
    }
}

/* All pairs of a stock, in order. */
struct met {
    struct dedupe_pair pair[32];
    size_t n;
};

static void keep(void *self, unsigned thread, size_t range, const struct dedupe_pair *pairs, size_t n)
{
    struct met *met = self;
    (void)thread;
    (void)range;
    for (size_t i = 0; i < n; i++)
        met->pair[met->n++] = pairs[i];
}

static struct met block(const struct dedupe_record *const *records, size_t n, size_t border)
{
    struct met met = {.n = 0};
    struct dedupe_blocked blocked;
    const struct dedupe_stock stock = {records, n, border};
    dedupe_block(&(struct dedupe_blocking){.stock = &stock, .threads = 1, .parts = 1, .self = &met, .give = keep},
                 &blocked);
    assert_int_equal(met.n, blocked.pairs);
    return met;
}

static void blocking_pairs_a_stock(void **state)
{
    struct arena *arena = *state;
    static const struct person stock[] = {
        {"Anna", "Hofstetter"}, {"Bernd", "Kaiser"}, {"Anna", "Hofsteter"}, {"Bernd", "Kaiser"}, {"Clara", "Vogel"}};
    const struct dedupe_record *records[ARRAY_LEN(stock)];
    for (size_t i = 0; i < ARRAY_LEN(stock); i++)
        records[i] = person_record(&stock[i], arena);
    struct met pairs = block(records, ARRAY_LEN(stock), 0);
    assert_int_equal(pairs.n, 2);
    assert_int_equal(pairs.pair[0].left, 0);
    assert_int_equal(pairs.pair[0].right, 2);
    assert_int_equal(pairs.pair[1].left, 1);
    assert_int_equal(pairs.pair[1].right, 3);
    assert_int_equal(block(records, ARRAY_LEN(stock), 3).n, 1);
    assert_int_equal(block(records, 0, 0).n, 0);
}

static void leave(void *self, unsigned thread, size_t range, const struct dedupe_pair *pairs, size_t n)
{
    (void)self;
    (void)thread;
    (void)range;
    (void)pairs;
    (void)n;
}

/* A thousand people of one name: each still meets its neighbours, and the pairs stay few. */
static void a_big_block_is_walked_not_dropped(void **state)
{
    struct arena *arena = *state;
    enum { MANY = 1000 };
    static const struct person one = {"Thomas", "Müller"};
    const struct dedupe_record **records = arena_array(arena, MANY, sizeof *records);
    for (size_t i = 0; i < MANY; i++)
        records[i] = person_record(&one, arena);
    const struct dedupe_stock stock = {records, MANY, 0};
    struct dedupe_blocked blocked;
    dedupe_block(&(struct dedupe_blocking){.stock = &stock, .threads = 2, .parts = 1, .give = leave}, &blocked);
    assert_true(blocked.big_blocks > 0);
    assert_true(blocked.pairs >= MANY - 1 && blocked.pairs < (size_t)MANY * 20);
}

enum { CROWD = 500, MOST = 200000, HANDS = 3 };

struct many_met {
    uint64_t *pair;
    size_t n;
};

static void take_many(void *self, unsigned thread, size_t range, const struct dedupe_pair *pairs, size_t n)
{
    struct many_met *met = (struct many_met *)self + thread;
    (void)range;
    assert_true(met->n + n <= MOST);
    for (size_t i = 0; i < n; i++)
        met->pair[met->n++] = (uint64_t)pairs[i].left << 32 | pairs[i].right;
}

/* The pairs of `parts` runs by `threads` threads. */
static struct many_met crowd_meets(const struct dedupe_stock *stock, unsigned threads, unsigned parts,
                                   struct arena *arena)
{
    struct many_met met[HANDS], all = {arena_array(arena, (size_t)HANDS * MOST, sizeof(uint64_t)), 0};
    struct dedupe_blocked blocked;
    for (size_t t = 0; t < HANDS; t++)
        met[t] = (struct many_met){arena_array(arena, MOST, sizeof(uint64_t)), 0};
    for (unsigned part = 0; part < parts; part++)
        dedupe_block(&(struct dedupe_blocking){stock, threads, part, parts, met, take_many}, &blocked);
    for (size_t t = 0; t < HANDS; t++) {
        memcpy(all.pair + all.n, met[t].pair, met[t].n * sizeof(uint64_t));
        all.n += met[t].n;
    }
    all.n = dedupe_pairs_settle(all.pair, all.n, 64);
    return all;
}

static void threads_and_parts_change_no_pair(void **state)
{
    struct arena *arena = *state;
    static const char *const given[] = {"Anna", "Anne", "Bernd", "Bert", "Clara", "Klara", "Thomas"};
    static const char *const family[] = {"Vogel", "Fogel", "Hofstetter",     "Hofsteter", "Kaiser", "Mayer",
                                         "Maier", "Hofer", "Unterholzinger", "Lehmann",   "Lehman"};
    static const char *const company[] = {"Muster GmbH", "Alpha AG", "Omega KG"};
    const struct dedupe_record **records = arena_array(arena, CROWD, sizeof *records);
    uint32_t random = 3;
    for (size_t i = 0; i < CROWD; i++) {
        random = random * 1664525u + 1013904223u;
        struct person person = {given[random >> 8 & 63 & 6], family[(random >> 14 & 255) % 11],
                                company[(random >> 24) % 3]};
        records[i] = person_record(&person, arena);
    }
    const struct dedupe_stock stock = {records, CROWD, 0};
    struct many_met want = crowd_meets(&stock, 1, 1, arena);
    assert_true(want.n > CROWD);
    static const unsigned ways[][2] = {{2, 1}, {3, 7}, {1, 1024}};
    for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
        struct many_met got = crowd_meets(&stock, ways[i][0], ways[i][1], arena);
        assert_int_equal(got.n, want.n);
        assert_memory_equal(got.pair, want.pair, want.n * sizeof(uint64_t));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit_with_arena(damaged_copies_share_a_key),
        unit_with_arena(what_many_share_is_no_key),
        unit_with_arena(keys_are_few_and_different),
        unit_with_arena(people_are_found_by_what_is_typed),
        unit_with_arena(key_texts_are_pinned),
        unit_with_arena(blocking_pairs_a_stock),
        unit_with_arena(a_big_block_is_walked_not_dropped),
        unit_with_arena(threads_and_parts_change_no_pair),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
