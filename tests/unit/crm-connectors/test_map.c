/* What has to change in a CRM: only what differs, in place where it can. */
#include "tests/unit/unit.h"

#include "crm-connectors/map.h"

static const struct crm_map rows[] = {
    {"given_name", "N"}, {"emails", "EMAIL"}, {"phones", "TEL"}, {"addresses", "ADR"}};
static const struct crm_map_list map = {rows, ARRAY_LEN(rows)};

static struct contact read_contact(const char *json, struct arena *arena)
{
    struct contact contact;
    struct err err = {0};
    if (json_read(&contact_shape, str_c(json), arena, &contact, &err) < 0)
        fail_msg("%s: %s %s", json, err.pointer, err.param);
    return contact;
}

/* "field: -old +new" of each change, for comparison. */
static struct str told(const char *before, const char *after, struct arena *arena)
{
    struct contact a = read_contact(before, arena), b = read_contact(after, arena);
    struct json_list list = crm_changes(&map, &a, &b, arena);
    const struct crm_change *changes = list.items;
    struct strbuf out = {.arena = arena};
    for (size_t i = 0; i < list.n; i++) {
        const struct crm_value_change *values = changes[i].values.items;
        strbuf_printf(&out, "%s%s", i ? "; " : "", changes[i].field->name);
        if (changes[i].field->kind == CONTACT_FIELD_TEXT)
            strbuf_printf(&out, " %.*s>%.*s", STR_ARG(changes[i].before), STR_ARG(changes[i].after));
        for (size_t k = 0; k < changes[i].values.n; k++) {
            bool place = changes[i].field->kind == CONTACT_FIELD_ADDRESSES;
            const struct contact_address *p = values[k].before, *q = values[k].after;
            const struct contact_value *v = values[k].before, *w = values[k].after;
            struct str old = !v      ? STR_NONE
                             : place ? p->street
                                     : v->value,
                       new = !w      ? STR_NONE
                             : place ? q->street
                                     : w->value;
            strbuf_printf(&out, " %.*s>%.*s", STR_ARG(old), STR_ARG(new));
        }
    }
    return strbuf_str(&out);
}

static void equal_contacts_need_no_change(void **state)
{
    const char *json = "{\"given_name\":\"Anna\",\"emails\":[{\"value\":\"a@b.example\",\"kind\":\"work\"}]}";
    assert_text(told(json, json, *state), "");
    assert_text(told("{}", "{}", *state), "");
    assert_text(told("{\"emails\":[{\"value\":\"a@b.example\"},{\"value\":\"c@d.example\"}]}",
                     "{\"emails\":[{\"value\":\"c@d.example\"},{\"value\":\"a@b.example\"}]}", *state),
                "");
}

static void fields_that_the_crm_has_not_got_are_left_out(void **state)
{
    assert_text(told("{\"job_title\":\"CEO\"}", "{\"job_title\":\"CFO\",\"given_name\":\"Anna\"}", *state),
                "given_name >Anna");
}

static void a_value_takes_the_place_of_one_of_its_kind(void **state)
{
    assert_text(told("{\"phones\":[{\"value\":\"+491\",\"kind\":\"work\"},{\"value\":\"+492\",\"kind\":\"mobile\"}]}",
                     "{\"phones\":[{\"value\":\"+491\",\"kind\":\"work\"},{\"value\":\"+493\",\"kind\":\"mobile\"}]}",
                     *state),
                "phones +492>+493");
    assert_text(told("{\"phones\":[{\"value\":\"+491\",\"kind\":\"work\"}]}",
                     "{\"phones\":[{\"value\":\"+493\",\"kind\":\"mobile\"}]}", *state),
                "phones >+493 +491>");
}

static void values_are_added_and_removed(void **state)
{
    assert_text(told("{}", "{\"emails\":[{\"value\":\"a@b.example\"}]}", *state), "emails >a@b.example");
    assert_text(told("{\"emails\":[{\"value\":\"a@b.example\"}]}", "{}", *state), "emails a@b.example>");
    assert_text(told("{\"given_name\":\"Anna\"}", "{}", *state), "given_name Anna>");
}

