/* What a policy lets happen: nothing is written that it forbids, whoever asks and whenever it was changed; and what it
 * fills by itself is filled once, over nothing, and can be taken back. The judge is the CRM's ledger. */
#include "flow/fairs.h"
#include "flow/merge/plan.h"
#include "flow/submit.h"
#include "tests/flow/world.h"

#define W(state) struct world *w = *(state)

static int people = 500;

static void each_policy_refuses_what_it_forbids(void **state)
{
    W(state);
    struct contact card = world_person(w, people++);
    struct flow_contact contact = world_contact(w, &card);
    struct flow_write_back write_back;
    struct flow_preview preview;
    world_policy(w, w->fake, FLOW_POLICY_READ);
    struct flow_preview_new input = world_wish(w, &contact, w->fake);
    FAILS(w, ERR_READ_ONLY, flow_preview(&w->flow, &w->user, &input, w->arena, &preview, &w->err));
    world_policy(w, w->fake, FLOW_POLICY_PROPOSE);
    MUST(w, flow_preview(&w->flow, &w->user, &input, w->arena, &preview, &w->err));
    struct flow_write write = {world_id(preview.id), contact.version};
    FAILS(w, ERR_PROPOSE_ONLY, flow_write_commit(&w->flow, &w->user, &write, w->arena, &write_back, &w->err));
    world_policy(w, w->fake, FLOW_POLICY_READ); /* a plan that was made under another policy does not help */
    FAILS(w, ERR_READ_ONLY, flow_write_commit(&w->flow, &w->admin, &write, w->arena, &write_back, &w->err));
    struct contact mapped = world_mapped(&card);
    assert_int_equal(fake_crm_count("create", &mapped, w->arena), 0);
    world_policy(w, w->fake, FLOW_POLICY_CONFIRM);
    MUST(w, flow_write_commit(&w->flow, &w->user, &write, w->arena, &write_back, &w->err));
    (void)world_work(w);
    assert_int_equal(fake_crm_count("create", &mapped, w->arena), 1);
    world_policy(w, w->fake, FLOW_POLICY_READ);
    FAILS(w, ERR_READ_ONLY,
          flow_write_undo(&w->flow, &w->user, world_id(write_back.id), w->arena, &write_back, &w->err));
    assert_int_equal(fake_crm_living(&mapped, w->arena), 1);
    world_policy(w, w->fake, FLOW_POLICY_CONFIRM);
}

static void what_waits_is_held_against_the_policy_of_today(void **state)
{
    W(state);
    for (int waits = 0; waits < 2; waits++) {
        struct contact card = world_person(w, people++), mapped = world_mapped(&card);
        struct flow_contact contact = world_contact(w, &card);
        struct flow_write_back write_back = world_write(w, &contact, w->fake);
        fake_crm->fault = waits ? FAKE_DOWN : FAKE_FINE;
        if (waits)
            (void)world_work(w);
        world_policy(w, w->fake, FLOW_POLICY_READ);
        world_later(w);
        (void)world_work(w);
        write_back = world_write_back(w, &write_back);
        assert_state(write_back, "refused");
        assert_true(write_back.problem && str_eq(write_back.problem->type, STR("/problems/connection-reads-only")));
        assert_int_equal(fake_crm_count("create", &mapped, w->arena), 0);
        world_policy(w, w->fake, FLOW_POLICY_CONFIRM);
    }
}

/* A record of the person in the CRM, without phones and with another job title; pulled. */
static struct str known(struct world *w, const struct contact *card)
{
    struct contact there = *card;
    struct id job;
    there.phones = (struct json_list){NULL, 0};
    there.job_title = STR("Vorarbeiter");
    struct str remote = fake_crm_add(&there, w->arena);
    MUST(w, flow_connection_pull(&w->flow, &w->admin, w->fake, &job, &w->err));
    (void)world_work(w);
    return remote;
}

