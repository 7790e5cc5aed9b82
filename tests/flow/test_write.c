/* Write-backs against a CRM that loses answers, refuses, waits, and changes under our hands; workers that are killed at
 * every step. The judge is the CRM's ledger, by content: exactly once, or visibly not at all. */
#include "tests/flow/world.h"

#include "flow/idempotency.h"

#include <signal.h>

#define W(state) struct world *w = *(state)

/* ---- Killing around a commit ---- */

static int die_at;      /* the commit to die at, counted from 1; 0 = none */
static bool die_behind; /* after it instead of before */

int __real_store_commit(struct store_tx **tx, struct err *err);
int __wrap_store_commit(struct store_tx **tx, struct err *err);

int __wrap_store_commit(struct store_tx **tx, struct err *err)
{
    bool now = die_at && --die_at == 0;
    if (now && !die_behind)
        (void)kill(getpid(), SIGKILL);
    int r = __real_store_commit(tx, err);
    if (now)
        (void)kill(getpid(), SIGKILL);
    return r;
}

/* ---- What is written ---- */

enum way { WAY_UPDATE, WAY_CREATE, WAY_FORGETFUL, WAYS };

struct act {
    struct flow_contact contact;
    struct flow_write_back write_back;
    struct contact after; /* what the CRM shall have */
    struct str remote;    /* of an update */
    const char *kind;     /* of its ledger entry */
};

static int people = 100;

/* A contact decided upon, to be written in one of the ways. Not yet sent. */
static struct act act_new(struct world *w, enum way way)
{
    struct contact card = world_person(w, people++), known = card;
    struct act act = {.after = world_mapped(&card), .kind = way == WAY_UPDATE ? "update" : "create"};
    known.phones = (struct json_list){NULL, 0};
    if (way == WAY_UPDATE) {
        struct id job;
        act.remote = fake_crm_add(&known, w->arena);
        MUST(w, flow_connection_pull(&w->flow, &w->admin, w->fake, &job, &w->err));
        (void)world_work(w);
    }
    act.contact = world_contact(w, &card);
    act.write_back = world_write(w, &act.contact, way == WAY_FORGETFUL ? w->forgetful : w->fake);
    return act;
}

static struct flow_write_back act_now(struct world *w, const struct act *act)
{
    return world_write_back(w, &act->write_back);
}

/* Lets time pass until it is settled, as the sweep and the clock would. */
static void act_settle(struct world *w)
{
    do
        world_later(w);
    while (world_work(w) > 0);
}

static void assert_once(struct world *w, const struct act *act)
{
    struct flow_contact contact;
    assert_state(act_now(w, act), "written");
    assert_int_equal(fake_crm_count(act->kind, &act->after, w->arena), 1);
    assert_int_equal(fake_crm_living(&act->after, w->arena), 1);
    MUST(w, flow_contact_get(&w->flow, &w->user, world_id(act->contact.id), w->arena, &contact, &w->err));
    assert_string_equal(flow_contact_words[contact.state], "written");
    assert_true(contact.display.p && str_eq(act_now(w, act).display, contact.display));
}

/* ---- Tests ---- */

static void every_way_writes_once(void **state)
{
    W(state);
    for (enum way way = 0; way < WAYS; way++) {
        struct act act = act_new(w, way);
        assert_state(act.write_back, "intent");
        (void)world_work(w);
        assert_once(w, &act);
    }
}

static void a_lost_answer_is_looked_for_and_not_sent_again(void **state)
{
    W(state);
    for (enum way way = 0; way < WAYS; way++) {
        struct act act = act_new(w, way);
        fake_crm->fault = FAKE_LOST_AFTER;
        (void)world_work(w);
        act_settle(w);
        assert_once(w, &act);
    }
}

