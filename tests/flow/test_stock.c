/* Duplicates of a whole stock: those that were planted are found and no trap springs; decisions hold whatever comes
 * later; a worker that dies anywhere leaves what was there before; and many workers find it once. */
#include "flow/crm/book.h"
#include "flow/duplicates/cluster.h"
#include "flow/duplicates/search.h"
#include "services/worker/loop.h"
#include "store/match/duplicate.h"
#include "store/record.h"
#include "tests/flow/world.h"

#include <signal.h>
#include <unistd.h>

#define W(state) struct world *w = *(state)

enum { CROWD = 300, FIRST = 3000 };

/* Where a worker dies: in the n-th call, counted from 1; 0 = nowhere. */
static int die_reading, die_keeping, die_committing;

static void die(int *countdown)
{
    if (*countdown && --*countdown == 0)
        (void)kill(getpid(), SIGKILL);
}

int __real_store_commit(struct store_tx **tx, struct err *err);
int __wrap_store_commit(struct store_tx **tx, struct err *err);
int __real_store_record_list(struct store_tx *tx, const struct id *connection, const struct store_page *page,
                             struct arena *arena, struct json_list *ret_records, struct err *err);
int __wrap_store_record_list(struct store_tx *tx, const struct id *connection, const struct store_page *page,
                             struct arena *arena, struct json_list *ret_records, struct err *err);
int __real_store_duplicates_put(struct store_tx *tx, const struct store_duplicate *pairs, size_t n, struct err *err);
int __wrap_store_duplicates_put(struct store_tx *tx, const struct store_duplicate *pairs, size_t n, struct err *err);

int __wrap_store_commit(struct store_tx **tx, struct err *err)
{
    die(&die_committing);
    return __real_store_commit(tx, err);
}

int __wrap_store_record_list(struct store_tx *tx, const struct id *connection, const struct store_page *page,
                             struct arena *arena, struct json_list *ret_records, struct err *err)
{
    die(&die_reading);
    return __real_store_record_list(tx, connection, page, arena, ret_records, err);
}

int __wrap_store_duplicates_put(struct store_tx *tx, const struct store_duplicate *pairs, size_t n, struct err *err)
{
    die(&die_keeping);
    return __real_store_duplicates_put(tx, pairs, n, err);
}

/* ---- The stock ---- */

static struct id put(struct world *w, const char *remote, const char *kind, const struct contact *contact)
{
    struct store_tx *tx = NULL;
    struct id id;
    bool is_new;
    const struct store_record record = {
        .connection = w->fake, .remote_id = str_c(remote), .kind = str_c(kind), .contact = *contact};
    MUST(w, store_begin(w->store, &w->admin.org, &tx, &w->err));
    MUST(w, store_record_put(tx, &record, &id, &is_new, &w->err));
    MUST(w, store_commit(&tx, &w->err));
    return id;
}

static void bury(struct world *w, const char *remote)
{
    struct store_tx *tx = NULL;
    MUST(w, store_begin(w->store, &w->admin.org, &tx, &w->err));
    MUST(w, store_record_bury(tx, &w->fake, str_c(remote), &w->err));
    MUST(w, store_commit(&tx, &w->err));
}

/* Two of one person, three of another, and those who are not: father and son, two colleagues, a firm. */
struct planted {
    struct id twin[2], triple[3], father, son, colleague[2], firm;
};

