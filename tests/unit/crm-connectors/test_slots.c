/* Flat records there and back: values keep their slots, new ones find theirs, nothing is written over. */
#include "tests/unit/unit.h"

#include "crm-connectors/rest/slots.h"

static const struct crm_map map_rows[] = {
    {"family_name", "Last"}, {"emails", "Mail1, Mail2"}, {"phones", "Tel"}, {"addresses", "Adr"}};
static const struct crm_map_list map = {map_rows, ARRAY_LEN(map_rows)};
static const struct crm_slot rows[] = {
    {"Last", CRM_SLOT_TEXT, "family_name", -1, 0},
    {"Mail1", CRM_SLOT_VALUE, "emails", CONTACT_WORK, 0},
    {"Mail2", CRM_SLOT_VALUE, "emails", -1, 0},
    {"Tel", CRM_SLOT_VALUE, "phones", CONTACT_WORK, 0},
    {"Mobile", CRM_SLOT_VALUE, "phones", CONTACT_MOBILE, 0},
    {"Street", CRM_SLOT_STREET, NULL, -1, 0},
    {"City", CRM_SLOT_CITY, NULL, -1, 0},
    {"Country", CRM_SLOT_COUNTRY, NULL, -1, 0},
};
static const struct crm_slots slots = {rows, ARRAY_LEN(rows), "null", &map};

static struct contact contact_of(const char *json, struct arena *arena)
{
    struct contact contact;
    struct err err = {0};
    if (json_read(&contact_shape, str_c(json), arena, &contact, &err) < 0)
        fail_msg("%s: %s %s", json, err.pointer, err.param);
    return contact;
}

/* Members to write when the record is `live` and shall show `after` (contact JSON); "!n" when n values have no room. */
static struct str written(const char *live, const char *after, struct arena *arena)
{
    struct contact seen, wanted = contact_of(after, arena);
    struct crm_slots_written out;
    struct err err = {0};
    assert_int_equal(crm_slots_read(&slots, str_c(live), "DE", arena, &seen, &err), 0);
    const struct crm_slots_change change = {str_c(live), &seen, &wanted, "DE"};
    assert_int_equal(crm_slots_write(&slots, &change, arena, &out, &err), 0);
    return out.left.n ? str_printf(arena, "%.*s!%zu", STR_ARG(out.members), out.left.n) : out.members;
}

static void a_record_becomes_a_contact(void **state)
{
    struct contact contact;
    struct err err = {0};
    const char *live =
        "{\"Last\":\" Weiß \",\"Mail1\":\"a@b.example\",\"Tel\":\"0931 1234567\",\"Mobile\":\"\",\"Street\":"
        "\"Ring 1\",\"City\":null,\"Country\":\"Deutschland\",\"Other\":{\"x\":1}}";
    assert_int_equal(crm_slots_read(&slots, str_c(live), "DE", *state, &contact, &err), 0);
    assert_text(contact.family_name, "Weiß");
    assert_int_equal(contact.emails.n, 1);
    assert_int_equal(contact.phones.n, 1);
    assert_text(((const struct contact_value *)contact.phones.items)->value, "+499311234567");
    assert_text(((const struct contact_address *)contact.addresses.items)->country, "DE");
}

static void what_is_no_object_is_an_error(void **state)
{
    struct contact contact;
    struct err err = {0};
    assert_int_equal(crm_slots_read(&slots, STR("[1"), "DE", *state, &contact, &err), -1);
    assert_int_equal(err.code, ERR_BAD_JSON);
}

static void nothing_changed_writes_nothing(void **state)
{
    assert_text(written("{\"Last\":\"Weiß\",\"Tel\":\"0931 1234567\",\"Country\":\"Deutschland\"}",
                        "{\"family_name\":\"Weiß\",\"phones\":[{\"value\":\"+499311234567\"}],"
                        "\"addresses\":[{\"country\":\"DE\"}]}",
                        *state),
                "");
}

