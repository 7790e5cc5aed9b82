/* index_bench VERB …: the index of match keys at size, on the store's and the flow's own functions. By hand; it needs
 * KARTEI_TEST_DB and KARTEI_TEST_DIR (as tests/db does) and KARTEI_WORDS (tools/generate/words).
 *
 *   new                                   an organisation with a connection; prints "ORG CONNECTION"
 *   fill ORG CONN PEOPLE FIRST COUNT BATCH    upserts people [FIRST, FIRST+COUNT), BATCH a transaction
 *   write ORG CONN PEOPLE FIRST SECONDS RATE  upserts RATE a second, each in a transaction of its own
 *   tend ORG CONN SECONDS                 keeps the index in few runs, as the worker's job does; 0 s: until all is done
 *   ask ORG CONN PEOPLE QUERIES KNOWN [ASKED] finds slipped names again, of the first ASKED people; KNOWN: card (name,
 *                                         company, place), name (nothing else), full
 *   names PEOPLE FIRST COUNT              "number<TAB>given family, company", for an index of trigrams
 *   slips PEOPLE QUERIES [ASKED]          the same, slipped */
#include "base/clock.h"
#include "base/limits.h"
#include "flow/rules/near.h"
#include "store/candidate.h"
#include "store/connection.h"
#include "store/match/index.h"
#include "store/match/merge.h"
#include "store/people.h"
#include "store/record.h"
#include "tests/bench/crowd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { BATCH_MOST = 1000, FOUND_WITHIN = 20 };

struct bench {
    struct store *store;
    struct arena *arena; /* of the whole run */
    struct crowd *crowd;
    struct id org, connection;
    uint64_t people, asked; /* how many there are to be; the first so many are asked for */
};

static void must(int r, const struct err *err, const char *what)
{
    if (r == 0)
        return;
    (void)fprintf(stderr, "index_bench: %s: %s %s %s\n", what, err_slug(err->code), err->param, err->detail);
    exit(1);
}

static const char *env(const char *name)
{
    const char *value = getenv(name);
    if (!value) {
        (void)fprintf(stderr, "index_bench: %s is not set\n", name);
        exit(2);
    }
    return value;
}

static int64_t number(const char *text)
{
    int64_t value;
    if (!str_to_int(str_c(text), 0, INT64_MAX, &value)) {
        (void)fprintf(stderr, "index_bench: no number: %s\n", text);
        exit(2);
    }
    return value;
}

static double seconds(clockid_t clock)
{
    struct timespec now;
    (void)clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void bench_crowd(struct bench *bench, const char *people)
{
    bench->people = bench->asked = (uint64_t)number(people);
    bench->crowd = crowd_new(env("KARTEI_WORDS"), bench->people, bench->arena);
    if (!bench->crowd) {
        (void)fputs("index_bench: a word list is missing\n", stderr);
        exit(1);
    }
}

static void bench_store(struct bench *bench)
{
    struct err err;
    const char *dir = env("KARTEI_TEST_DIR");
    struct store_settings settings = {.conninfo = env("KARTEI_TEST_DB"),
                                      .master_key = str_printf(bench->arena, "%s/master.key", dir).p,
                                      .blob_dir = str_printf(bench->arena, "%s/blobs", dir).p,
                                      .connections = 4};
    must(store_open(&settings, &bench->store, &err), &err, "open");
}

static void bench_new(struct bench *bench)
{
    struct store_tx *tx;
    struct err err;
    struct store_connection connection = {.kind = STR("carddav"), .name = STR("Bench"), .settings = STR("{}")};
    must(store_org_create(bench->store, STR("Bench"), &bench->org, &err), &err, "organisation");
    must(store_begin(bench->store, &bench->org, &tx, &err), &err, "begin");
    must(store_connection_add(tx, &connection, &bench->connection, &err), &err, "connection");
    must(store_commit(&tx, &err), &err, "commit");
    (void)printf("%s %s\n", bench->org.s, bench->connection.s);
}

/* People [first, first + n) as a connector would hand them over, with their keys, in one transaction. */
static void put_people(struct bench *bench, uint64_t first, size_t n)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct store_tx *tx;
    struct err err;
    struct store_record *records = arena_array(arena, n, sizeof *records);
    struct flow_keys *keys = arena_array(arena, n, sizeof *keys);
    struct store_match_set *sets = arena_array(arena, n, sizeof *sets);
    struct id *ids = arena_array(arena, n, sizeof *ids);
    must(store_begin(bench->store, &bench->org, &tx, &err), &err, "begin");
    for (size_t i = 0; i < n; i++) {
        records[i] = (struct store_record){.connection = bench->connection,
                                           .remote_id = str_printf(arena, "%llu", (unsigned long long)(first + i)),
                                           .remote_version = STR("1"),
                                           .kind = STR("person")};
        crowd_person(bench->crowd, first + i, arena, &records[i].contact);
        must(flow_keys_of(tx, &records[i].contact, &keys[i], &err), &err, "keys");
    }
    must(store_record_put_many(tx, records, n, ids, &err), &err, "records");
    for (size_t i = 0; i < n; i++)
        sets[i] = (struct store_match_set){ids[i], keys[i].hash, keys[i].n};
    must(store_match_sets_put(tx, STORE_RECORD, sets, n, &err), &err, "sets");
    must(store_commit(&tx, &err), &err, "commit");
}