static struct planted plant(struct world *w)
{
    struct planted planted;
    struct contact twin = world_person(w, FIRST + CROWD), triple = world_person(w, FIRST + CROWD + 1);
    struct contact father = world_person(w, FIRST + CROWD + 2), colleague = world_person(w, FIRST + CROWD + 3);
    planted.twin[0] = put(w, "twin-1", "person", &twin);
    twin.job_title = STR("Leitung");
    twin.phones = (struct json_list){NULL, 0};
    planted.twin[1] = put(w, "twin-2", "person", &twin);
    planted.triple[0] = put(w, "triple-1", "person", &triple);
    triple.job_title = STR_NONE;
    planted.triple[1] = put(w, "triple-2", "lead", &triple);
    triple.department = STR("Versand");
    planted.triple[2] = put(w, "triple-3", "person", &triple);
    father.emails = (struct json_list){NULL, 0};
    father.given_name = STR("Waldemar");
    planted.father = put(w, "father", "person", &father);
    father.given_name = STR("Konstantin");
    planted.son = put(w, "son", "person", &father);
    colleague.emails = (struct json_list){NULL, 0};
    colleague.given_name = STR("Theodora");
    planted.colleague[0] = put(w, "colleague-1", "person", &colleague);
    colleague.given_name = STR("Winfried");
    colleague.family_name = STR("Abendroth");
    planted.colleague[1] = put(w, "colleague-2", "person", &colleague);
    planted.firm = put(w, "firm", "company", &twin);
    return planted;
}

static struct planted planted;

static int setup(void **state)
{
    if (world_setup(state) != 0)
        return -1;
    W(state);
    for (int i = 0; i < CROWD; i++) {
        struct contact person = world_person(w, FIRST + i);
        (void)put(w, str_printf(w->arena, "crowd-%d", i).p, "person", &person);
    }
    planted = plant(w);
    return 0;
}

/* ---- Asking ---- */

static struct id ask(struct world *w)
{
    struct id job;
    MUST(w, flow_duplicates_search(&w->flow, &w->admin, &job, &w->err));
    return job;
}

static void search(struct world *w)
{
    struct id id = ask(w);
    struct flow_job job;
    (void)world_work(w);
    MUST(w, flow_job_get(&w->flow, &w->admin, id, w->arena, &job, &w->err));
    assert_string_equal(flow_job_words[job.state], "done");
}

static struct json_list groups(struct world *w, int decision)
{
    const struct flow_duplicate_query query = {.decision = decision, .band = -1, .page = {.limit = 100}};
    struct flow_list list;
    MUST(w, flow_duplicate_list(&w->flow, &w->admin, &query, w->arena, &list, &w->err));
    return list.items;
}

static bool has(const struct flow_duplicate_group *group, const struct id *record)
{
    const struct flow_duplicate_member *member = group->members.items;
    for (size_t i = 0; i < group->members.n; i++)
        if (str_eq(member[i].record_id, id_str(record)))
            return true;
    return false;
}

/* The group that holds both, or NULL. */
static const struct flow_duplicate_group *with(const struct json_list *list, const struct id *a, const struct id *b)
{
    const struct flow_duplicate_group *group = list->items;
    for (size_t i = 0; i < list->n; i++)
        if (has(&group[i], a) && has(&group[i], b))
            return &group[i];
    return NULL;
}

static const struct flow_duplicate *pair_in(const struct flow_duplicate_group *group, const struct id *a,
                                            const struct id *b)
{
    const struct flow_duplicate *pair = group->pairs.items;
    for (size_t i = 0; i < group->pairs.n; i++) {
        bool left = str_eq(pair[i].left_id, id_str(a)) || str_eq(pair[i].left_id, id_str(b));
        bool right = str_eq(pair[i].right_id, id_str(a)) || str_eq(pair[i].right_id, id_str(b));
        if (left && right)
            return &pair[i];
    }
    return NULL;
}

static struct flow_duplicate decide(struct world *w, const struct flow_duplicate *pair, bool same)
{
    const struct flow_duplicate_decide input = {
        .pair = world_id(pair->id), .version = pair->version, .decision = {.same = same, .reason = STR("gefragt")}};
    struct flow_duplicate after;
    MUST(w, flow_duplicate_decide(&w->flow, &w->admin, &input, w->arena, &after, &w->err));
    assert_int_equal(after.version, pair->version + 1);
    return after;
}

static bool together(struct world *w, int decision, const struct id *a, const struct id *b)
{
    struct json_list list = groups(w, decision);
    return with(&list, a, b) != NULL;
}

/* ---- Tests, in this order ---- */

