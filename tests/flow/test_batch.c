/* Obvious matches written together: nothing before the whole sample was called right, everything exactly once whoever
 * is killed, only over blanks, and taken back again. The judge is the CRM's ledger. */
#include "tests/flow/world.h"

#include "flow/batch/batch.h"

#include <signal.h>

#define W(state) struct world *w = *(state)

/* ---- Killing around a commit ---- */

static int die_at;      /* the commit to die at, counted from 1; 0 = none */
static bool die_behind; /* after it instead of before */

static void (*at_commit)(void); /* what happens meanwhile, before the next commit; NULL = nothing */

int __real_store_commit(struct store_tx **tx, struct err *err);
int __wrap_store_commit(struct store_tx **tx, struct err *err);

int __wrap_store_commit(struct store_tx **tx, struct err *err)
{
    bool now = die_at && --die_at == 0;
    void (*meanwhile)(void) = at_commit;
    at_commit = NULL;
    if (meanwhile)
        meanwhile();
    if (now && !die_behind)
        (void)kill(getpid(), SIGKILL);
    int r = __real_store_commit(tx, err);
    if (now)
        (void)kill(getpid(), SIGKILL);
    return r;
}

/* ---- The stock ---- */

enum { MOST = 12 };

/* Cards whose persons the CRM has, without their phones. */
struct cards {
    int n;
    struct contact before[MOST], after[MOST]; /* what the CRM has, and shall have */
    struct str remote[MOST];
    struct flow_contact contact[MOST];
};

static int people = 900;

static struct cards cards_new(struct world *w, int n)
{
    struct cards cards = {.n = n};
    struct id job;
    for (int i = 0; i < n; i++) {
        struct contact card = world_person(w, people++), known = card;
        known.phones = (struct json_list){NULL, 0};
        cards.before[i] = world_mapped(&known);
        cards.after[i] = world_mapped(&card);
        cards.remote[i] = fake_crm_add(&known, w->arena);
        MUST(w, flow_connection_pull(&w->flow, &w->admin, w->fake, &job, &w->err));
        (void)world_work(w);
        cards.contact[i] = world_contact(w, &card);
    }
    return cards;
}

static struct flow_batch batch_new(struct world *w)
{
    const struct flow_batch_new input = {.connection_id = str_dup(w->arena, id_str(&w->fake))};
    struct flow_batch batch;
    MUST(w, flow_batch_create(&w->flow, &w->user, &input, w->arena, &batch, &w->err));
    return batch;
}

static struct json_list items_of(struct world *w, const struct flow_batch *batch, bool sampled)
{
    const struct flow_batch_query query = {.batch = world_id(batch->id), .sampled = sampled, .page = {.limit = 100}};
    struct flow_list list;
    MUST(w, flow_batch_items(&w->flow, &w->user, &query, w->arena, &list, &w->err));
    return list.items;
}

static struct flow_batch batch_now(struct world *w, const struct flow_batch *batch)
{
    struct flow_batch now;
    MUST(w, flow_batch_get(&w->flow, &w->user, world_id(batch->id), w->arena, &now, &w->err));
    return now;
}

static int judge(struct world *w, const struct flow_batch *batch, struct str contact, bool right)
{
    const struct flow_batch_judge wish = {world_id(batch->id), {contact, right}};
    struct flow_batch now;
    return flow_batch_judge(&w->flow, &w->user, &wish, w->arena, &now, &w->err);
}

static int turn(struct world *w, const struct flow_batch *batch, enum flow_batch_state state)
{
    const struct flow_batch_turn wish = {world_id(batch->id), batch_now(w, batch).version, state};
    struct flow_batch now;
    return flow_batch_turn(&w->flow, &w->user, &wish, w->arena, &now, &w->err);
}

static void judge_all(struct world *w, const struct flow_batch *batch)
{
    struct json_list sample = items_of(w, batch, true);
    for (size_t i = 0; i < sample.n; i++)
        MUST(w, judge(w, batch, ((const struct flow_batch_item *)sample.items)[i].contact_id, true));
}