static void a_lost_request_is_proved_absent_and_sent_again(void **state)
{
    W(state);
    for (enum way way = 0; way < WAYS; way++) {
        struct act act = act_new(w, way);
        fake_crm->fault = FAKE_LOST_BEFORE;
        (void)world_work(w);
        if (way == WAY_FORGETFUL)
            assert_state(act_now(w, &act), "uncertain"); /* its search may lag: not yet */
        act_settle(w);
        assert_once(w, &act);
    }
}

static void a_create_nobody_can_find_is_resent_once_and_then_parked(void **state)
{
    W(state);
    struct act act = act_new(w, WAY_FORGETFUL);
    int before = fake_crm->writes_seen;
    fake_crm->mood = FAKE_LOST_BEFORE;
    (void)world_work(w);
    act_settle(w);
    act_settle(w);
    fake_crm->mood = FAKE_FINE;
    assert_int_equal(fake_crm->writes_seen - before, 2);
    assert_state(act_now(w, &act), "uncertain");
    assert_true(str_ends(act_now(w, &act).problem->type, STR("crm-parked")));
}

static void a_record_changed_meanwhile_is_a_conflict(void **state)
{
    W(state);
    struct act act = act_new(w, WAY_UPDATE);
    struct contact other = world_person(w, 99);
    struct flow_contact contact;
    fake_crm_touch(act.remote, &other, w->arena);
    (void)world_work(w);
    assert_state(act_now(w, &act), "conflict");
    assert_int_equal(fake_crm_count("update", &act.after, w->arena), 0);
    MUST(w, flow_contact_get(&w->flow, &w->user, world_id(act.contact.id), w->arena, &contact, &w->err));
    assert_string_equal(flow_contact_words[contact.state], "matched");
}

static void a_dry_run_of_a_record_seen_earlier_is_refused(void **state)
{
    W(state);
    struct act act = act_new(w, WAY_UPDATE);
    struct flow_review_query query = {.contact = world_id(act.contact.id), .connection = w->fake};
    struct flow_review review;
    struct flow_preview preview;
    (void)world_work(w);
    MUST(w, flow_review(&w->flow, &w->user, &query, w->arena, &review, &w->err));
    struct flow_preview_new input = {.contact_id = review.contact_id,
                                     .contact_version = review.contact_version,
                                     .connection_id = review.connection.id,
                                     .record_id = review.record->id,
                                     .remote_version = review.record->version};
    struct contact other = world_person(w, 98);
    fake_crm_touch(act.remote, &other, w->arena);
    FAILS(w, ERR_CRM_CONFLICT, flow_preview(&w->flow, &w->user, &input, w->arena, &preview, &w->err));
}

static void a_crm_that_is_away_delays_and_loses_nothing(void **state)
{
    static const enum fake_fault faults[] = {FAKE_DOWN, FAKE_QUOTA};
    W(state);
    for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
        struct act act = act_new(w, WAY_CREATE);
        fake_crm->mood = faults[i];
        for (int k = 0; k < 30; k++) { /* longer than any number of attempts */
            (void)world_work(w);
            world_later(w);
        }
        assert_state(act_now(w, &act), "waiting");
        assert_non_null(act_now(w, &act).problem);
        fake_crm->mood = FAKE_FINE;
        act_settle(w);
        assert_once(w, &act);
    }
}

static void new_credentials_resume_what_waited(void **state)
{
    W(state);
    struct act act = act_new(w, WAY_CREATE);
    struct flow_connection connection;
    fake_crm->fault = FAKE_REAUTHORISE;
    (void)world_work(w);
    assert_state(act_now(w, &act), "waiting");
    MUST(w, flow_connection_get(&w->flow, &w->admin, w->fake, w->arena, &connection, &w->err));
    assert_string_equal(flow_health_words[connection.health.state], "reauthorise");
    struct flow_connection_change change = {
        w->fake, connection.version, {.secret = STR("{\"password\":\"still bad\"}")}};
    FAILS(w, ERR_CRM_REAUTHORISE, flow_connection_patch(&w->flow, &w->admin, &change, w->arena, &connection, &w->err));
    change.input.secret = STR("{\"password\":\"good again\"}");
    MUST(w, flow_connection_patch(&w->flow, &w->admin, &change, w->arena, &connection, &w->err));
    (void)world_work(w);
    assert_once(w, &act);
}

