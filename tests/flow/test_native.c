/* The CRM's own merge of two of its records: never without an administrator's word, only as both were seen, once, also
 * when workers die around every commit or answers get lost; and never undone. The judge is the CRM's ledger. */
#include "tests/flow/world.h"

#include <signal.h>

#define W(state) struct world *w = *(state)

static int people = 1500;
static int die_at; /* the commit to die at, counted from 1; 0 = none */

int __real_store_commit(struct store_tx **tx, struct err *err);
int __wrap_store_commit(struct store_tx **tx, struct err *err);

int __wrap_store_commit(struct store_tx **tx, struct err *err)
{
    if (die_at && --die_at == 0)
        (void)kill(getpid(), SIGKILL);
    return __real_store_commit(tx, err);
}

static int allow(struct world *w, bool merge, int policy)
{
    struct flow_connection connection;
    MUST(w, flow_connection_get(&w->flow, &w->admin, w->fake, w->arena, &connection, &w->err));
    const struct flow_connection_change change = {
        .connection = w->fake, .version = connection.version, .input = {.policy = policy, .native_merge = merge}};
    MUST(w, flow_connection_policy(&w->flow, &w->admin, &change, w->arena, &connection, &w->err));
    assert_true(connection.can_merge);
    assert_true(connection.native_merge == merge);
    return 0;
}

/* A card, and two records of the CRM that both are its person. */
struct two {
    struct flow_contact contact;
    struct contact gives; /* what the record that goes says */
    struct str keep, give;
    struct flow_preview_new wish;
    struct flow_merge_wish merge;
};

static struct flow_review review_of(struct world *w, const struct two *two, struct id record)
{
    const struct flow_review_query query = {
        .contact = world_id(two->contact.id), .connection = w->fake, .record = record};
    struct flow_review review;
    MUST(w, flow_review(&w->flow, &w->user, &query, w->arena, &review, &w->err));
    assert_non_null(review.record);
    return review;
}

static struct two two_new(struct world *w)
{
    struct contact card = world_person(w, people++), one = card, other = card;
    struct two two = {0};
    struct id job;
    one.job_title = STR_NONE;
    other.phones = (struct json_list){NULL, 0};
    two.keep = fake_crm_add(&one, w->arena);
    two.give = fake_crm_add(&other, w->arena);
    two.gives = world_mapped(&other);
    MUST(w, flow_connection_pull(&w->flow, &w->admin, w->fake, &job, &w->err));
    (void)world_work(w);
    two.contact = world_contact(w, &card);
    struct flow_list found;
    MUST(w, flow_candidate_list(&w->flow, &w->user, world_id(two.contact.id), w->arena, &found, &w->err));
    assert_int_equal(found.items.n, 2);
    const struct flow_candidate *candidates = found.items.items;
    for (int i = 0; i < 2; i++) {
        struct flow_review review = review_of(w, &two, world_id(candidates[i].record_id));
        bool keep = str_eq(review.record->remote_id, two.keep);
        if (!keep)
            two.merge = (struct flow_merge_wish){review.record->id, review.record->version};
        else
            two.wish = (struct flow_preview_new){.contact_id = two.contact.id,
                                                 .contact_version = review.contact_version,
                                                 .connection_id = review.connection.id,
                                                 .record_id = review.record->id,
                                                 .remote_version = review.record->version};
    }
    return two;
}

static struct flow_preview preview_of(struct world *w, struct two *two)
{
    struct flow_preview preview;
    two->wish.merge = &two->merge;
    MUST(w, flow_preview(&w->flow, &w->user, &two->wish, w->arena, &preview, &w->err));
    assert_int_equal(preview.action, FLOW_ACTION_MERGE);
    assert_false(preview.reversible);
    return preview;
}

static struct flow_write_back decided(struct world *w, struct two *two)
{
    struct flow_preview preview = preview_of(w, two);
    struct flow_write write = {world_id(preview.id), two->contact.version};
    struct flow_write_back write_back;
    MUST(w, flow_write_commit(&w->flow, &w->user, &write, w->arena, &write_back, &w->err));
    return write_back;
}

static void settle(struct world *w)
{
    do
        world_later(w);
    while (world_work(w) > 0);
}

static void assert_merged_once(struct world *w, const struct two *two, const struct flow_write_back *write_back)
{
    struct flow_contact contact;
    struct flow_list left;
    assert_state(world_write_back(w, write_back), "written");
    assert_int_equal(fake_crm_count("merge", &two->gives, w->arena), 1);
    assert_int_equal(fake_crm_living(&two->gives, w->arena), 0);
    MUST(w, flow_contact_get(&w->flow, &w->user, world_id(two->contact.id), w->arena, &contact, &w->err));
    assert_string_equal(flow_contact_words[contact.state], "matched"); /* the card itself is still to be decided */
    MUST(w, flow_candidate_list(&w->flow, &w->user, world_id(two->contact.id), w->arena, &left, &w->err));
    assert_int_equal(left.items.n, 1);
}