static void new_values_take_the_slot_of_their_kind(void **state)
{
    assert_text(
        written("{}",
                "{\"phones\":[{\"value\":\"+491701234567\",\"kind\":\"mobile\"},{\"value\":\"+499311234567\"}],"
                "\"emails\":[{\"value\":\"a@b.example\"},{\"value\":\"c@d.example\",\"kind\":\"home\"}]}",
                *state),
        "\"Mail1\":\"a@b.example\",\"Mail2\":\"c@d.example\",\"Tel\":\"+499311234567\",\"Mobile\":\"+491701234567\"");
}

static void a_replaced_value_stays_in_its_slot_and_the_other_is_not_touched(void **state)
{
    assert_text(written("{\"Mail1\":\"a@b.example\",\"Mail2\":\"c@d.example\"}",
                        "{\"emails\":[{\"value\":\"a@b.example\",\"kind\":\"work\"},{\"value\":\"neu@d.example\"}]}",
                        *state),
                "\"Mail2\":\"neu@d.example\"");
}

static void a_removed_value_empties_its_slot(void **state)
{
    assert_text(written("{\"Tel\":\"0931 1234567\",\"City\":\"Ulm\"}", "{}", *state), "\"Tel\":null,\"City\":null");
}

static void a_value_without_room_is_told_and_writes_over_nothing(void **state)
{
    assert_text(written("{\"Mobile\":\"+491701234567\"}",
                        "{\"phones\":[{\"value\":\"+491701234567\",\"kind\":\"mobile\"},"
                        "{\"value\":\"+491707654321\",\"kind\":\"mobile\"}]}",
                        *state),
                "!1");
    assert_text(written("{\"City\":\"Ulm\"}", "{\"addresses\":[{\"city\":\"Ulm\"},{\"city\":\"Bonn\"}]}", *state),
                "!1");
}

static void a_fax_number_takes_no_slot_that_people_ring_up(void **state)
{
    assert_text(
        written("{}", "{\"family_name\":\"X\",\"phones\":[{\"value\":\"+4993155556\",\"kind\":\"fax\"}]}", *state),
        "\"Last\":\"X\"!1");
    assert_text(written("{}", "{\"phones\":[{\"value\":\"+4993155556\",\"kind\":\"home\"}]}", *state),
                "\"Tel\":\"+4993155556\"");
}

static void what_comes_takes_the_room_of_what_goes(void **state)
{
    assert_text(written("{\"Mail1\":\"a@b.example\",\"Mail2\":\"c@d.example\"}",
                        "{\"emails\":[{\"value\":\"x@y.example\",\"kind\":\"work\"},{\"value\":\"c@d.example\"}]}",
                        *state),
                "\"Mail1\":\"x@y.example\"");
}

static void countries_are_written_by_name_and_keep_their_spelling(void **state)
{
    assert_text(written("{}", "{\"addresses\":[{\"city\":\"Ulm\",\"country\":\"DE\"}]}", *state),
                "\"City\":\"Ulm\",\"Country\":\"Germany\"");
    assert_text(written("{\"City\":\"Ulm\",\"Country\":\"Deutschland\"}",
                        "{\"addresses\":[{\"city\":\"Bonn\",\"country\":\"DE\"}]}", *state),
                "\"City\":\"Bonn\"");
}

static void quotes_cannot_break_out(void **state)
{
    assert_text(written("{}", "{\"family_name\":\"O\\\"Brien\\\\\"}", *state), "\"Last\":\"O\\\"Brien\\\\\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit_with_arena(a_record_becomes_a_contact),
        unit_with_arena(what_is_no_object_is_an_error),
        unit_with_arena(nothing_changed_writes_nothing),
        unit_with_arena(new_values_take_the_slot_of_their_kind),
        unit_with_arena(a_replaced_value_stays_in_its_slot_and_the_other_is_not_touched),
        unit_with_arena(a_removed_value_empties_its_slot),
        unit_with_arena(a_value_without_room_is_told_and_writes_over_nothing),
        unit_with_arena(a_fax_number_takes_no_slot_that_people_ring_up),
        unit_with_arena(what_comes_takes_the_room_of_what_goes),
        unit_with_arena(countries_are_written_by_name_and_keep_their_spelling),
        unit_with_arena(quotes_cannot_break_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