static void bench_fill(struct bench *bench, uint64_t first, uint64_t count, size_t batch)
{
    double began = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    for (uint64_t done = 0; done < count; done += batch)
        put_people(bench, first + done, count - done < batch ? count - done : batch);
    double took = seconds(CLOCK_MONOTONIC) - began;
    (void)printf("fill %llu records, batch %zu: %.1f s, %.0f records/s, %.1f CPU s here\n", (unsigned long long)count,
                 batch, took, (double)count / took, seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu);
}

static void bench_write(struct bench *bench, uint64_t first, double length, double rate)
{
    double began = seconds(CLOCK_MONOTONIC), now = began;
    uint64_t done = 0;
    while (now - began < length) {
        double ahead = began + (double)done / rate - now;
        if (ahead > 0)
            (void)usleep((useconds_t)(ahead * 1e6));
        put_people(bench, first + done++, 1);
        now = seconds(CLOCK_MONOTONIC);
    }
    (void)printf("write %llu records in %.1f s: %.0f records/s\n", (unsigned long long)done, now - began,
                 (double)done / (now - began));
}

static void bench_tend(struct bench *bench, double length)
{
    double began = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    bool more = true;
    struct err err;
    while (more || seconds(CLOCK_MONOTONIC) - began < length) {
        _cleanup_(store_tending_freep) struct store_tending *tending =
            store_tending_new(bench->store, &bench->org, STORE_TEND_PAGES);
        for (more = true; more;)
            must(store_tend(tending, &more, &err), &err, "tend");
        if (seconds(CLOCK_MONOTONIC) - began < length)
            (void)usleep(200 * 1000);
    }
    (void)printf("tend %.1f s, %.1f CPU s here\n", seconds(CLOCK_MONOTONIC) - began,
                 seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu);
}

static uint64_t asked_person(uint64_t query, uint64_t asked)
{
    return crowd_dice(query + 77) % asked;
}

/* The card of somebody we have, its name with a slip (a quarter: two) and, beside "full", no mail and no number. */
static struct contact card_of(const struct bench *bench, uint64_t query, struct str known, struct arena *arena)
{
    struct contact card;
    crowd_person(bench->crowd, asked_person(query, bench->asked), arena, &card);
    crowd_slip(&card, crowd_dice(query) % 4 == 0 ? 2 : 1, query, arena);
    if (!str_eq(known, STR("full")))
        card.emails = card.phones = (struct json_list){NULL, 0};
    if (str_eq(known, STR("name"))) {
        card.addresses = (struct json_list){NULL, 0};
        card.organization = STR_NONE;
    }
    return card;
}

static bool ask_once(struct bench *bench, uint64_t query, struct str known, double *ret_ms)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct contact card = card_of(bench, query, known, arena);
    struct str wanted = str_printf(arena, "%llu", (unsigned long long)asked_person(query, bench->asked));
    struct flow_keys keys;
    struct json_list found;
    struct store_record record;
    struct err err;
    must(store_begin(bench->store, &bench->org, &tx, &err), &err, "begin");
    double began = seconds(CLOCK_MONOTONIC);
    must(flow_keys_of(tx, &card, &keys, &err), &err, "keys");
    struct flow_near near = {dedupe_model_default(), &card, &keys};
    must(flow_near_records(tx, &near, arena, &found, &err), &err, "near");
    *ret_ms = (seconds(CLOCK_MONOTONIC) - began) * 1e3;
    must(store_record_find(tx, &bench->connection, wanted, arena, &record, &err), &err, "record");
    for (size_t i = 0; i < found.n && i < FOUND_WITHIN; i++)
        if (id_eq(&((const struct store_candidate *)found.items + i)->record, &record.id))
            return true;
    return false;
}

