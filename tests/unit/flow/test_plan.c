/* The merge: groups, proposals, and what choices make of a record. */
#include "tests/unit/unit.h"

#include "flow/merge/plan.h"

#define ARENA(state) struct arena *arena = *(state)

static struct json_list values(struct arena *arena, const char *const *texts)
{
    size_t n = 0;
    while (texts[n])
        n++;
    struct contact_value *list = arena_array(arena, n, sizeof *list);
    for (size_t i = 0; i < n; i++)
        list[i] = (struct contact_value){.value = str_c(texts[i]), .kind = CONTACT_WORK};
    return (struct json_list){list, n};
}
#define VALUES(...) values(arena, (const char *const[]){__VA_ARGS__, NULL})

static const struct flow_row *row_of(const struct flow_row *rows, size_t n, const char *field)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(rows[i].field->name, field) == 0)
            return &rows[i];
    return NULL;
}

#define assert_row(row, group_, take_, why_)                                                                           \
    do {                                                                                                               \
        assert_non_null(row);                                                                                          \
        assert_int_equal((row)->group, group_);                                                                        \
        assert_int_equal((row)->proposal, take_);                                                                      \
        assert_string_equal((row)->why, why_);                                                                         \
    } while (0)

static struct contact merged(const struct flow_sides *sides, const struct flow_pick *picks, size_t n,
                             struct arena *arena)
{
    struct flow_picks all = {picks, n, "DE"};
    struct contact after;
    struct json_list rulings;
    struct err err;
    assert_int_equal(flow_merge(sides, &all, arena, &after, &rulings, &err), 0);
    return after;
}

static void defaults_keep_identity_and_take_what_is_newer(void **state)
{
    ARENA(state);
    struct contact card = {.given_name = STR("Anna"),
                           .family_name = STR("Schmitt"),
                           .job_title = STR("Leiterin"),
                           .name_prefix = STR("Dr."),
                           .emails = VALUES("anna@new.example")};
    struct contact crm = {.given_name = STR("Anna"),
                          .family_name = STR("Schmidt"),
                          .job_title = STR("Assistenz"),
                          .department = STR("Einkauf"),
                          .emails = VALUES("anna@old.example")};
    struct flow_sides sides = {.card = &card, .crm = &crm};
    struct flow_row *rows;
    size_t n = flow_rows(&sides, arena, &rows);
    assert_row(row_of(rows, n, "given_name"), FLOW_GROUP_EQUAL, FLOW_TAKE_CRM, "same");
    assert_row(row_of(rows, n, "family_name"), FLOW_GROUP_CONFLICT, FLOW_TAKE_CRM, "crm-knows-names-better");
    assert_row(row_of(rows, n, "job_title"), FLOW_GROUP_CONFLICT, FLOW_TAKE_CARD, "card-is-newer");
    assert_row(row_of(rows, n, "name_prefix"), FLOW_GROUP_ADDITION, FLOW_TAKE_CARD, "only-card");
    assert_row(row_of(rows, n, "department"), FLOW_GROUP_EQUAL, FLOW_TAKE_CRM, "only-crm");
    assert_row(row_of(rows, n, "emails"), FLOW_GROUP_CONFLICT, FLOW_TAKE_BOTH, "values-live-side-by-side");
    for (size_t i = 1; i < n; i++)
        assert_true(rows[i - 1].group <= rows[i].group);
    struct contact after = merged(&sides, NULL, 0, arena);
    assert_text(after.family_name, "Schmidt");
    assert_text(after.job_title, "Leiterin");
    assert_text(after.department, "Einkauf");
    const struct contact_value *mails = after.emails.items;
    assert_int_equal(after.emails.n, 2);
    assert_text(mails[0].value, "anna@old.example");
    assert_text(mails[1].value, "anna@new.example");
}

static void a_doubtful_reading_never_replaces_what_the_crm_has(void **state)
{
    ARENA(state);
    double box[] = {1, 2, 3, 4};
    struct contact_claim claims[] = {
        {.field = STR("job_title"), .confidence = 0.3, .card_box = {box, 4}},
        {.field = STR("emails/0"), .confidence = 0.4},
        {.field = STR("emails/1"), .confidence = 0.9},
    };
    struct json_list list = {claims, ARRAY_LEN(claims)};
    struct contact card = {.job_title = STR("Le1ter"), .emails = VALUES("anna@x.example", "a@y.example")};
    struct contact crm = {.job_title = STR("Leiter"), .family_name = STR("Schmidt")};
    struct flow_sides sides = {.card = &card, .crm = &crm, .claims = &list};
    struct flow_row *rows;
    size_t n = flow_rows(&sides, arena, &rows);
    assert_row(row_of(rows, n, "job_title"), FLOW_GROUP_CONFLICT, FLOW_TAKE_CRM, "doubtful-reading");
    assert_row(row_of(rows, n, "emails"), FLOW_GROUP_ADDITION, FLOW_TAKE_CRM, "doubtful-reading");
    assert_ptr_equal(row_of(rows, n, "job_title")->claim, &claims[0]);
    assert_true(row_of(rows, n, "emails")->confidence < 0.5);
    assert_null(row_of(rows, n, "emails")->claim);
    sides.crm = NULL; /* a new record takes it: a gap is harder to see than a doubt */
    n = flow_rows(&sides, arena, &rows);
    assert_row(row_of(rows, n, "job_title"), FLOW_GROUP_ADDITION, FLOW_TAKE_CARD, "only-card");
}