static void a_stored_secret_goes_to_no_new_address(void **state)
{
    W(state);
    struct flow_connection connection;
    MUST(w, flow_connection_get(&w->flow, &w->admin, w->fake, w->arena, &connection, &w->err));
    struct flow_connection_change change = {
        w->fake, connection.version, {.settings = STR("{\"url\":\"https://elsewhere.example\"}")}};
    FAILS(w, ERR_INVALID, flow_connection_patch(&w->flow, &w->admin, &change, w->arena, &connection, &w->err));
    assert_string_equal(w->err.pointer, "/secret/password");
    change.input.settings = STR("{\"url\":\"https://crm.example\"}");
    MUST(w, flow_connection_patch(&w->flow, &w->admin, &change, w->arena, &connection, &w->err));
    change.version = connection.version;
    change.input.settings = STR("{\"url\":\"https://elsewhere.example\"}");
    change.input.secret = STR("{\"password\":\"good\"}");
    MUST(w, flow_connection_patch(&w->flow, &w->admin, &change, w->arena, &connection, &w->err));
}

static void a_refusal_is_shown_without_personal_data(void **state)
{
    W(state);
    struct act act = act_new(w, WAY_CREATE);
    fake_crm->fault = FAKE_REFUSED;
    (void)world_work(w);
    struct flow_write_back now = act_now(w, &act);
    assert_state(now, "refused");
    assert_true(str_find(now.problem->detail, STR("is blocked"), 0) > 0);
    assert_true(str_find(now.problem->detail, STR("@"), 0) < 0);
    assert_int_equal(fake_crm_count("create", &act.after, w->arena), 0);
}

/* The worker dies in the middle of the call. */
static void a_killed_worker_loses_and_doubles_nothing(void **state)
{
    static const enum fake_fault faults[] = {FAKE_KILL_BEFORE, FAKE_KILL_AFTER};
    W(state);
    for (enum way way = 0; way < WAYS; way++)
        for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
            struct act act = act_new(w, way);
            fake_crm->fault = faults[i];
            assert_true(world_work_and_die(w));
            assert_state(act_now(w, &act), "sending");
            world_later(w);
            fake_crm->fault = FAKE_KILL_LOOKING; /* and the next one while it looks */
            assert_true(world_work_and_die(w));
            act_settle(w);
            assert_once(w, &act);
        }
}

/* The worker dies around each commit of its job. */
static void a_worker_killed_at_any_commit_loses_and_doubles_nothing(void **state)
{
    W(state);
    for (enum way way = 0; way < WAYS; way++)
        for (int behind = 0; behind < 2; behind++) {
            int deaths = 0;
            for (int at = 1; at < 20; at++) {
                struct act act = act_new(w, way);
                die_at = at;
                die_behind = behind;
                bool died = world_work_and_die(w);
                die_at = 0;
                act_settle(w);
                assert_once(w, &act);
                if (!died)
                    break;
                deaths++;
            }
            assert_in_range(deaths, 2, 18); /* sending and written at the least */
        }
}

/* Control: a worker that forgets what it was doing writes twice, and the judge sees it. */
static void the_judge_sees_a_doubled_create(void **state)
{
    W(state);
    struct act act = act_new(w, WAY_CREATE);
    fake_crm->fault = FAKE_KILL_AFTER;
    assert_true(world_work_and_die(w));
    world_forget(w, &act.write_back);
    act_settle(w);
    assert_int_equal(fake_crm_count("create", &act.after, w->arena), 2);
}