static int smaller_first(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

/* Each is asked three times, the least counts: what the machine does beside us is not the index's. */
static void bench_ask(struct bench *bench, size_t queries, struct str known)
{
    double *ms = arena_array(bench->arena, queries, sizeof *ms);
    size_t hits = 0;
    double cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    for (size_t q = 0; q < queries; q++) {
        bool hit = ask_once(bench, q, known, &ms[q]);
        hits += hit;
        for (int again = 0; again < 2; again++) {
            double once;
            (void)ask_once(bench, q, known, &once);
            ms[q] = once < ms[q] ? once : ms[q];
        }
    }
    qsort(ms, queries, sizeof *ms, smaller_first);
    (void)printf("ask %zu, %.*s: recall@%d %.3f, p50 %.2f ms, p99 %.2f ms, %.2f ms CPU here each\n", queries,
                 STR_ARG(known), FOUND_WITHIN, (double)hits / (double)queries, ms[queries / 2], ms[queries * 99 / 100],
                 (seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu) * 1e3 / 3 / (double)queries);
}

static void print_name(const struct contact *contact, uint64_t i)
{
    (void)printf("%llu\t%.*s %.*s, %.*s\n", (unsigned long long)i, STR_ARG(contact->given_name),
                 STR_ARG(contact->family_name), STR_ARG(contact->organization));
}

static void bench_names(struct bench *bench, uint64_t first, uint64_t count)
{
    for (uint64_t i = first; i < first + count; i++) {
        _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
        struct contact person;
        crowd_person(bench->crowd, i, arena, &person);
        print_name(&person, i);
    }
}

static void bench_slips(struct bench *bench, size_t queries)
{
    for (uint64_t q = 0; q < queries; q++) {
        struct contact card = card_of(bench, q, STR("card"), bench->arena);
        print_name(&card, asked_person(q, bench->asked));
    }
}

static int run(struct bench *bench, int argc, char **argv)
{
    struct str verb = str_c(argv[1]);
    if (str_eq(verb, STR("names")) || str_eq(verb, STR("slips"))) {
        bench_crowd(bench, argv[2]);
        if (str_eq(verb, STR("slips")) && argc == 5)
            bench->asked = (uint64_t)number(argv[4]);
        if (str_eq(verb, STR("names")) && argc == 5)
            bench_names(bench, (uint64_t)number(argv[3]), (uint64_t)number(argv[4]));
        else
            bench_slips(bench, (size_t)number(argv[3]));
        return 0;
    }
    bench_store(bench);
    if (str_eq(verb, STR("new"))) {
        bench_new(bench);
        return 0;
    }
    if (argc == 5 && str_eq(verb, STR("tend")) && id_parse(str_c(argv[2]), &bench->org)) {
        bench_tend(bench, (double)number(argv[4]));
        return 0;
    }
    if (argc < 7 || !id_parse(str_c(argv[2]), &bench->org) || !id_parse(str_c(argv[3]), &bench->connection))
        return 2;
    bench_crowd(bench, argv[4]);
    if (str_eq(verb, STR("fill")) && argc == 8) {
        size_t batch = (size_t)number(argv[7]);
        bench_fill(bench, (uint64_t)number(argv[5]), (uint64_t)number(argv[6]),
                   batch < BATCH_MOST ? batch : BATCH_MOST);
    } else if (str_eq(verb, STR("write")) && argc == 8) {
        bench_write(bench, (uint64_t)number(argv[5]), (double)number(argv[6]), (double)number(argv[7]));
    } else if (str_eq(verb, STR("ask"))) {
        bench->asked = argc == 8 ? (uint64_t)number(argv[7]) : bench->asked;
        bench_ask(bench, (size_t)number(argv[5]), str_c(argv[6]));
    } else {
        return 2;
    }
    return 0;
}

int main(int argc, char **argv)
{
    struct bench bench = {.arena = arena_new((size_t)LIMIT_ARENA_REQUEST * 8)};
    int r = argc < 2 || argc == 3 ? 2 : run(&bench, argc, argv);
    if (r == 2)
        (void)fputs("index_bench VERB …: see the head of index_bench.c\n", stderr);
    store_close(bench.store);
    arena_free(bench.arena);
    return r;
}