static void settle(struct world *w)
{
    do
        world_later(w);
    while (world_work(w) > 0);
}

static void assert_batch(struct world *w, const struct flow_batch *batch, const char *state)
{
    assert_string_equal(flow_batch_words[batch_now(w, batch).state], state);
}

static void assert_written(struct world *w, const struct cards *cards, int times)
{
    for (int i = 0; i < cards->n; i++) {
        assert_int_equal(fake_crm_count("update", &cards->after[i], w->arena), times);
        assert_int_equal(fake_crm_living(&cards->after[i], w->arena), times);
    }
}

/* Whatever is obvious for later tests would be in their batches, too. */
static void drop(struct world *w, const struct cards *cards)
{
    for (int i = 0; i < cards->n; i++) {
        struct flow_contact now;
        MUST(w, flow_contact_get(&w->flow, &w->user, world_id(cards->contact[i].id), w->arena, &now, &w->err));
        MUST(w, flow_contact_delete(&w->flow, &w->user, world_id(now.id), now.version, &w->err));
    }
}

/* ---- Tests ---- */

static void nothing_is_written_before_ten_of_the_sample_were_right(void **state)
{
    W(state);
    struct cards cards = cards_new(w, MOST);
    struct flow_batch batch = batch_new(w);
    struct json_list all = items_of(w, &batch, false), sample = items_of(w, &batch, true);
    assert_int_equal(batch.total, MOST);
    assert_int_equal(batch.sample, FLOW_BATCH_SAMPLE);
    assert_int_equal(sample.n, FLOW_BATCH_SAMPLE);
    assert_int_equal(batch.changes.n, 1);
    assert_true(str_eq(((const struct flow_batch_change *)batch.changes.items)->field, STR("phones")));
    const struct flow_batch_item *item = sample.items;
    FAILS(w, ERR_SAMPLE_OPEN, turn(w, &batch, FLOW_BATCH_running));
    for (size_t i = 0; i < all.n; i++)
        if (!((const struct flow_batch_item *)all.items)[i].sampled)
            FAILS(w, ERR_NOT_FOUND, judge(w, &batch, ((const struct flow_batch_item *)all.items)[i].contact_id, true));
    for (size_t i = 0; i + 1 < sample.n; i++)
        MUST(w, judge(w, &batch, item[i].contact_id, true));
    MUST(w, judge(w, &batch, item[0].contact_id, true)); /* the same one twice is one */
    FAILS(w, ERR_SAMPLE_OPEN, turn(w, &batch, FLOW_BATCH_running));
    (void)world_work(w);
    assert_written(w, &cards, 0);
    MUST(w, judge(w, &batch, item[sample.n - 1].contact_id, true));
    MUST(w, turn(w, &batch, FLOW_BATCH_running));
    (void)world_work(w);
    settle(w);
    assert_written(w, &cards, 1);
    assert_batch(w, &batch, "done");
    assert_int_equal(batch_now(w, &batch).written, MOST);
    FAILS(w, ERR_CONFLICT, turn(w, &batch, FLOW_BATCH_running));
    MUST(w, turn(w, &batch, FLOW_BATCH_undoing));
    (void)world_work(w);
    settle(w);
    assert_batch(w, &batch, "undone");
    assert_int_equal(batch_now(w, &batch).undone, MOST);
    for (int i = 0; i < cards.n; i++) {
        assert_int_equal(fake_crm_living(&cards.after[i], w->arena), 0);
        assert_int_equal(fake_crm_living(&cards.before[i], w->arena), 1);
    }
    FAILS(w, ERR_NOTHING_OBVIOUS,
          flow_batch_create(&w->flow, &w->user,
                            &(struct flow_batch_new){.connection_id = str_dup(w->arena, id_str(&w->fake))}, w->arena,
                            &batch, &w->err)); /* what was taken back stays taken back */
}