static void somebody_who_moved_brings_the_new_employer(void **state)
{
    ARENA(state);
    struct contact card = {.organization = STR("Neu GmbH")}, crm = {.organization = STR("Alt AG")};
    struct flow_sides sides = {.card = &card, .crm = &crm};
    struct flow_row *rows;
    assert_int_equal(flow_rows(&sides, arena, &rows), 1);
    assert_row(&rows[0], FLOW_GROUP_CONFLICT, FLOW_TAKE_CRM, "crm-knows-names-better");
    sides.moved = true;
    assert_int_equal(flow_rows(&sides, arena, &rows), 1);
    assert_row(&rows[0], FLOW_GROUP_CONFLICT, FLOW_TAKE_CARD, "new-employer");
}

static bool no_department(const void *self, const struct contact_field *field)
{
    return strcmp(field->name, self) != 0;
}

static void what_the_crm_has_no_place_for_stays_out(void **state)
{
    ARENA(state);
    struct contact card = {.family_name = STR("Schmidt"), .department = STR("Einkauf")};
    struct flow_sides sides = {.card = &card, .mapped = no_department, .mapped_self = "department"};
    struct flow_pick pick = {.field = contact_field_find(STR("department")), .take = FLOW_TAKE_CARD};
    struct flow_picks picks = {&pick, 1, "DE"};
    struct flow_row *rows;
    struct contact after;
    struct json_list rulings;
    struct err err;
    size_t n = flow_rows(&sides, arena, &rows);
    assert_row(row_of(rows, n, "department"), FLOW_GROUP_UNMAPPED, FLOW_TAKE_CRM, "no-place-in-crm");
    after = merged(&sides, NULL, 0, arena);
    assert_null(after.department.p);
    assert_text(after.family_name, "Schmidt");
    assert_int_equal(flow_merge(&sides, &picks, arena, &after, &rulings, &err), -1);
    assert_string_equal(err.pointer, "/choices/0");
}

static void a_person_has_the_last_word(void **state)
{
    ARENA(state);
    struct contact card = {
        .family_name = STR("Schmitt"), .job_title = STR("Leiterin"), .phones = VALUES("+4930111111")};
    struct contact crm = {
        .family_name = STR("Schmidt"), .job_title = STR("Assistenz"), .phones = VALUES("+4930222222")};
    struct flow_sides sides = {.card = &card, .crm = &crm};
    struct flow_pick picks[] = {
        {.field = contact_field_find(STR("family_name")), .take = FLOW_TAKE_CARD},
        {.field = contact_field_find(STR("job_title")), .take = FLOW_TAKE_OWN, .own = STR("\"Vorständin\"")},
        {.field = contact_field_find(STR("phones")), .take = FLOW_TAKE_OWN, .own = STR("[{\"value\":\"030 333333\"}]")},
    };
    struct contact after = merged(&sides, picks, ARRAY_LEN(picks), arena);
    const struct contact_value *phones = after.phones.items;
    assert_text(after.family_name, "Schmitt");
    assert_text(after.job_title, "Vorständin");
    assert_int_equal(after.phones.n, 1);
    assert_text(phones[0].value, "+4930333333");
}

static void a_choice_that_cannot_be_is_named(void **state)
{
    ARENA(state);
    struct contact card = {.family_name = STR("Schmitt"), .emails = VALUES("a@x.example")}, after;
    struct json_list rulings;
    struct flow_sides sides = {.card = &card};
    struct flow_pick wrong[] = {
        {.field = contact_field_find(STR("family_name")), .take = FLOW_TAKE_BOTH},
        {.field = contact_field_find(STR("emails")), .take = FLOW_TAKE_OWN, .own = STR("[{\"value\":\"no address\"}]")},
        {.field = contact_field_find(STR("emails")), .take = FLOW_TAKE_OWN, .own = STR("{\"x\":1}")},
        {.field = contact_field_find(STR("emails")), .take = FLOW_TAKE_OWN, .own = STR("not json")},
    };
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        struct flow_picks picks = {&wrong[i], 1, "DE"};
        struct err err = {.code = ERR_NONE};
        assert_int_equal(flow_merge(&sides, &picks, arena, &after, &rulings, &err), -1);
        assert_string_equal(err.pointer, "/choices/0");
    }
}

