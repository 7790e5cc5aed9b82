/* Write-backs and the answers of keyed requests on a real database: one at a time, every step fenced, first answer
 * kept. */
#include "base/limits.h"
#include "tests/db/fixture.h"

static int add(struct fixture *f, const struct id *contact, struct id *ret_id)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = fixture_begin(f);
    struct store_write_back write_back = {.contact = *contact,
                                          .connection = f->connection,
                                          .user = f->user,
                                          .action = STR("create"),
                                          .plan = STR("{\"p\":1}"),
                                          .contact_version = 1};
    return store_write_back_add(tx, &write_back, ret_id, &f->err) < 0 ? -1 : store_commit(&tx, &f->err);
}

static int step(struct fixture *f, const struct store_step *what, int64_t *ret_attempt)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = fixture_begin(f);
    return store_write_back_step(tx, what, ret_attempt, &f->err) < 0 ? -1 : store_commit(&tx, &f->err);
}

static struct store_write_back get(struct fixture *f, const struct id *id)
{
    struct store_write_back write_back;
    struct store_tx *tx = fixture_begin(f);
    MUST(f, store_write_back_get(tx, id, f->arena, &write_back, &f->err));
    store_rollbackp(&tx);
    return write_back;
}

static void a_step_leaves_the_state_and_attempt_it_names(void **state)
{
    struct fixture *f = *state;
    struct id contact = fixture_contact(f, "Steps"), id;
    int64_t attempt;
    MUST(f, add(f, &contact, &id));
    struct store_step send = {
        .id = id, .from = "intent", .to = "sending", .due_in_ms = 30000, .before = STR("{\"b\":1}")};
    MUST(f, step(f, &send, &attempt));
    assert_int_equal(attempt, 1);
    FAILS(f, ERR_CONFLICT, step(f, &send, &attempt)); /* another worker with the same job */
    struct store_step lost = {
        .id = id, .from = "sending", .attempt = 1, .to = "uncertain", .problem = STR("crm-uncertain")};
    MUST(f, step(f, &lost, &attempt));
    struct store_step proved = {.id = id, .from = "uncertain", .attempt = 1, .to = "intent"};
    MUST(f, step(f, &proved, &attempt));
    send.attempt = 1;
    MUST(f, step(f, &send, &attempt));
    assert_int_equal(attempt, 2);
    struct store_step late = {.id = id, .from = "sending", .attempt = 1, .to = "written"};
    FAILS(f, ERR_CONFLICT, step(f, &late, &attempt)); /* the worker of attempt 1 comes back */
    struct store_step done = {.id = id,
                              .from = "sending",
                              .attempt = 2,
                              .to = "written",
                              .remote_id = STR("r-7"),
                              .version_after = STR("v2")};
    MUST(f, step(f, &done, &attempt));
    struct store_write_back w = get(f, &id);
    assert_true(str_eq(w.state, STR("written")) && str_eq(w.remote_id, STR("r-7")) &&
                str_eq(w.version_after, STR("v2")));
    assert_true(str_eq(w.before, STR("{\"b\":1}")) && str_eq(w.plan, STR("{\"p\":1}")));
    assert_null(w.problem.p);
    assert_int_equal(w.due_at, 0);
}

static void two_changes_of_one_contact_are_never_under_way_together(void **state)
{
    struct fixture *f = *state;
    struct id contact = fixture_contact(f, "Twice"), first, second;
    int64_t attempt;
    MUST(f, add(f, &contact, &first));
    FAILS(f, ERR_CONFLICT, add(f, &contact, &second));
    struct store_step refused = {.id = first, .from = "intent", .to = "refused"};
    MUST(f, step(f, &refused, &attempt));
    MUST(f, add(f, &contact, &second));
}

static void a_connection_stays_while_a_change_is_under_way(void **state)
{
    struct fixture *f = *state;
    struct id contact = fixture_contact(f, "Stay"), id;
    MUST(f, add(f, &contact, &id));
    struct store_tx *tx = fixture_begin(f);
    FAILS(f, ERR_CONFLICT, store_connection_delete(tx, &f->connection, 1, &f->err));
    store_rollbackp(&tx);
}