static struct flow_contact added(struct world *w, const struct contact *card)
{
    const struct flow_contact_new input = {.contact = card};
    struct flow_contact contact;
    MUST(w, flow_contact_create(&w->flow, &w->user, &input, w->arena, &contact, &w->err));
    (void)world_work(w);
    return contact;
}

/* The only write-back of the contact, NULL when there is none. */
static struct flow_write_back *only_write_back(struct world *w, const struct flow_contact *contact)
{
    const struct flow_write_query query = {.contact = world_id(contact->id), .state = -1, .page = {.limit = 10}};
    struct flow_list list;
    MUST(w, flow_write_list(&w->flow, &w->user, &query, w->arena, &list, &w->err));
    assert_true(list.items.n <= 1);
    return list.items.n ? list.items.items : NULL;
}

static void empty_fields_of_an_obvious_match_are_filled_once_and_can_be_taken_back(void **state)
{
    W(state);
    struct contact card = world_person(w, people++), after = world_mapped(&card);
    after.job_title = STR("Vorarbeiter"); /* what is there stays */
    (void)known(w, &card);
    world_policy(w, w->fake, FLOW_POLICY_FILL);
    struct flow_contact contact = added(w, &card);
    assert_int_equal(fake_crm_count("update", &after, w->arena), 1);
    struct flow_write_back *write_back = only_write_back(w, &contact), undone;
    assert_non_null(write_back);
    assert_state(*write_back, "written");
    MUST(w, flow_write_undo(&w->flow, &w->user, world_id(write_back->id), w->arena, &undone, &w->err));
    (void)world_work(w);
    assert_state(world_write_back(w, write_back), "undone");
    assert_int_equal(fake_crm_living(&after, w->arena), 0);
    struct flow_contact_patch again = {.contact = world_id(contact.id)}; /* compared anew: not filled anew */
    MUST(w, flow_contact_get(&w->flow, &w->user, world_id(contact.id), w->arena, &contact, &w->err));
    again.version = contact.version;
    again.patch = STR("{\"department\":\"Lager\"}");
    MUST(w, flow_contact_patch(&w->flow, &w->user, &again, w->arena, &contact, &w->err));
    (void)world_work(w);
    assert_int_equal(fake_crm_count("update", &after, w->arena), 1);
    world_policy(w, w->fake, FLOW_POLICY_CONFIRM);
}

static void a_filled_change_names_the_policy_and_nobody(void **state)
{
    W(state);
    struct contact card = world_person(w, people++);
    (void)known(w, &card);
    world_policy(w, w->fake, FLOW_POLICY_FILL);
    struct flow_contact contact = added(w, &card);
    const struct flow_write_back *write_back = only_write_back(w, &contact);
    assert_non_null(write_back);
    assert_false(write_back->by.p);
    assert_true(str_eq(write_back->policy, STR("fill")));
    const struct flow_ruling *rulings = write_back->rulings.items;
    assert_int_equal(write_back->rulings.n, 2); /* phones, filled, and job_title, left */
    for (size_t i = 0; i < write_back->rulings.n; i++) {
        bool filled = str_eq(rulings[i].field, STR("phones"));
        assert_true(filled || str_eq(rulings[i].field, STR("job_title")));
        assert_true(str_eq(rulings[i].rule, STR("policy-fills-blanks")));
        assert_int_equal(rulings[i].take, filled ? FLOW_TAKE_CARD : FLOW_TAKE_CRM);
        assert_false(rulings[i].overridden);
    }
    world_policy(w, w->fake, FLOW_POLICY_CONFIRM);
    card = world_person(w, people++);
    contact = world_contact(w, &card);
    struct flow_write_back theirs = world_write(w, &contact, w->fake);
    assert_true(theirs.by.p);
    assert_false(theirs.policy.p);
}