static void the_first_no_stops_everything(void **state)
{
    W(state);
    struct cards cards = cards_new(w, 3);
    struct flow_batch batch = batch_new(w);
    struct json_list sample = items_of(w, &batch, true);
    const struct flow_batch_item *item = sample.items;
    assert_int_equal(sample.n, 3); /* fewer than ten: all */
    MUST(w, judge(w, &batch, item[0].contact_id, true));
    MUST(w, judge(w, &batch, item[1].contact_id, false));
    assert_batch(w, &batch, "stopped");
    assert_int_equal(batch_now(w, &batch).left, 3);
    FAILS(w, ERR_CONFLICT, judge(w, &batch, item[1].contact_id, true)); /* not taken back by changing one's mind */
    FAILS(w, ERR_CONFLICT, turn(w, &batch, FLOW_BATCH_running));
    settle(w);
    assert_written(w, &cards, 0);
    struct flow_batch next = batch_new(w); /* who was called wrong is a person's to decide */
    assert_int_equal(next.total, 2);
    MUST(w, turn(w, &next, FLOW_BATCH_stopped));
    drop(w, &cards);
}

static void a_pause_holds_and_what_changed_meanwhile_is_left(void **state)
{
    W(state);
    struct cards cards = cards_new(w, 3);
    struct flow_batch batch = batch_new(w);
    judge_all(w, &batch);
    MUST(w, turn(w, &batch, FLOW_BATCH_running));
    MUST(w, turn(w, &batch, FLOW_BATCH_paused));
    (void)world_work(w);
    settle(w);
    assert_written(w, &cards, 0);
    struct contact other = cards.before[0];
    other.phones = cards.after[1].phones; /* somebody else was there */
    fake_crm_touch(cards.remote[0], &other, w->arena);
    MUST(w, turn(w, &batch, FLOW_BATCH_running));
    settle(w);
    assert_batch(w, &batch, "done");
    assert_int_equal(fake_crm_count("update", &cards.after[0], w->arena), 0);
    assert_int_equal(fake_crm_living(&other, w->arena), 1);
    assert_int_equal(fake_crm_count("update", &cards.after[1], w->arena), 1);
    assert_int_equal(fake_crm_count("update", &cards.after[2], w->arena), 1);
    struct json_list items = items_of(w, &batch, false);
    size_t left = 0;
    for (size_t i = 0; i < items.n; i++) {
        const struct flow_batch_item *item = (const struct flow_batch_item *)items.items + i;
        if (!str_eq(item->state, STR("left")))
            continue;
        left++;
        assert_true(item->problem && str_eq(item->problem->type, STR("/problems/crm-conflict")));
    }
    assert_int_equal(left, 1);
    drop(w, &cards);
}

static struct {
    struct world *w;
    const struct flow_batch *batch;
} paused;

static void pause_now(void)
{
    MUST(paused.w, turn(paused.w, paused.batch, FLOW_BATCH_paused));
}

static void a_pause_in_the_midst_leaves_nothing_behind(void **state)
{
    W(state);
    struct cards cards = cards_new(w, 4);
    struct flow_batch batch = batch_new(w);
    judge_all(w, &batch);
    MUST(w, turn(w, &batch, FLOW_BATCH_running));
    paused.w = w;
    paused.batch = &batch;
    at_commit = pause_now; /* the job looks at contacts already */
    settle(w);
    assert_batch(w, &batch, "paused");
    struct flow_batch now = batch_now(w, &batch);
    assert_int_equal(now.left, 0);
    assert_int_equal(now.open + now.written, 4);
    assert_true(now.open > 0);
    MUST(w, turn(w, &batch, FLOW_BATCH_running));
    settle(w);
    assert_batch(w, &batch, "done");
    assert_written(w, &cards, 1);
}

static void a_crm_that_is_away_is_waited_for(void **state)
{
    W(state);
    struct cards cards = cards_new(w, 2);
    struct flow_batch batch = batch_new(w);
    judge_all(w, &batch);
    MUST(w, turn(w, &batch, FLOW_BATCH_running));
    fake_crm->mood = FAKE_DOWN;
    (void)world_work(w);
    assert_written(w, &cards, 0);
    fake_crm->mood = FAKE_FINE;
    settle(w);
    settle(w);
    assert_written(w, &cards, 1);
    assert_batch(w, &batch, "done");
}