static void what_is_due_and_forgotten_by_all_jobs_is_found(void **state)
{
    struct fixture *f = *state;
    struct id contact = fixture_contact(f, "Due"), id, job;
    struct json_list due;
    int64_t attempt;
    MUST(f, add(f, &contact, &id));
    struct store_step wait = {.id = id, .from = "intent", .to = "waiting", .due_in_ms = 1};
    MUST(f, step(f, &wait, &attempt));
    (void)usleep(20000);
    MUST(f, store_write_back_due(f->store, f->arena, &due, &f->err));
    assert_int_equal(due.n, 1);
    assert_true(id_eq(&((const struct store_due *)due.items)->id, &id));
    struct store_job_spec spec = {.kind = "write", .subject = id};
    struct store_tx *tx = fixture_begin(f);
    MUST(f, store_job_add(tx, &spec, &job, &f->err));
    fixture_commit(f, tx);
    MUST(f, store_write_back_due(f->store, f->arena, &due, &f->err));
    assert_int_equal(due.n, 0);
}

static void a_preview_is_used_once(void **state)
{
    struct fixture *f = *state;
    struct id id;
    struct store_preview preview = {.contact = f->contact,
                                    .connection = f->connection,
                                    .user = f->user,
                                    .contact_version = 1,
                                    .action = STR("create"),
                                    .plan = STR("[]")};
    struct store_tx *tx = fixture_begin(f);
    MUST(f, store_preview_add(tx, &preview, 60000, &id, &f->err));
    MUST(f, store_preview_get(tx, &id, f->arena, &preview, &f->err));
    assert_true(str_eq(preview.plan, STR("[]")));
    MUST(f, store_preview_use(tx, &id, &f->err));
    FAILS(f, ERR_NOT_FOUND, store_preview_use(tx, &id, &f->err));
    MUST(f, store_preview_add(tx, &preview, -1, &id, &f->err));
    FAILS(f, ERR_NOT_FOUND, store_preview_get(tx, &id, f->arena, &preview, &f->err));
    store_rollbackp(&tx);
}

static enum store_replay begin(struct fixture *f, struct str key, struct str content, struct store_answer *ret_answer)
{
    struct store_key k = {f->user, STR("POST /v1/x"), key, content};
    struct store_keyed keyed;
    MUST(f, store_idempotency_begin(f->store, &f->org, &k, f->arena, &keyed, &f->err));
    if (keyed.replay == STORE_REPLAY)
        *ret_answer = keyed.answer;
    return keyed.replay;
}

static void the_first_answer_is_given_again(void **state)
{
    struct fixture *f = *state;
    struct store_answer answer = {201, STR("/v1/x/1"), STR("{}")}, again;
    struct store_key key = {f->user, STR("POST /v1/x"), STR("k1"), STR("content")};
    assert_int_equal(begin(f, key.key, key.fingerprint, &again), STORE_FIRST);
    assert_int_equal(begin(f, key.key, key.fingerprint, &again), STORE_BUSY);
    assert_int_equal(begin(f, key.key, STR("other"), &again), STORE_MISMATCH);
    struct store_tx *tx = fixture_begin(f);
    MUST(f, store_idempotency_finish(tx, &key, &answer, &f->err));
    fixture_commit(f, tx);
    assert_int_equal(begin(f, key.key, key.fingerprint, &again), STORE_REPLAY);
    assert_int_equal(again.status, 201);
    assert_true(str_eq(again.head, answer.head) && str_eq(again.body, answer.body));
    assert_int_equal(begin(f, key.key, STR("other"), &again), STORE_MISMATCH);
    tx = fixture_begin(f);
    FAILS(f, ERR_KEY_BUSY, store_idempotency_finish(tx, &key, &answer, &f->err)); /* a second one cannot end it too */
    store_rollbackp(&tx);
}

static void a_refused_request_frees_its_key(void **state)
{
    struct fixture *f = *state;
    struct store_answer again;
    struct store_key key = {f->user, STR("POST /v1/x"), STR("k2"), STR("content")};
    assert_int_equal(begin(f, key.key, key.fingerprint, &again), STORE_FIRST);
    MUST(f, store_idempotency_drop(f->store, &f->org, &key, &f->err));
    assert_int_equal(begin(f, key.key, STR("other"), &again), STORE_FIRST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_due_and_forgotten_by_all_jobs_is_found),
        cmocka_unit_test(a_step_leaves_the_state_and_attempt_it_names),
        cmocka_unit_test(two_changes_of_one_contact_are_never_under_way_together),
        cmocka_unit_test(a_connection_stays_while_a_change_is_under_way),
        cmocka_unit_test(a_preview_is_used_once),
        cmocka_unit_test(the_first_answer_is_given_again),
        cmocka_unit_test(a_refused_request_frees_its_key),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
