/* Employers that are records of their own: of several the person's choice is linked, none proposes those alike, and the
 * way back links what was linked before. The judge is what the fake CRM was told to link. */
#include "tests/flow/world.h"

#include "flow/merge/plan.h"
#include "flow/policy.h"
#include "store/crm/company.h"
#include "store/session.h"
#include "tests/flow/fake_firms.h"

#define W(state) struct world *w = *(state)

static int people = 900;
static struct id linking;

static struct contact person_of(struct world *w, const char *firm)
{
    struct contact card = world_person(w, people++);
    card.organization = str_c(firm);
    return card;
}

static struct flow_write_back written(struct world *w, const struct flow_preview *preview, int64_t version)
{
    struct flow_write write = {world_id(preview->id), version};
    struct flow_write_back write_back;
    MUST(w, flow_write_commit(&w->flow, &w->user, &write, w->arena, &write_back, &w->err));
    (void)world_work(w);
    write_back = world_write_back(w, &write_back);
    assert_state(write_back, "written");
    return write_back;
}

static const struct flow_company *choice(const struct flow_preview *preview, size_t i)
{
    assert_true(preview->company && i < preview->company->choices.n);
    return (const struct flow_company *)preview->company->choices.items + i;
}

static void the_only_one_of_the_name_is_linked_without_a_question(void **state)
{
    W(state);
    fake_firm_add("Einzig GmbH", NULL);
    struct contact card = person_of(w, "Einzig GmbH");
    struct flow_contact contact = world_contact(w, &card);
    struct flow_preview_new input = world_wish(w, &contact, linking);
    struct flow_preview preview;
    MUST(w, flow_preview(&w->flow, &w->user, &input, w->arena, &preview, &w->err));
    assert_null(preview.company);
    struct flow_write_back done = written(w, &preview, contact.version);
    assert_string_equal(fake_firm_of(done.remote_id), "c0");
}

static void of_several_the_chosen_one_is_linked(void **state)
{
    W(state);
    fake_firm_add("Zwilling AG", "Köln");
    fake_firm_add("Zwilling AG", "Wien");
    struct contact card = person_of(w, "Zwilling AG");
    struct flow_contact contact = world_contact(w, &card);
    struct flow_preview_new input = world_wish(w, &contact, linking);
    struct flow_preview asked, chosen;
    MUST(w, flow_preview(&w->flow, &w->user, &input, w->arena, &asked, &w->err));
    assert_int_equal(asked.company->found, FLOW_COMPANY_SEVERAL);
    assert_int_equal(asked.company->choices.n, 2);
    assert_true(str_eq(choice(&asked, 1)->place, STR("Wien")));
    struct flow_company wien = *choice(&asked, 1);
    input.company = &wien;
    MUST(w, flow_preview(&w->flow, &w->user, &input, w->arena, &chosen, &w->err));
    assert_null(chosen.company);
    struct flow_write_back done = written(w, &chosen, contact.version);
    assert_string_equal(fake_firm_of(done.remote_id), "c2");
}