static void planted_ones_are_found_and_no_trap_springs(void **state)
{
    W(state);
    assert_int_equal(groups(w, -1).n, 0);
    search(w);
    struct json_list list = groups(w, -1);
    const struct flow_duplicate_group *twins = with(&list, &planted.twin[0], &planted.twin[1]);
    const struct flow_duplicate_group *triple = with(&list, &planted.triple[0], &planted.triple[1]);
    assert_non_null(twins);
    assert_int_equal(twins->members.n, 2);
    const struct flow_duplicate *pair = twins->pairs.items;
    assert_int_equal(pair->band, FLOW_BAND_OBVIOUS);
    assert_true(pair->reasons.n > 0 && pair->why.rival >= 0 && pair->decided < 0);
    assert_non_null(triple);
    assert_int_equal(triple->members.n, 3);
    assert_int_equal(triple->pairs_total, 3);
    assert_true(has(triple, &planted.triple[2]));
    const struct flow_duplicate_group *group = list.items;
    for (size_t i = 0; i < list.n; i++) {
        assert_false(has(&group[i], &planted.firm));
        pair = pair_in(&group[i], &planted.father, &planted.son);
        assert_true(!pair || pair->band == FLOW_BAND_POSSIBLE);
        pair = pair_in(&group[i], &planted.colleague[0], &planted.colleague[1]);
        assert_true(!pair || pair->band == FLOW_BAND_POSSIBLE);
    }
}

static void filters_and_pages(void **state)
{
    W(state);
    struct flow_duplicate_query query = {.decision = -1, .band = FLOW_BAND_OBVIOUS, .page = {.limit = 1}};
    struct flow_list list;
    size_t n = 0;
    do {
        MUST(w, flow_duplicate_list(&w->flow, &w->admin, &query, w->arena, &list, &w->err));
        assert_true(list.items.n <= 1);
        n += list.items.n;
        query.page.after = list.next;
    } while (list.next.p);
    assert_int_equal(n, 2);
    query.page.after = STR_NONE;
    query.connection = w->forgetful;
    MUST(w, flow_duplicate_list(&w->flow, &w->admin, &query, w->arena, &list, &w->err));
    assert_int_equal(list.items.n, 0);
    FAILS(w, ERR_FORBIDDEN, flow_duplicate_list(&w->flow, &w->user, &query, w->arena, &list, &w->err));
}

/* "Not the same" splits a group and stays, also when both records change and the search runs again. */
static void what_is_not_the_same_stays_apart(void **state)
{
    W(state);
    struct json_list list = groups(w, -1);
    const struct flow_duplicate_group *triple = with(&list, &planted.triple[0], &planted.triple[1]);
    const struct flow_duplicate *pair = pair_in(triple, &planted.triple[0], &planted.triple[1]);
    const struct flow_duplicate_decide stale = {.pair = world_id(pair->id), .version = pair->version + 1};
    struct flow_duplicate ignored;
    FAILS(w, ERR_STALE, flow_duplicate_decide(&w->flow, &w->admin, &stale, w->arena, &ignored, &w->err));
    FAILS(w, ERR_FORBIDDEN, flow_duplicate_decide(&w->flow, &w->user, &stale, w->arena, &ignored, &w->err));
    (void)decide(w, pair, false);
    for (int run = 0; run < 3; run++) {
        assert_false(together(w, -1, &planted.triple[0], &planted.triple[1]));
        assert_true(together(w, FLOW_DECIDED_DIFFERENT, &planted.triple[0], &planted.triple[1]));
        bool first = together(w, -1, &planted.triple[0], &planted.triple[2]);
        assert_true(first || together(w, -1, &planted.triple[1], &planted.triple[2]));
        struct contact changed = world_person(w, FIRST + CROWD + 1);
        changed.job_title = str_printf(w->arena, "Lauf %d", run);
        (void)put(w, "triple-1", "person", &changed);
        (void)put(w, "triple-2", "person", &changed);
        search(w);
    }
    list = groups(w, FLOW_DECIDED_DIFFERENT);
    pair = pair_in(with(&list, &planted.triple[0], &planted.triple[1]), &planted.triple[0], &planted.triple[1]);
    (void)decide(w, pair, true); /* a mistake: they belong together after all */
    assert_true(together(w, -1, &planted.triple[0], &planted.triple[1]));
}