static void a_preview_is_good_for_one_write_and_one_is_under_way_at_a_time(void **state)
{
    W(state);
    struct contact card = world_person(w, people++);
    struct flow_contact contact = world_contact(w, &card), now;
    struct flow_preview first = world_preview(w, &contact, w->fake);
    struct flow_write write = {world_id(first.id), contact.version};
    struct flow_write_back write_back;
    MUST(w, flow_write_commit(&w->flow, &w->user, &write, w->arena, &write_back, &w->err));
    FAILS(w, ERR_NOT_FOUND, flow_write_commit(&w->flow, &w->user, &write, w->arena, &write_back, &w->err));
    MUST(w, flow_contact_get(&w->flow, &w->user, world_id(contact.id), w->arena, &now, &w->err));
    struct flow_preview second = world_preview(w, &now, w->fake);
    write = (struct flow_write){world_id(second.id), now.version};
    FAILS(w, ERR_CONFLICT, flow_write_commit(&w->flow, &w->user, &write, w->arena, &write_back, &w->err));
    (void)world_work(w);
}

static void a_repeated_request_gets_the_first_answer(void **state)
{
    W(state);
    struct contact card = world_person(w, people++);
    struct flow_contact contact = world_contact(w, &card);
    struct flow_preview preview = world_preview(w, &contact, w->fake);
    struct flow_write write = {world_id(preview.id), contact.version};
    struct flow_idempotency key = {STR("key-1"), STR("POST /v1/write-backs"), STR("fingerprint")};
    struct flow_idempotency_state keyed;
    struct flow_write_back write_back;
    struct flow_actor actor = w->user;
    MUST(w, flow_idempotency_begin(&w->flow, &actor, &key, w->arena, &keyed, &w->err));
    assert_false(keyed.replay);
    FAILS(w, ERR_KEY_BUSY, flow_idempotency_begin(&w->flow, &actor, &key, w->arena, &keyed, &w->err));
    actor.once = &key;
    MUST(w, flow_write_commit(&w->flow, &actor, &write, w->arena, &write_back, &w->err));
    /* Nothing more is asked of the caller: the answer was kept with the intent. */
    MUST(w, flow_idempotency_begin(&w->flow, &actor, &key, w->arena, &keyed, &w->err));
    assert_true(keyed.replay);
    assert_int_equal(keyed.status, 202);
    assert_true(str_find(keyed.body, write_back.id, 0) > 0);
    key.fingerprint = STR("another");
    FAILS(w, ERR_KEY_REUSED, flow_idempotency_begin(&w->flow, &actor, &key, w->arena, &keyed, &w->err));
}

/* ---- Undo ---- */

static struct flow_write_back undo(struct world *w, const struct act *act)
{
    struct flow_write_back asked;
    MUST(w, flow_write_undo(&w->flow, &w->user, world_id(act->write_back.id), w->arena, &asked, &w->err));
    return asked;
}

static void undo_takes_a_create_back_even_if_the_worker_dies(void **state)
{
    static const enum fake_fault faults[] = {FAKE_FINE, FAKE_LOST_AFTER, FAKE_LOST_BEFORE, FAKE_KILL_AFTER,
                                             FAKE_KILL_BEFORE};
    W(state);
    for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
        struct act act = act_new(w, WAY_CREATE);
        (void)world_work(w);
        (void)undo(w, &act);
        fake_crm->fault = faults[i];
        (void)world_work_and_die(w);
        act_settle(w);
        assert_state(act_now(w, &act), "undone");
        assert_int_equal(fake_crm_living(&act.after, w->arena), 0);
        assert_int_equal(fake_crm_count("delete", &act.after, w->arena), 1);
    }
}