static void where_none_has_the_name_those_alike_are_proposed(void **state)
{
    W(state);
    fake_firm_add("Nordlicht Reederei SE", "Kiel");
    fake_firm_add("Nordlicht Verlag", NULL);
    struct contact card = person_of(w, "Nordlicht Reederei GmbH & Co. KG"),
                   strange = person_of(w, "Nordlicht Werft AG");
    struct flow_contact contact = world_contact(w, &card), other = world_contact(w, &strange);
    struct flow_preview_new input = world_wish(w, &contact, linking), second = world_wish(w, &other, linking);
    struct flow_preview asked, chosen;
    MUST(w, flow_preview(&w->flow, &w->user, &input, w->arena, &asked, &w->err));
    assert_int_equal(asked.company->found, FLOW_COMPANY_NONE);
    assert_int_equal(asked.company->choices.n, 1); /* the core of the name is enough */
    struct flow_company reederei = *choice(&asked, 0);
    input.company = &reederei;
    MUST(w, flow_preview(&w->flow, &w->user, &input, w->arena, &chosen, &w->err));
    bool told = false; /* the change says the CRM's name, as the record will */
    for (size_t i = 0; i < chosen.changes.n; i++) {
        const struct flow_change *change = (const struct flow_change *)chosen.changes.items + i;
        told |= str_eq(change->field, STR("organization")) && str_eq(change->after, STR("\"Nordlicht Reederei SE\""));
    }
    assert_true(told);
    struct flow_write_back done = written(w, &chosen, contact.version);
    assert_string_equal(fake_firm_of(done.remote_id), "c3");
    const struct flow_ruling *rulings = done.rulings.items;
    size_t overruled = 0;
    for (size_t i = 0; i < done.rulings.n; i++) {
        bool organization = str_eq(rulings[i].field, STR("organization"));
        assert_true(str_eq(rulings[i].rule, STR("only-card")));
        assert_int_equal(rulings[i].overridden, organization);
        overruled += organization;
    }
    assert_int_equal(overruled, 1);
    MUST(w, flow_preview(&w->flow, &w->user, &second, w->arena, &asked, &w->err));
    assert_int_equal(asked.company->choices.n, 2); /* the first word of it is */
}

static void a_choice_that_the_crm_does_not_have_is_refused(void **state)
{
    W(state);
    struct contact card = person_of(w, "Zwilling AG");
    struct flow_contact contact = world_contact(w, &card);
    struct flow_preview_new input = world_wish(w, &contact, linking);
    struct flow_company wrong[] = {{STR("c99"), STR("Zwilling AG"), STR_NONE},
                                   {STR("c1"), STR("Einzig GmbH"), STR_NONE},
                                   {STR("c1"), STR(""), STR_NONE}};
    struct flow_preview preview;
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        input.company = &wrong[i];
        FAILS(w, ERR_INVALID, flow_preview(&w->flow, &w->user, &input, w->arena, &preview, &w->err));
        assert_string_equal(w->err.pointer, "/company");
    }
}

static void the_way_back_links_what_was_linked_before(void **state)
{
    W(state);
    struct contact card = person_of(w, "Zwilling AG");
    struct flow_contact contact = world_contact(w, &card);
    struct flow_preview_new input = world_wish(w, &contact, linking);
    struct flow_company koeln = {STR("c1"), STR("Zwilling AG"), STR_NONE};
    struct flow_preview preview;
    input.company = &koeln;
    MUST(w, flow_preview(&w->flow, &w->user, &input, w->arena, &preview, &w->err));
    struct str remote = written(w, &preview, contact.version).remote_id;
    card.organization = STR("Einzig GmbH"); /* the same person, elsewhere */
    contact = world_contact(w, &card);
    input = world_wish(w, &contact, linking);
    assert_true(input.record_id.p);
    struct flow_choice take = {.field = STR("organization"), .take = FLOW_TAKE_CARD};
    input.choices = (struct json_list){&take, 1};
    MUST(w, flow_preview(&w->flow, &w->user, &input, w->arena, &preview, &w->err));
    struct flow_write_back moved = written(w, &preview, contact.version), asked;
    assert_string_equal(fake_firm_of(remote), "c0");
    MUST(w, flow_write_undo(&w->flow, &w->user, world_id(moved.id), w->arena, &asked, &w->err));
    (void)world_work(w);
    assert_state(world_write_back(w, &moved), "undone");
    assert_string_equal(fake_firm_of(remote), "c1"); /* its name alone has two */
}

static void companies_are_searched_where_there_are_such(void **state)
{
    W(state);
    struct json_list found;
    struct flow_company_query query = {linking, STR(" zwilling ")};
    MUST(w, flow_companies(&w->flow, &w->user, &query, w->arena, &found, &w->err));
    assert_int_equal(found.n, 2);
    query.text = STR("z");
    FAILS(w, ERR_INVALID, flow_companies(&w->flow, &w->user, &query, w->arena, &found, &w->err));
    query = (struct flow_company_query){w->fake, STR("zwilling")};
    FAILS(w, ERR_NOT_FOUND, flow_companies(&w->flow, &w->user, &query, w->arena, &found, &w->err));
}