static void what_is_the_same_waits_for_the_crm(void **state)
{
    W(state);
    struct json_list list = groups(w, -1);
    const struct flow_duplicate_group *twins = with(&list, &planted.twin[0], &planted.twin[1]);
    struct flow_duplicate pair = decide(w, twins->pairs.items, true);
    assert_true(str_find(pair.next_step, STR("twin-1"), 0) >= 0 && str_find(pair.next_step, STR("twin-2"), 0) >= 0);
    search(w);
    assert_false(together(w, -1, &planted.twin[0], &planted.twin[1]));
    assert_true(together(w, FLOW_DECIDED_SAME, &planted.twin[0], &planted.twin[1]));
    bury(w, "twin-2"); /* merged there */
    assert_false(together(w, FLOW_DECIDED_SAME, &planted.twin[0], &planted.twin[1]));
    struct contact twin = world_person(w, FIRST + CROWD);
    (void)put(w, "twin-2", "person", &twin);
    search(w);
    assert_true(together(w, -1, &planted.twin[0], &planted.twin[1]));
}

/* Whatever a search that dies had done, the list is the one before, and the next search ends as if nothing had been. */
static void workers_that_die_leave_what_was_there(void **state)
{
    W(state);
    int *const places[] = {&die_reading, &die_reading, &die_keeping, &die_committing};
    const int calls[] = {1, 2, 1, 1};
    size_t before = groups(w, -1).n;
    assert_true(before > 0);
    for (size_t i = 0; i < ARRAY_LEN(places); i++) {
        (void)ask(w);
        *places[i] = calls[i];
        assert_true(world_work_and_die(w));
        *places[i] = 0;
        assert_int_equal(groups(w, -1).n, before);
        world_later(w);
        (void)world_work(w);
        assert_int_equal(groups(w, -1).n, before);
        assert_true(together(w, -1, &planted.twin[0], &planted.twin[1]));
    }
}

static void two_workers_find_it_once(void **state)
{
    W(state);
    struct worker *workers[2];
    size_t before = groups(w, -1).n;
    struct flow_job job = {.state = -1};
    for (int i = 0; i < 2; i++)
        MUST(w, worker_start(&w->flow, 2, &workers[i], &w->err));
    for (int i = 0; i < 3; i++) {
        struct id id = ask(w);
        for (int tries = 0; tries < 200 && job.state != FLOW_JOB_done; tries++) {
            (void)usleep(50000);
            MUST(w, flow_job_get(&w->flow, &w->admin, id, w->arena, &job, &w->err));
        }
        assert_int_equal(job.state, FLOW_JOB_done);
        job.state = -1;
    }
    for (int i = 0; i < 2; i++)
        worker_stop(workers[i]);
    assert_int_equal(groups(w, -1).n, before);
}

/* ---- Clusters of a contact ---- */

static struct flow_cluster cluster(struct world *w, struct id contact)
{
    struct flow_cluster found;
    MUST(w, flow_cluster_get(&w->flow, &w->user, contact, w->arena, &found, &w->err));
    return found;
}

static struct flow_cluster turn(struct world *w, const struct flow_cluster *from, const struct id *record, bool belongs)
{
    const struct flow_cluster_decide wish = {
        .contact = world_id(from->contact_id), .version = from->contact_version, .record = *record, .belongs = belongs};
    struct flow_cluster now;
    MUST(w, flow_cluster_decide(&w->flow, &w->user, &wish, w->arena, &now, &w->err));
    return now;
}

static bool belongs(const struct flow_cluster *cluster, const struct id *record)
{
    const struct flow_cluster_member *member = cluster->members.items;
    for (size_t i = 0; i < cluster->members.n; i++)
        if (str_eq(member[i].record.record_id, id_str(record)))
            return member[i].belongs;
    fail_msg("no member");
    return false;
}