static void the_same_number_in_another_spelling_is_no_change(void **state)
{
    ARENA(state);
    struct contact_value left = {.value = STR("+4930111111"), .raw = STR("030 / 11 11 11"), .kind = CONTACT_WORK};
    struct contact a = {.phones = {&left, 1}}, b = {.phones = VALUES("+4930111111")};
    assert_true(flow_field_same(&a, &b, contact_field_find(STR("phones")), arena));
    assert_true(flow_field_same(&a, &b, contact_field_find(STR("emails")), arena));
    assert_null(flow_field_json(&a, contact_field_find(STR("emails")), arena).p);
}

static void the_main_value_is_moved_to_the_front_and_is_a_change(void **state)
{
    ARENA(state);
    const struct contact_field *emails = contact_field_find(STR("emails"));
    struct contact card = {.emails = VALUES("new@a.example")},
                   crm = {.emails = VALUES("one@a.example", "two@a.example")};
    struct flow_sides sides = {.card = &card, .crm = &crm};
    struct flow_pick pick = {.field = emails, .take = FLOW_TAKE_CRM, .main = STR("TWO@a.example")};
    struct contact after = merged(&sides, &pick, 1, arena);
    assert_int_equal(after.emails.n, 2);
    assert_true(str_eq(((struct contact_value *)after.emails.items)[0].value, STR("two@a.example")));
    assert_true(str_eq(((struct contact_value *)after.emails.items)[1].value, STR("one@a.example")));
    assert_true(flow_field_same(&after, &crm, emails, arena));
    assert_false(flow_main_same(&after, &crm, emails, arena));
    pick.take = FLOW_TAKE_BOTH;
    pick.main = STR("new@a.example");
    after = merged(&sides, &pick, 1, arena);
    assert_int_equal(after.emails.n, 3);
    assert_true(str_eq(((struct contact_value *)after.emails.items)[0].value, STR("new@a.example")));
    pick.main = STR("nobody@a.example");
    struct flow_picks picks = {&pick, 1, "DE"};
    struct json_list rulings;
    struct err err = {.code = ERR_NONE};
    assert_int_equal(flow_merge(&sides, &picks, arena, &after, &rulings, &err), -1);
    assert_int_equal(err.code, ERR_INVALID);
    assert_string_equal(err.pointer, "/choices/0/main");
}

static const struct flow_ruling *ruling(const struct json_list *rulings, const char *field)
{
    for (size_t i = 0; i < rulings->n; i++)
        if (str_eq(((const struct flow_ruling *)rulings->items)[i].field, str_c(field)))
            return (const struct flow_ruling *)rulings->items + i;
    return NULL;
}

#define assert_ruling(ruling_, rule_, proposal_, take_, overridden_)                                                   \
    do {                                                                                                               \
        assert_non_null(ruling_);                                                                                      \
        assert_true(str_eq((ruling_)->rule, rule_));                                                                   \
        assert_int_equal((ruling_)->proposal, proposal_);                                                              \
        assert_int_equal((ruling_)->take, take_);                                                                      \
        assert_int_equal((ruling_)->overridden, overridden_);                                                          \
    } while (0)

static void each_field_that_differs_has_its_ruling(void **state)
{
    ARENA(state);
    struct contact card = {.given_name = STR("Anna"),
                           .family_name = STR("Schmitt"),
                           .job_title = STR("Leiterin"),
                           .organization = STR("Muster GmbH"),
                           .emails = VALUES("anna@new.example", "a@new.example")};
    struct contact crm = {.given_name = STR("Anna"),
                          .family_name = STR("Schmidt"),
                          .job_title = STR("Assistenz"),
                          .organization = STR("Muster GmbH")};
    struct flow_sides sides = {.card = &card, .crm = &crm};
    const struct flow_pick list[] = {
        {.field = contact_field_find(STR("job_title")), .take = FLOW_TAKE_CARD},
        {.field = contact_field_find(STR("job_title")), .take = FLOW_TAKE_CRM},
        {.field = contact_field_find(STR("family_name")), .take = FLOW_TAKE_CRM},
        {.field = contact_field_find(STR("emails")), .take = FLOW_TAKE_CARD, .main = STR("a@new.example")},
        {.field = contact_field_find(STR("department")), .take = FLOW_TAKE_OWN, .own = STR("\"Einkauf\"")}};
    struct flow_picks picks = {list, ARRAY_LEN(list), "DE"};
    struct json_list rulings;
    struct contact after;
    struct err err;
    assert_int_equal(flow_merge(&sides, &picks, arena, &after, &rulings, &err), 0);
    assert_int_equal(rulings.n, 4); /* what is the same on both sides needs none */
    assert_ruling(ruling(&rulings, "job_title"), STR("card-is-newer"), FLOW_TAKE_CARD, FLOW_TAKE_CRM, true);
    assert_ruling(ruling(&rulings, "family_name"), STR("crm-knows-names-better"), FLOW_TAKE_CRM, FLOW_TAKE_CRM, false);
    assert_ruling(ruling(&rulings, "emails"), STR("only-card"), FLOW_TAKE_CARD, FLOW_TAKE_CARD, true);
    assert_ruling(ruling(&rulings, "department"), STR_NONE, FLOW_TAKE_CRM, FLOW_TAKE_OWN, true);
    assert_text(after.job_title, "Assistenz");
    assert_text(after.department, "Einkauf");
    flow_overrule(&rulings, "organization");
    flow_overrule(&rulings, "job_title");
    assert_int_equal(rulings.n, 5);
    assert_ruling(ruling(&rulings, "organization"), STR_NONE, FLOW_TAKE_CRM, FLOW_TAKE_OWN, true);
    assert_ruling(ruling(&rulings, "job_title"), STR("card-is-newer"), FLOW_TAKE_CARD, FLOW_TAKE_OWN, true);
}