static void a_repeated_undo_gets_the_first_answer(void **state)
{
    W(state);
    struct act act = act_new(w, WAY_CREATE);
    struct flow_idempotency key = {STR("key-undo"), STR("POST /v1/write-backs/{id}/undo"), STR("fingerprint")};
    struct flow_idempotency_state keyed;
    struct flow_write_back asked;
    struct flow_actor actor = w->user;
    (void)world_work(w);
    MUST(w, flow_idempotency_begin(&w->flow, &actor, &key, w->arena, &keyed, &w->err));
    actor.once = &key;
    MUST(w, flow_write_undo(&w->flow, &actor, world_id(act.write_back.id), w->arena, &asked, &w->err));
    MUST(w, flow_idempotency_begin(&w->flow, &actor, &key, w->arena, &keyed, &w->err));
    assert_true(keyed.replay);
    assert_int_equal(keyed.status, 202);
}

static void undo_of_an_update_restores_what_was_there(void **state)
{
    static const enum fake_fault faults[] = {FAKE_FINE, FAKE_LOST_AFTER, FAKE_KILL_AFTER, FAKE_KILL_BEFORE};
    W(state);
    for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
        struct act act = act_new(w, WAY_UPDATE);
        struct contact before = act.after;
        before.phones = (struct json_list){NULL, 0};
        (void)world_work(w);
        (void)undo(w, &act);
        fake_crm->fault = faults[i];
        (void)world_work_and_die(w);
        act_settle(w);
        assert_state(act_now(w, &act), "undone");
        assert_int_equal(fake_crm_living(&before, w->arena), 1);
        assert_int_equal(fake_crm_count("update", &before, w->arena), 1);
    }
}

static void undo_does_not_overwrite_what_others_changed_since(void **state)
{
    W(state);
    struct act act = act_new(w, WAY_UPDATE);
    struct contact other = world_person(w, 97);
    (void)world_work(w);
    fake_crm_touch(act.remote, &other, w->arena);
    (void)undo(w, &act);
    (void)world_work(w);
    assert_state(act_now(w, &act), "undo_conflict");
    assert_int_equal(fake_crm_living(&other, w->arena), 1);
}

static void what_was_not_written_cannot_be_undone(void **state)
{
    W(state);
    struct act act = act_new(w, WAY_CREATE);
    struct flow_write_back asked;
    FAILS(w, ERR_NOT_UNDOABLE,
          flow_write_undo(&w->flow, &w->user, world_id(act.write_back.id), w->arena, &asked, &w->err));
    (void)world_work(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_way_writes_once),
        cmocka_unit_test(a_lost_answer_is_looked_for_and_not_sent_again),
        cmocka_unit_test(a_lost_request_is_proved_absent_and_sent_again),
        cmocka_unit_test(a_create_nobody_can_find_is_resent_once_and_then_parked),
        cmocka_unit_test(a_record_changed_meanwhile_is_a_conflict),
        cmocka_unit_test(a_dry_run_of_a_record_seen_earlier_is_refused),
        cmocka_unit_test(a_crm_that_is_away_delays_and_loses_nothing),
        cmocka_unit_test(new_credentials_resume_what_waited),
        cmocka_unit_test(a_stored_secret_goes_to_no_new_address),
        cmocka_unit_test(a_refusal_is_shown_without_personal_data),
        cmocka_unit_test(a_killed_worker_loses_and_doubles_nothing),
        cmocka_unit_test(a_worker_killed_at_any_commit_loses_and_doubles_nothing),
        cmocka_unit_test(the_judge_sees_a_doubled_create),
        cmocka_unit_test(a_preview_is_good_for_one_write_and_one_is_under_way_at_a_time),
        cmocka_unit_test(a_repeated_request_gets_the_first_answer),
        cmocka_unit_test(undo_takes_a_create_back_even_if_the_worker_dies),
        cmocka_unit_test(a_repeated_undo_gets_the_first_answer),
        cmocka_unit_test(undo_of_an_update_restores_what_was_there),
        cmocka_unit_test(undo_does_not_overwrite_what_others_changed_since),
        cmocka_unit_test(what_was_not_written_cannot_be_undone),
    };
    return cmocka_run_group_tests(tests, world_setup, world_teardown);
}