static void nothing_is_merged_without_an_administrators_word(void **state)
{
    W(state);
    struct two two = two_new(w);
    struct flow_preview preview;
    struct flow_write_back write_back;
    two.wish.merge = &two.merge;
    assert_false(review_of(w, &two, world_id(two.wish.record_id)).connection.native_merge);
    FAILS(w, ERR_MERGE_OFF, flow_preview(&w->flow, &w->user, &two.wish, w->arena, &preview, &w->err));
    allow(w, true, FLOW_POLICY_PROPOSE);
    FAILS(w, ERR_PROPOSE_ONLY, flow_preview(&w->flow, &w->user, &two.wish, w->arena, &preview, &w->err));
    allow(w, true, FLOW_POLICY_CONFIRM);
    assert_true(review_of(w, &two, world_id(two.wish.record_id)).connection.native_merge);
    preview = preview_of(w, &two);
    allow(w, false, FLOW_POLICY_CONFIRM); /* a plan from before does not help */
    struct flow_write write = {world_id(preview.id), two.contact.version};
    FAILS(w, ERR_MERGE_OFF, flow_write_commit(&w->flow, &w->user, &write, w->arena, &write_back, &w->err));
    allow(w, true, FLOW_POLICY_CONFIRM);
    write_back = decided(w, &two);
    allow(w, false, FLOW_POLICY_CONFIRM); /* nor does a decision that waits */
    (void)world_work(w);
    assert_state(world_write_back(w, &write_back), "refused");
    assert_int_equal(fake_crm_count("merge", &two.gives, w->arena), 0);
    allow(w, true, FLOW_POLICY_CONFIRM);
}

static void two_records_become_one_and_it_cannot_be_undone(void **state)
{
    W(state);
    struct two two = two_new(w);
    struct flow_preview preview = preview_of(w, &two);
    assert_int_equal(preview.changes.n, 2); /* job title and phones: what goes, what stays */
    struct flow_write_back write_back = decided(w, &two), asked;
    (void)world_work(w);
    assert_merged_once(w, &two, &write_back);
    assert_false(world_write_back(w, &write_back).undoable);
    FAILS(w, ERR_NOT_UNDOABLE, flow_write_undo(&w->flow, &w->user, world_id(write_back.id), w->arena, &asked, &w->err));
}

static void a_wish_that_makes_no_sense_is_refused(void **state)
{
    W(state);
    struct two two = two_new(w);
    struct flow_preview preview;
    struct flow_choice take = {.field = STR("job_title"), .take = 0};
    two.wish.merge = &two.merge;
    two.wish.choices = (struct json_list){&take, 1};
    FAILS(w, ERR_INVALID, flow_preview(&w->flow, &w->user, &two.wish, w->arena, &preview, &w->err));
    two.wish.choices = (struct json_list){NULL, 0};
    struct flow_merge_wish same = {two.wish.record_id, two.wish.remote_version};
    two.wish.merge = &same;
    FAILS(w, ERR_INVALID, flow_preview(&w->flow, &w->user, &two.wish, w->arena, &preview, &w->err));
    struct flow_merge_wish stale = {two.merge.record_id, STR("e99")};
    two.wish.merge = &stale;
    FAILS(w, ERR_CRM_CONFLICT, flow_preview(&w->flow, &w->user, &two.wish, w->arena, &preview, &w->err));
    struct flow_merge_wish nobody = {STR("00000000-0000-7000-8000-000000000000"), STR("e1")};
    two.wish.merge = &nobody;
    FAILS(w, ERR_NOT_FOUND, flow_preview(&w->flow, &w->user, &two.wish, w->arena, &preview, &w->err));
}

static void a_record_that_changed_meanwhile_is_a_conflict(void **state)
{
    W(state);
    for (int which = 0; which < 2; which++) {
        struct two two = two_new(w);
        struct flow_write_back write_back = decided(w, &two);
        struct contact other = world_person(w, people++);
        fake_crm_touch(which ? two.keep : two.give, &other, w->arena);
        (void)world_work(w);
        settle(w);
        assert_state(world_write_back(w, &write_back), "conflict");
        assert_int_equal(fake_crm_count("merge", &two.gives, w->arena), 0);
    }
}

static void lost_answers_are_looked_for(void **state)
{
    W(state);
    static const enum fake_fault faults[] = {FAKE_LOST_AFTER, FAKE_LOST_BEFORE, FAKE_DOWN, FAKE_QUOTA};
    for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
        struct two two = two_new(w);
        struct flow_write_back write_back = decided(w, &two);
        fake_crm->fault = faults[i];
        (void)world_work(w);
        settle(w);
        assert_merged_once(w, &two, &write_back);
    }
}

static void workers_that_die_merge_once(void **state)
{
    W(state);
    for (int commit = 1; commit <= 4; commit++) {
        struct two two = two_new(w);
        struct flow_write_back write_back = decided(w, &two);
        die_at = commit;
        (void)world_work_and_die(w);
        die_at = 0;
        settle(w);
        assert_merged_once(w, &two, &write_back);
    }
    static const enum fake_fault faults[] = {FAKE_KILL_BEFORE, FAKE_KILL_AFTER};
    for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
        struct two two = two_new(w);
        struct flow_write_back write_back = decided(w, &two);
        fake_crm->fault = faults[i];
        assert_true(world_work_and_die(w));
        settle(w);
        assert_merged_once(w, &two, &write_back);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_merged_without_an_administrators_word),
        cmocka_unit_test(two_records_become_one_and_it_cannot_be_undone),
        cmocka_unit_test(a_wish_that_makes_no_sense_is_refused),
        cmocka_unit_test(a_record_that_changed_meanwhile_is_a_conflict),
        cmocka_unit_test(lost_answers_are_looked_for),
        cmocka_unit_test(workers_that_die_merge_once),
    };
    return cmocka_run_group_tests(tests, world_setup, world_teardown);
}
