/* vCard both ways, JSContact, jCard. */
#include "contact/vcard.h"
#include "tests/unit/unit.h"

static const char source[] =
    "{\"name_prefix\":\"Dr.\",\"given_name\":\"Anna\",\"family_name\":\"von der Heide\",\"name_suffix\":null,"
    "\"job_title\":\"Leiterin Einkauf, Technik; Süd\",\"department\":\"Einkauf\",\"organization\":\"Muster \\\\ Söhne "
    "GmbH\","
    "\"emails\":[{\"value\":\"anna@muster.example\",\"kind\":\"work\"}],"
    "\"phones\":[{\"value\":\"+493023125000\",\"raw\":\"030 23125000\",\"kind\":\"work\"},"
    "{\"value\":\"+4915123456789\",\"raw\":null,\"kind\":\"mobile\"}],"
    "\"urls\":[{\"value\":\"https://muster.example/a,b\"}],"
    "\"addresses\":[{\"street\":\"Musterweg "
    "5\",\"postal_code\":\"97076\",\"city\":\"Würzburg\",\"region\":null,\"country\":\"DE\"}]}";

static struct contact sample(struct arena *arena)
{
    struct contact contact;
    struct err err;
    assert_int_equal(json_read(&contact_shape, str_c(source), arena, &contact, &err), 0);
    return contact;
}

static void written_and_read_again_is_the_same(void **state)
{
    struct contact contact = sample(*state), again;
    struct err err;
    struct str cards[] = {contact_vcard(&contact, NULL, *state), contact_vcard3(&contact, NULL, *state)};
    for (size_t i = 0; i < ARRAY_LEN(cards); i++) {
        assert_int_equal(contact_vcard_read(cards[i], "DE", *state, &again, NULL, &err), 0);
        assert_true(contact_same(&contact, &again));
    }
}

static void lines_are_folded_at_75_octets_between_characters(void **state)
{
    struct contact contact = {0}, again;
    struct err err;
    struct strbuf name = {.arena = *state};
    for (int i = 0; i < 90; i++)
        strbuf_add_c(&name, "ü");
    contact.organization = strbuf_str(&name);
    struct str card = contact_vcard(&contact, NULL, *state), rest = card, line;
    while (str_split(&rest, '\n', &line)) {
        assert_true(line.n <= 76);
        assert_true(utf8_valid(line));
    }
    assert_int_equal(contact_vcard_read(card, "", *state, &again, NULL, &err), 0);
    assert_true(str_eq(again.organization, contact.organization));
}

static void version_2_1_with_quoted_printable_is_read(void **state)
{
    struct contact contact;
    struct err err;
    static const char card[] =
        "BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=BC=\r\n"
        "rgen\r\nTEL;CELL:0151 23456789\r\nTEL;WORK;FAX:030 23125001\r\nEND:VCARD\r\n";
    assert_int_equal(contact_vcard_read(str_c(card), "DE", *state, &contact, NULL, &err), 0);
    assert_text(contact.family_name, "Müller");
    assert_text(contact.given_name, "Jürgen");
    const struct contact_value *phones = contact.phones.items;
    assert_int_equal(contact.phones.n, 2);
    assert_text(phones[0].value, "+4915123456789");
    assert_int_equal(phones[0].kind, CONTACT_MOBILE);
    assert_int_equal(phones[1].kind, CONTACT_FAX);
}

static void unknown_properties_survive_the_round_trip(void **state)
{
    struct contact contact;
    struct contact_vcard_extra extra;
    struct err err;
    static const char card[] =
        "BEGIN:VCARD\nVERSION:3.0\nUID:abc-1\nFN:Anna Muster\nNOTE:a\\, b\nitem1.X-ABLABEL:x\nEND:VCARD\n";
    assert_int_equal(contact_vcard_read(str_c(card), "", *state, &contact, &extra, &err), 0);
    assert_text(contact.family_name, "Muster");
    assert_text(extra.uid, "abc-1");
    assert_int_equal(extra.rest.n, 2);
    struct str again = contact_vcard3(&contact, &extra, *state);
    assert_true(str_find(again, STR("\r\nNOTE:a\\, b\r\n"), 0) > 0);
    assert_true(str_find(again, STR("\r\nUID:abc-1\r\n"), 0) > 0);
}

static void broken_cards_are_refused(void **state)
{
    static const char *const bad[] = {"", "hello", "BEGIN:VCARD\nFN:x", "END:VCARD", "BEGIN:VCARD\n\xFF\nEND:VCARD"};
    struct contact contact;
    struct err err;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        assert_int_equal(contact_vcard_read(str_c(bad[i]), "", *state, &contact, NULL, &err), -1);
        assert_int_equal(err.code, ERR_INVALID);
    }
}

static void too_many_properties_are_refused(void **state)
{
    struct strbuf card = {.arena = *state};
    struct contact contact;
    struct err err;
    strbuf_add_c(&card, "BEGIN:VCARD\n");
    for (int i = 0; i <= CONTACT_VCARD_LINES; i++)
        strbuf_add_c(&card, "NOTE:x\n");
    strbuf_add_c(&card, "END:VCARD\n");
    assert_int_equal(contact_vcard_read(strbuf_str(&card), "", *state, &contact, NULL, &err), -1);
    assert_int_equal(err.code, ERR_TOO_LARGE);
}

static void a_value_cannot_smuggle_a_property_in(void **state)
{
    struct contact contact = {.organization = STR("A\nTEL:+493023125000\r\nX"), .urls = {0}};
    struct str card = contact_vcard(&contact, NULL, *state);
    assert_true(str_find(card, STR("\nTEL"), 0) < 0);
}

static void json_forms_are_json_and_say_the_name(void **state)
{
    struct contact contact = sample(*state);
    struct err err;
    struct str text, card = contact_jscontact(&contact, STR_NONE, *state);
    struct json_list items;
    assert_int_equal(json_member(card, "uid", *state, &text, &err), 0);
    assert_true(text.n == strlen("\"urn:uuid:\"") + 36);
    assert_true(str_eq(card, contact_jscontact(&contact, STR_NONE, *state)));
    assert_int_equal(json_member(card, "name", *state, &text, &err), 0);
    assert_true(str_find(text, STR("\"surname\",\"value\":\"von der Heide\""), 0) > 0);
    assert_int_equal(json_items(contact_jcard(&contact, *state), *state, &items, &err), 0);
    assert_int_equal(items.n, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit_with_arena(written_and_read_again_is_the_same),
        unit_with_arena(lines_are_folded_at_75_octets_between_characters),
        unit_with_arena(version_2_1_with_quoted_printable_is_read),
        unit_with_arena(unknown_properties_survive_the_round_trip),
        unit_with_arena(broken_cards_are_refused),
        unit_with_arena(too_many_properties_are_refused),
        unit_with_arena(a_value_cannot_smuggle_a_property_in),
        unit_with_arena(json_forms_are_json_and_say_the_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