static struct flow_contact photographed(struct world *w, const struct contact *card, const char *doubtful)
{
    const struct flow_submit_goal goal = {.fair = {""}};
    struct flow_submit *submit;
    struct flow_scan scan;
    struct flow_contact contact;
    bool earlier;
    w->reading = str_printf(
        w->arena,
        "{\"width\":800,\"height\":500,\"media_type\":\"image/"
        "jpeg\",\"cards\":[{\"card\":1,\"quad\":[],\"contact\":%.*s,"
        "\"fields\":[{\"field\":\"%s\",\"value\":\"\",\"raw\":\"\",\"confidence\":0.3,\"box\":[1,2,3,4],\"card_box\":"
        "[5,6,7,8],\"alternatives\":[]}],\"unassigned\":[],\"quality\":{\"advice\":[],\"sharpness\":0.5},\"ms\":{},"
        "\"width\":700,\"height\":400,\"jpeg\":\"/9j/4AAQ\"}],\"problem\":null,\"param\":null}",
        STR_ARG(json_write(&contact_shape, card, w->arena)), doubtful);
    MUST(w, flow_submit_begin(&w->flow, &w->user, &goal, &submit, &w->err));
    MUST(w, flow_submit_write(submit, str_printf(w->arena, "\xff\xd8\xff\xe0 %d %0200d", people, 0), &w->err));
    MUST(w, flow_submit_commit(submit, w->arena, &scan, &earlier, &w->err));
    flow_submit_free(submit);
    (void)world_work(w);
    MUST(w, flow_scan_get(&w->flow, &w->user, world_id(scan.id), w->arena, &scan, &w->err));
    assert_int_equal(scan.cards.n, 1);
    const struct flow_scan_card *read = scan.cards.items;
    MUST(w, flow_contact_get(&w->flow, &w->user, world_id(read->contact_id), w->arena, &contact, &w->err));
    return contact;
}

static void what_is_hard_to_read_is_not_filled_unseen(void **state)
{
    W(state);
    world_policy(w, w->fake, FLOW_POLICY_FILL);
    for (int doubtful = 0; doubtful < 2; doubtful++) {
        struct contact card = world_person(w, people++);
        (void)known(w, &card);
        struct flow_contact contact = photographed(w, &card, doubtful ? "phones/0" : "job_title");
        assert_int_equal(!only_write_back(w, &contact), doubtful);
    }
    world_policy(w, w->fake, FLOW_POLICY_CONFIRM);
}

static void two_that_fit_or_another_policy_fill_nothing(void **state)
{
    W(state);
    for (int twice = 0; twice < 2; twice++) {
        struct contact card = world_person(w, people++);
        (void)known(w, &card);
        if (twice)
            (void)known(w, &card);
        world_policy(w, w->fake, twice ? FLOW_POLICY_FILL : FLOW_POLICY_CONFIRM);
        struct flow_contact contact = world_contact(w, &card);
        assert_null(only_write_back(w, &contact));
        world_policy(w, w->fake, FLOW_POLICY_CONFIRM);
    }
}

static void only_administrators_change_it(void **state)
{
    W(state);
    struct flow_connection connection;
    MUST(w, flow_connection_get(&w->flow, &w->admin, w->fake, w->arena, &connection, &w->err));
    struct flow_connection_change change = {
        .connection = w->fake, .version = connection.version, .input = {.policy = FLOW_POLICY_READ}};
    FAILS(w, ERR_FORBIDDEN, flow_connection_policy(&w->flow, &w->user, &change, w->arena, &connection, &w->err));
    change.version--;
    FAILS(w, ERR_STALE, flow_connection_policy(&w->flow, &w->admin, &change, w->arena, &connection, &w->err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_policy_refuses_what_it_forbids),
        cmocka_unit_test(what_waits_is_held_against_the_policy_of_today),
        cmocka_unit_test(empty_fields_of_an_obvious_match_are_filled_once_and_can_be_taken_back),
        cmocka_unit_test(a_filled_change_names_the_policy_and_nobody),
        cmocka_unit_test(what_is_hard_to_read_is_not_filled_unseen),
        cmocka_unit_test(two_that_fit_or_another_policy_fill_nothing),
        cmocka_unit_test(only_administrators_change_it),
    };
    return cmocka_run_group_tests(tests, world_setup, world_teardown);
}