/* FLOW_DECIDED_…, or -1; the contact stands by its id. */
static int decided(const struct flow_cluster *cluster, const struct id *a, const struct id *b)
{
    const struct flow_duplicate_group links = {.pairs = cluster->links};
    const struct flow_duplicate *link = pair_in(&links, a, b);
    assert_non_null(link);
    return link->decided;
}

/* As a pull keeps it: with the keys by which contacts find it. */
static void pulled(struct world *w, const char *remote, const struct contact *contact)
{
    struct store_tx *tx = NULL;
    struct id id;
    const struct crm_record record = {.remote_id = str_c(remote), .version = STR("2"), .contact = *contact};
    MUST(w, store_begin(w->store, &w->admin.org, &tx, &w->err));
    MUST(w, flow_mirror_put(tx, &w->fake, &record, &id, &w->err));
    MUST(w, store_commit(&tx, &w->err));
}

static void a_split_is_taken_back_and_nothing_else(void **state)
{
    W(state);
    struct id *three = planted.triple;
    struct contact person = world_person(w, FIRST + CROWD + 1);
    for (int i = 1; i <= 3; i++)
        pulled(w, str_printf(w->arena, "triple-%d", i).p, &person);
    struct flow_contact made = world_contact(w, &person);
    struct id contact = world_id(made.id);
    search(w);
    struct json_list list = groups(w, -1);
    const struct flow_duplicate_group *triple = with(&list, &three[0], &three[2]);
    (void)decide(w, pair_in(triple, &three[0], &three[2]), false); /* an administrator's word, before */
    struct flow_cluster found = cluster(w, contact);
    assert_true(belongs(&found, &three[0]) && belongs(&found, &three[1]) && belongs(&found, &three[2]));

    struct flow_cluster split = turn(w, &found, &three[2], false);
    assert_false(belongs(&split, &three[2]));
    assert_true(belongs(&split, &three[0]) && belongs(&split, &three[1]));
    assert_int_equal(decided(&split, &contact, &three[2]), FLOW_DECIDED_DIFFERENT);
    assert_int_equal(decided(&split, &three[1], &three[2]), FLOW_DECIDED_DIFFERENT);
    assert_int_equal(decided(&split, &three[0], &three[1]), decided(&found, &three[0], &three[1]));
    search(w);
    assert_false(together(w, -1, &three[1], &three[2])); /* remembered */

    const struct flow_cluster_decide stale = {
        .contact = contact, .version = found.contact_version, .record = three[2], .belongs = true};
    struct flow_cluster back;
    FAILS(w, ERR_STALE, flow_cluster_decide(&w->flow, &w->user, &stale, w->arena, &back, &w->err));
    back = turn(w, &split, &three[2], true);
    assert_true(belongs(&back, &three[2]));
    assert_int_equal(decided(&back, &contact, &three[2]), -1);
    assert_int_equal(decided(&back, &three[1], &three[2]), -1);
    assert_int_equal(decided(&back, &three[0], &three[2]), FLOW_DECIDED_DIFFERENT); /* the administrator's stays */

    /* Two splits do not know of each other. */
    split = turn(w, &back, &three[2], false);
    split = turn(w, &split, &three[1], false);
    assert_false(belongs(&split, &three[1]) || belongs(&split, &three[2]));
    back = turn(w, &split, &three[1], true);
    assert_true(belongs(&back, &three[1]) && !belongs(&back, &three[2]));
    const struct flow_cluster_decide foreign = {
        .contact = contact, .version = back.contact_version, .record = planted.firm};
    FAILS(w, ERR_NOT_FOUND, flow_cluster_decide(&w->flow, &w->user, &foreign, w->arena, &back, &w->err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(planted_ones_are_found_and_no_trap_springs),
        cmocka_unit_test(filters_and_pages),
        cmocka_unit_test(what_is_not_the_same_stays_apart),
        cmocka_unit_test(what_is_the_same_waits_for_the_crm),
        cmocka_unit_test(workers_that_die_leave_what_was_there),
        cmocka_unit_test(two_workers_find_it_once),
        cmocka_unit_test(a_split_is_taken_back_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, setup, world_teardown);
}