static void killed_anywhere_each_is_written_once(void **state)
{
    W(state);
    for (int behind = 0; behind < 2; behind++) {
        struct cards cards = cards_new(w, 2);
        struct flow_batch batch = batch_new(w);
        judge_all(w, &batch);
        MUST(w, turn(w, &batch, FLOW_BATCH_running));
        int deaths = 0;
        for (int at = 1; at < 20; at++) {
            die_at = at;
            die_behind = behind;
            bool died = world_work_and_die(w);
            die_at = 0;
            world_later(w);
            deaths += died;
            if (!died)
                break;
        }
        settle(w);
        assert_true(deaths > 3);
        assert_written(w, &cards, 1);
        assert_batch(w, &batch, "done");
        assert_int_equal(batch_now(w, &batch).written, 2);
    }
}

static void what_contradicts_is_not_chosen_and_others_see_nothing(void **state)
{
    W(state);
    struct cards cards = cards_new(w, 2);
    struct contact card = world_person(w, people++), known = card;
    struct id job;
    known.job_title = STR("Vorarbeiter");
    known.phones = (struct json_list){NULL, 0};
    (void)fake_crm_add(&known, w->arena);
    MUST(w, flow_connection_pull(&w->flow, &w->admin, w->fake, &job, &w->err));
    (void)world_work(w);
    struct flow_contact doubtful = world_contact(w, &card);
    struct flow_batch batch = batch_new(w), seen;
    struct json_list items = items_of(w, &batch, false);
    assert_int_equal(items.n, 2);
    for (size_t i = 0; i < items.n; i++)
        assert_false(str_eq(((const struct flow_batch_item *)items.items)[i].contact_id, doubtful.id));
    struct world *other = world_neighbour(w);
    FAILS(w, ERR_NOT_FOUND, flow_batch_get(&w->flow, &other->admin, world_id(batch.id), w->arena, &seen, &w->err));
    struct flow_actor stranger = w->admin;
    stranger.any = false;
    FAILS(w, ERR_NOT_FOUND, flow_batch_get(&w->flow, &stranger, world_id(batch.id), w->arena, &seen, &w->err));
    MUST(w, turn(w, &batch, FLOW_BATCH_stopped));
    drop(w, &cards);
}

static void it_writes_by_the_rights_of_then(void **state)
{
    W(state);
    struct cards cards = cards_new(w, 2);
    struct flow_batch batch = batch_new(w);
    struct flow_user user;
    judge_all(w, &batch);
    MUST(w, turn(w, &batch, FLOW_BATCH_running));
    struct flow_user_patch patch = {w->user.user, 1, {.role = FLOW_ROLE_REPORTER, .state = -1}};
    MUST(w, flow_user_patch(&w->flow, &w->admin, &patch, w->arena, &user, &w->err));
    settle(w);
    assert_written(w, &cards, 0);
    struct flow_batch now;
    MUST(w, flow_batch_get(&w->flow, &w->admin, world_id(batch.id), w->arena, &now, &w->err));
    assert_string_equal(flow_batch_words[now.state], "paused");
    assert_true(now.problem && str_eq(now.problem->type, STR("/problems/forbidden")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_written_before_ten_of_the_sample_were_right),
        cmocka_unit_test(the_first_no_stops_everything),
        cmocka_unit_test(a_pause_holds_and_what_changed_meanwhile_is_left),
        cmocka_unit_test(a_pause_in_the_midst_leaves_nothing_behind),
        cmocka_unit_test(a_crm_that_is_away_is_waited_for),
        cmocka_unit_test(killed_anywhere_each_is_written_once),
        cmocka_unit_test(what_contradicts_is_not_chosen_and_others_see_nothing),
        cmocka_unit_test(it_writes_by_the_rights_of_then),
    };
    return cmocka_run_group_tests(tests, world_setup, world_teardown);
}