static void what_a_policy_decided_names_it_and_nobody_as_having_decided_otherwise(void **state)
{
    ARENA(state);
    struct contact_claim claim = {.field = STR("department"), .confidence = 0.3};
    struct json_list claims = {&claim, 1};
    struct contact card = {.family_name = STR("Schmitt"),
                           .job_title = STR("Leiterin"),
                           .department = STR("E1nkauf"),
                           .emails = VALUES("anna@new.example"),
                           .phones = VALUES("+4930222222")};
    struct contact crm = {
        .family_name = STR("Schmidt"), .job_title = STR("Assistenz"), .phones = VALUES("+4930111111")};
    struct flow_sides sides = {.card = &card, .crm = &crm, .claims = &claims};
    const struct flow_pick list[] = {{.field = contact_field_find(STR("family_name")), .take = FLOW_TAKE_CRM},
                                     {.field = contact_field_find(STR("job_title")), .take = FLOW_TAKE_CRM},
                                     {.field = contact_field_find(STR("department")), .take = FLOW_TAKE_CRM},
                                     {.field = contact_field_find(STR("emails")), .take = FLOW_TAKE_CARD},
                                     {.field = contact_field_find(STR("phones")), .take = FLOW_TAKE_CRM}};
    struct flow_picks picks = {list, ARRAY_LEN(list), "DE", .by_policy = true};
    struct json_list rulings;
    struct contact after;
    struct err err;
    assert_int_equal(flow_merge(&sides, &picks, arena, &after, &rulings, &err), 0);
    assert_int_equal(rulings.n, ARRAY_LEN(list));
    const struct str policy = STR("policy-fills-blanks");
    assert_ruling(ruling(&rulings, "job_title"), policy, FLOW_TAKE_CRM, FLOW_TAKE_CRM, false);
    assert_ruling(ruling(&rulings, "phones"), policy, FLOW_TAKE_CRM, FLOW_TAKE_CRM, false);
    assert_ruling(ruling(&rulings, "emails"), policy, FLOW_TAKE_CARD, FLOW_TAKE_CARD, false);
    /* where the rule itself left the CRM's, it says why */
    assert_ruling(ruling(&rulings, "family_name"), STR("crm-knows-names-better"), FLOW_TAKE_CRM, FLOW_TAKE_CRM, false);
    assert_ruling(ruling(&rulings, "department"), STR("doubtful-reading"), FLOW_TAKE_CRM, FLOW_TAKE_CRM, false);
    picks.by_policy = false;
    assert_int_equal(flow_merge(&sides, &picks, arena, &after, &rulings, &err), 0);
    assert_ruling(ruling(&rulings, "job_title"), STR("card-is-newer"), FLOW_TAKE_CARD, FLOW_TAKE_CRM, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit_with_arena(defaults_keep_identity_and_take_what_is_newer),
        unit_with_arena(a_doubtful_reading_never_replaces_what_the_crm_has),
        unit_with_arena(somebody_who_moved_brings_the_new_employer),
        unit_with_arena(what_the_crm_has_no_place_for_stays_out),
        unit_with_arena(a_person_has_the_last_word),
        unit_with_arena(a_choice_that_cannot_be_is_named),
        unit_with_arena(the_same_number_in_another_spelling_is_no_change),
        unit_with_arena(the_main_value_is_moved_to_the_front_and_is_a_change),
        unit_with_arena(each_field_that_differs_has_its_ruling),
        unit_with_arena(what_a_policy_decided_names_it_and_nobody_as_having_decided_otherwise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
