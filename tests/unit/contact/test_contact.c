/* Clean, copy, compare, diff, display name, countries. */
#include "contact/contact.h"
#include "contact/country.h"
#include "contact/diff.h"
#include "tests/unit/unit.h"

static struct contact from_json(struct arena *arena, const char *json)
{
    struct contact contact;
    struct err err;
    assert_int_equal(json_read(&contact_shape, str_c(json), arena, &contact, &err), 0);
    return contact;
}

static void clean_repairs_what_has_one_meaning(void **state)
{
    struct err err;
    struct contact c = from_json(
        *state, "{\"given_name\":\"  Anna  Lena \",\"family_name\":\"  \",\"job_title\":\"M\\u0075\\u0308ller\","
                "\"emails\":[{\"value\":\"a@B.example\"},{\"value\":\"a@b.example\"}],"
                "\"phones\":[{\"value\":\"030 23125000\"}],\"urls\":[{\"value\":\"muster.example\"}],"
                "\"addresses\":[{\"city\":\"Ulm\"},{\"city\":\" \"}]}");
    ((struct contact_address *)c.addresses.items)->country = STR("Deutschland"); /* the JSON takes codes only */
    assert_int_equal(contact_clean(&c, "DE", *state, &err), 0);
    assert_text(c.given_name, "Anna Lena");
    assert_null(c.family_name.p);
    assert_text(c.job_title, "Müller");
    assert_int_equal(c.emails.n, 1);
    const struct contact_value *phone = c.phones.items, *url = c.urls.items;
    assert_text(phone->value, "+493023125000");
    assert_text(phone->raw, "030 23125000");
    assert_text(url->value, "https://muster.example");
    assert_int_equal(c.addresses.n, 1);
    assert_text(((const struct contact_address *)c.addresses.items)->country, "DE");
}

static void clean_refuses_and_says_where(void **state)
{
    static const struct {
        const char *json, *pointer;
    } rows[] = {
        {"{\"emails\":[{\"value\":\"ok@a.example\"},{\"value\":\"nope\"}]}", "/emails/1/value"},
        {"{\"phones\":[{\"value\":\"anna\"}]}", "/phones/0/value"},
        {"{\"urls\":[{\"value\":\"javascript:alert(1)\"}]}", "/urls/0/value"},
        {"{\"urls\":[{\"value\":\"ftp://a.example\"}]}", "/urls/0/value"},
        {"{\"addresses\":[{\"country\":\"XX\"}]}", "/addresses/0"},
        {"{\"given_name\":\"a\\u0007b\"}", "/given_name"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct err err = {0};
        struct contact c = from_json(*state, rows[i].json), before = c;
        assert_int_equal(contact_clean(&c, "DE", *state, &err), -1);
        assert_int_equal(err.code, ERR_INVALID);
        assert_string_equal(err.pointer, rows[i].pointer);
        assert_true(contact_same(&c, &before));
    }
}

static void copy_outlives_its_source(void **state)
{
    struct arena *other = arena_new(1 << 20);
    struct contact a =
        from_json(other, "{\"given_name\":\"Anna\",\"emails\":[{\"value\":\"a@b.example\",\"kind\":\"work\"}],"
                         "\"addresses\":[{\"city\":\"Ulm\"}]}");
    struct contact b = contact_copy(&a, *state);
    assert_true(contact_same(&a, &b));
    arena_free(other);
    assert_text(((const struct contact_value *)b.emails.items)->value, "a@b.example");
}

static void display_name_falls_back(void **state)
{
    struct contact c = from_json(
        *state, "{\"name_prefix\":\"Dr.\",\"given_name\":\"Anna\",\"family_name\":\"Muster\",\"name_suffix\":\"MBA\"}");
    assert_text(contact_display_name(&c, *state), "Dr. Anna Muster, MBA");
    c = from_json(*state, "{\"organization\":\"Muster AG\"}");
    assert_text(contact_display_name(&c, *state), "Muster AG");
    c = (struct contact){0};
    assert_null(contact_display_name(&c, *state).p);
}

static void diff_names_each_state(void **state)
{
    struct contact left =
        from_json(*state, "{\"given_name\":\"Anna\",\"family_name\":\"Muster\",\"job_title\":\"CEO\","
                          "\"emails\":[{\"value\":\"Anna@muster.example\"},{\"value\":\"x@muster.example\"}],"
                          "\"urls\":[{\"value\":\"https://www.muster.example/\"}]}");
    struct contact right =
        from_json(*state, "{\"given_name\":\" Anna\",\"family_name\":\"Master\",\"department\":\"IT\","
                          "\"emails\":[{\"value\":\"anna@muster.example\"}],"
                          "\"urls\":[{\"value\":\"http://muster.example\"}]}");
    static const struct {
        const char *field;
        enum contact_diff_state state;
    } want[] = {{"given_name", CONTACT_DIFF_EQUAL},   {"family_name", CONTACT_DIFF_CONFLICT},
                {"job_title", CONTACT_DIFF_ADDITION}, {"department", CONTACT_DIFF_RIGHT},
                {"emails", CONTACT_DIFF_ADDITION},    {"urls", CONTACT_DIFF_EQUAL}};
    struct contact_diff_row *rows;
    assert_int_equal(contact_diff(&left, &right, *state, &rows), ARRAY_LEN(want));
    for (size_t i = 0; i < ARRAY_LEN(want); i++) {
        assert_string_equal(rows[i].field->name, want[i].field);
        assert_int_equal(rows[i].state, want[i].state);
    }
    assert_int_equal(rows[4].items.n, 2);
    const struct contact_diff_item *items = rows[4].items.items;
    assert_true(items[0].left == 0 && items[0].right == 0 && items[1].left == 1 && items[1].right == -1);
}

static void countries_are_found_in_many_languages(void **state)
{
    assert_string_equal(contact_country_find(STR("Germany"), *state), "DE");
    assert_string_equal(contact_country_find(STR("ÖSTERREICH"), *state), "AT");
    assert_string_equal(contact_country_find(STR("Suisse"), *state), "CH");
    assert_string_equal(contact_country_find(STR("The Netherlands"), *state), "NL");
    assert_string_equal(contact_country_find(STR("Các Tiểu Vương quốc Ả Rập Thống nhất"), *state), "AE");
    assert_string_equal(contact_country_find(STR("İtalya"), *state), "IT");
    assert_string_equal(contact_country_find(STR("DEU"), *state), "DE");
    assert_string_equal(contact_country_find(STR("deu"), *state), "");
    assert_string_equal(contact_country_find(STR("Germ"), *state), "");
    assert_string_equal(contact_country_find(STR(""), *state), "");
    assert_true(contact_country_known(STR("FR")) && !contact_country_known(STR("XX")) &&
                !contact_country_known(STR("fr")));
    assert_text(contact_country_name(STR("DE")), "Germany");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit_with_arena(clean_repairs_what_has_one_meaning),
        unit_with_arena(clean_refuses_and_says_where),
        unit_with_arena(copy_outlives_its_source),
        unit_with_arena(display_name_falls_back),
        unit_with_arena(diff_names_each_state),
        unit_with_arena(countries_are_found_in_many_languages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