/* ---- A company that is made ---- */

static struct world *the_world; /* for what happens in the middle of a call */

static int make(struct world *w, const char *name, struct flow_company *ret_company)
{
    const struct flow_company_new input = {linking, str_c(name)};
    return flow_company_make(&w->flow, &w->user, &input, w->arena, ret_company, &w->err);
}

static void a_new_company_is_made_when_a_person_says_so_and_linked(void **state)
{
    W(state);
    struct contact card = person_of(w, "Morgenrot Werke KG");
    struct flow_contact contact = world_contact(w, &card);
    struct flow_preview_new input = world_wish(w, &contact, linking);
    struct flow_preview preview;
    struct flow_company made, again;
    MUST(w, flow_preview(&w->flow, &w->user, &input, w->arena, &preview, &w->err));
    assert_true(preview.company->can_make);
    assert_int_equal(fake_firms_named("Morgenrot Werke KG"), 0); /* a dry run makes nothing */
    fake_firms_make(FAKE_MAKES_UNSEEN);
    MUST(w, make(w, " Morgenrot  Werke KG ", &made));
    assert_string_equal(str_z(w->arena, made.name), "Morgenrot Werke KG");
    input.company = &made; /* which the CRM's search does not see yet */
    MUST(w, flow_preview(&w->flow, &w->user, &input, w->arena, &preview, &w->err));
    struct flow_write_back done = written(w, &preview, contact.version);
    assert_true(str_eq(str_c(fake_firm_of(done.remote_id)), made.id));
    MUST(w, make(w, "MORGENROT WERKE KG", &again)); /* the next card of it, seconds later */
    assert_true(str_eq(again.id, made.id));
    fake_firms_make(FAKE_MAKES);
    world_age_claims(w, 10); /* … or later */
    MUST(w, make(w, "Morgenrot Werke KG", &again));
    assert_true(str_eq(again.id, made.id));
    assert_int_equal(fake_firms_named("Morgenrot Werke KG"), 1);
}

static void a_company_whose_answer_got_lost_is_not_made_twice(void **state)
{
    W(state);
    static const struct {
        enum fake_making how;
        const char *name;
        size_t there;
    } losses[] = {{FAKE_LOSES_ANSWER, "Lost Answer Ltd", 1}, {FAKE_LOSES_CALL, "Lost Call Ltd", 0}};
    for (size_t i = 0; i < ARRAY_LEN(losses); i++) {
        struct flow_company made;
        fake_firms_make(losses[i].how);
        FAILS(w, ERR_CRM_UNCERTAIN, make(w, losses[i].name, &made));
        fake_firms_make(FAKE_MAKES);
        size_t asked = fake_firms_asked();
        FAILS(w, ERR_BUSY, make(w, losses[i].name, &made)); /* the search may not see it yet */
        assert_int_equal(fake_firms_asked(), asked);
        assert_int_equal(fake_firms_named(losses[i].name), losses[i].there);
        world_age_claims(w, 4);
        MUST(w, make(w, losses[i].name, &made));
        assert_int_equal(fake_firms_named(losses[i].name), 1);
    }
}

static void at_the_same_moment(void)
{
    struct flow_company made;
    FAILS(the_world, ERR_BUSY, make(the_world, "Gleichzeitig SE", &made));
}

static void of_two_at_once_one_makes_it(void **state)
{
    W(state);
    struct flow_company made;
    the_world = w;
    fake_firms_meanwhile = at_the_same_moment;
    MUST(w, make(w, "Gleichzeitig SE", &made));
    assert_int_equal(fake_firms_named("Gleichzeitig SE"), 1);
}

static void a_name_that_several_have_by_now_is_for_a_person(void **state)
{
    W(state);
    struct flow_company made;
    fake_firms_make(FAKE_MAKES_TWICE);
    FAILS(w, ERR_CRM_UNCERTAIN, make(w, "Doppelt OHG", &made));
    world_age_claims(w, 4);
    fake_firms_make(FAKE_MAKES);
    FAILS(w, ERR_CONFLICT, make(w, "Doppelt OHG", &made));
    assert_int_equal(fake_firms_named("Doppelt OHG"), 2);
}