static void a_spelling_or_a_kind_is_corrected_in_place(void **state)
{
    assert_text(
        told("{\"emails\":[{\"value\":\"A@b.example\"}]}", "{\"emails\":[{\"value\":\"a@b.example\"}]}", *state),
        "emails A@b.example>a@b.example");
    assert_text(told("{\"phones\":[{\"value\":\"+491\",\"kind\":\"work\"}]}",
                     "{\"phones\":[{\"value\":\"+491\",\"kind\":\"home\"}]}", *state),
                "phones +491>+491");
    assert_text(
        told("{\"phones\":[{\"value\":\"+491\",\"kind\":\"work\"}]}", "{\"phones\":[{\"value\":\"+491\"}]}", *state),
        "");
}

static void an_address_that_moves_keeps_its_row(void **state)
{
    assert_text(told("{\"addresses\":[{\"street\":\"Weg 1\",\"city\":\"Ulm\"}]}",
                     "{\"addresses\":[{\"street\":\"Platz 2\",\"city\":\"Ulm\"}]}", *state),
                "addresses Weg 1>Platz 2");
}

static void repeated_values_count_once_each(void **state)
{
    assert_text(told("{\"emails\":[{\"value\":\"a@b.example\"},{\"value\":\"a@b.example\"}]}",
                     "{\"emails\":[{\"value\":\"a@b.example\"}]}", *state),
                "emails a@b.example>");
}

static void sameness_looks_at_mapped_fields_only(void **state)
{
    struct contact a =
        read_contact("{\"job_title\":\"CEO\",\"emails\":[{\"value\":\"A@b.example\",\"kind\":\"work\"}]}", *state);
    struct contact b = read_contact("{\"job_title\":\"CFO\",\"emails\":[{\"value\":\"a@b.example\"}]}", *state);
    struct contact c = read_contact("{\"emails\":[{\"value\":\"c@b.example\"}]}", *state);
    assert_true(crm_map_same(&map, &a, &b, *state));
    assert_false(crm_map_same(&map, &a, &c, *state));
    assert_null(crm_map_only(&map, &a).job_title.p);
    assert_int_equal(crm_map_only(&map, &a).emails.n, 1);
}

static void another_main_value_is_a_change_where_there_is_one(void **state)
{
    static const struct crm_map main_rows[] = {{"emails", "mail", true}};
    static const struct crm_map_list with_main = {main_rows, ARRAY_LEN(main_rows)};
    struct contact a = read_contact("{\"emails\":[{\"value\":\"a@b.example\"},{\"value\":\"c@b.example\"}]}", *state);
    struct contact b = read_contact("{\"emails\":[{\"value\":\"c@b.example\"},{\"value\":\"A@b.example\"}]}", *state);
    struct json_list changes = crm_changes(&with_main, &a, &b, *state);
    assert_int_equal(changes.n, 1);
    const struct crm_change *change = changes.items;
    assert_true(str_eq(((const struct contact_value *)change->main)->value, STR("c@b.example")));
    assert_false(crm_map_same(&with_main, &a, &b, *state));
    assert_true(crm_map_same(&map, &a, &b, *state));
    assert_int_equal(crm_changes(&with_main, &a, &a, *state).n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit_with_arena(equal_contacts_need_no_change),
        unit_with_arena(fields_that_the_crm_has_not_got_are_left_out),
        unit_with_arena(a_value_takes_the_place_of_one_of_its_kind),
        unit_with_arena(values_are_added_and_removed),
        unit_with_arena(a_spelling_or_a_kind_is_corrected_in_place),
        unit_with_arena(an_address_that_moves_keeps_its_row),
        unit_with_arena(repeated_values_count_once_each),
        unit_with_arena(sameness_looks_at_mapped_fields_only),
        unit_with_arena(another_main_value_is_a_change_where_there_is_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