static void what_the_crm_refuses_can_be_asked_again_at_once(void **state)
{
    W(state);
    struct flow_company made;
    fake_firms_make(FAKE_REFUSES);
    FAILS(w, ERR_CRM_REFUSED, make(w, "Erst nein GmbH", &made));
    fake_firms_make(FAKE_WAITS);
    FAILS(w, ERR_CRM_QUOTA, make(w, "Erst nein GmbH", &made));
    fake_firms_make(FAKE_MAKES);
    MUST(w, make(w, "Erst nein GmbH", &made));
    assert_int_equal(fake_firms_named("Erst nein GmbH"), 1);
}

static void where_nothing_may_be_written_no_company_is_made(void **state)
{
    W(state);
    const struct flow_company_new input = {w->fake, STR("Verboten AG")};
    struct contact card = person_of(w, "Verboten AG");
    struct flow_contact contact = world_contact(w, &card);
    struct flow_preview_new wish = world_wish(w, &contact, linking);
    struct flow_preview preview;
    struct flow_company made;
    size_t asked = fake_firms_asked();
    world_policy(w, linking, FLOW_POLICY_PROPOSE);
    FAILS(w, ERR_PROPOSE_ONLY, make(w, "Verboten AG", &made));
    MUST(w, flow_preview(&w->flow, &w->user, &wish, w->arena, &preview, &w->err));
    assert_false(preview.company->can_make);
    world_policy(w, linking, FLOW_POLICY_READ);
    FAILS(w, ERR_READ_ONLY, make(w, "Verboten AG", &made));
    world_policy(w, linking, FLOW_POLICY_CONFIRM);
    FAILS(w, ERR_INVALID, make(w, " x ", &made));
    assert_string_equal(w->err.pointer, "/name");
    FAILS(w, ERR_NOT_FOUND,
          flow_company_make(&w->flow, &w->user, &input, w->arena, &made, &w->err)); /* it links none */
    assert_int_equal(fake_firms_asked(), asked);
}

static bool is_claimed(struct world *w, const char *name)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    const struct store_company company = {linking, str_c(name)};
    struct store_company_claim claim;
    MUST(w, store_begin(w->store, &w->user.org, &tx, &w->err));
    return store_company_get(tx, &company, w->arena, &claim, &w->err) == 0;
}

static void claims_go_after_thirty_days(void **state)
{
    W(state);
    struct flow_company made;
    MUST(w, make(w, "Vergessen eG", &made));
    world_age_claims(w, 29 * 24 * 60);
    MUST(w, store_prune(w->store, &w->err));
    assert_true(is_claimed(w, "vergessen eg"));
    world_age_claims(w, 2 * 24 * 60);
    MUST(w, store_prune(w->store, &w->err));
    assert_false(is_claimed(w, "vergessen eg"));
}

static int setup(void **state)
{
    if (world_setup(state) < 0)
        return -1;
    linking = world_connect(*state, "linking");
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_only_one_of_the_name_is_linked_without_a_question),
        cmocka_unit_test(of_several_the_chosen_one_is_linked),
        cmocka_unit_test(where_none_has_the_name_those_alike_are_proposed),
        cmocka_unit_test(a_choice_that_the_crm_does_not_have_is_refused),
        cmocka_unit_test(the_way_back_links_what_was_linked_before),
        cmocka_unit_test(companies_are_searched_where_there_are_such),
        cmocka_unit_test(a_new_company_is_made_when_a_person_says_so_and_linked),
        cmocka_unit_test(a_company_whose_answer_got_lost_is_not_made_twice),
        cmocka_unit_test(of_two_at_once_one_makes_it),
        cmocka_unit_test(a_name_that_several_have_by_now_is_for_a_person),
        cmocka_unit_test(what_the_crm_refuses_can_be_asked_again_at_once),
        cmocka_unit_test(where_nothing_may_be_written_no_company_is_made),
        cmocka_unit_test(claims_go_after_thirty_days),
    };
    return cmocka_run_group_tests(tests, setup, world_teardown);
}
