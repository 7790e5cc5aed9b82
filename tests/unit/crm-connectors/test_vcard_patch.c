/* vCards changed line by line: what is not ours stays to the byte. */
#include "tests/unit/unit.h"

#include "contact/vcard.h"
#include "crm-connectors/carddav/carddav.h"
#include "crm-connectors/carddav/vcard_patch.h"

static const char card[] = "BEGIN:VCARD\r\nVERSION:3.0\r\nPRODID:-//Apple Inc.//iOS 17//EN\r\n"
                           "N:Schäfer;Jörg;Maria;Dr.;\r\nFN:Dr. Jörg Maria Schäfer\r\n"
                           "ORG:Müller GmbH;Einkauf;Team 3\r\nTITLE:Leiter\r\n"
                           "item1.EMAIL;type=INTERNET;type=pref:j@m.example\r\nitem1.X-ABLabel:_$!<Work>!$_\r\n"
                           "EMAIL;TYPE=HOME:privat@heim.example\r\n"
                           "TEL;TYPE=WORK,VOICE;X-FOO=1:+49 (931) 1234-567\r\nTEL;TYPE=CELL:+49 170 1234567\r\n"
                           "ADR;TYPE=WORK:Postfach 7;;Weg 1;Würzburg;Bayern;97076;Deutschland\r\n"
                           "PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgICAgMC\r\n"
                           " AgIDAwMDBAYEBAQEBAgGBgUGCQgKCgkICQkKDA8MCgsOCwkJDRENDg8QEBEQCgwSExIQEw8Q\r\n"
                           "NOTE:a\\, b\\; c\\nd\r\nX-CUSTOM;P=\"a;b:c\":v\r\nEND:VCARD\r\n";

static struct contact read_contact(const char *text, struct arena *arena)
{
    struct contact contact;
    struct err err = {0};
    assert_int_equal(contact_vcard_read(str_c(text), "DE", arena, &contact, NULL, &err), 0);
    return contact;
}

static struct str apply(const char *text, const struct contact *before, const struct contact *after,
                        struct arena *arena)
{
    struct str result;
    struct err err = {0};
    const struct crm_vcard_patch patch = {.vcard = str_c(text),
                                          .changes = crm_changes(&crm_carddav.map, before, after, arena),
                                          .after = after,
                                          .region = "DE"};
    if (crm_vcard_apply(&patch, arena, &result, &err) < 0)
        fail_msg("refused: %s", err.param);
    return result;
}

static bool has(struct str text, const char *line)
{
    return str_find(text, str_c(line), 0) >= 0;
}

static void no_change_leaves_every_byte(void **state)
{
    struct contact contact = read_contact(card, *state);
    assert_text(apply(card, &contact, &contact, *state), card);
}

static void one_component_changes_and_its_neighbours_stay(void **state)
{
    struct contact before = read_contact(card, *state), after = before;
    after.organization = STR("Neue; Firma");
    struct str out = apply(card, &before, &after, *state);
    assert_true(has(out, "\r\nORG:Neue\\; Firma;Einkauf;Team 3\r\n"));
    assert_true(has(out, "\r\nN:Schäfer;Jörg;Maria;Dr.;\r\n"));
    assert_true(has(out, " AgIDAwMDBAYEBAQEBAgGBgUGCQgKCgkICQkKDA8MCgsOCwkJDRENDg8QEBEQCgwSExIQEw8Q\r\nNOTE:a\\, b"));
    after.organization = after.department = STR_NONE;
    assert_true(has(apply(card, &before, &after, *state), "\r\nORG:;;Team 3\r\n"));
}

static void a_new_family_name_reaches_the_display_name(void **state)
{
    struct contact before = read_contact(card, *state), after = before;
    after.family_name = STR("Weiß");
    struct str out = apply(card, &before, &after, *state);
    assert_true(has(out, "\r\nN:Weiß;Jörg;Maria;Dr.;\r\n"));
    assert_true(has(out, "\r\nFN:Dr. Jörg Maria Weiß\r\n"));
}

static void a_given_name_takes_the_additional_names_with_it(void **state)
{
    struct contact before = read_contact(card, *state), after = before;
    after.given_name = STR("Georg");
    struct str out = apply(card, &before, &after, *state);
    assert_true(has(out, "\r\nN:Schäfer;Georg;;Dr.;\r\n"));
    assert_true(contact_same(&(struct contact){.given_name = STR("Georg")},
                             &(struct contact){.given_name = read_contact(str_z(*state, out), *state).given_name}));
}

static void a_replaced_value_keeps_group_and_parameters(void **state)
{
    struct contact before = read_contact(card, *state), after = contact_copy(&before, *state);
    ((struct contact_value *)after.emails.items)[0].value = STR("neu@m.example");
    ((struct contact_value *)after.phones.items)[0].value = STR("+49931999");
    struct str out = apply(card, &before, &after, *state);
    assert_true(has(out, "\r\nitem1.EMAIL;type=INTERNET;type=pref:neu@m.example\r\nitem1.X-ABLabel:"));
    assert_true(has(out, "\r\nTEL;TYPE=WORK,VOICE;X-FOO=1:+49931999\r\n"));
    assert_true(has(out, "\r\nTEL;TYPE=CELL:+49 170 1234567\r\n"));
}

static void a_removed_value_takes_its_label_with_it(void **state)
{
    struct contact before = read_contact(card, *state), after = before;
    after.emails = (struct json_list){(struct contact_value *)before.emails.items + 1, 1};
    struct str out = apply(card, &before, &after, *state);
    assert_false(has(out, "item1."));
    assert_true(has(out, "EMAIL;TYPE=HOME:privat@heim.example"));
}

static void an_added_value_stands_behind_its_kind(void **state)
{
    struct contact before = read_contact(card, *state), after = before;
    struct contact_value phones[] = {((struct contact_value *)before.phones.items)[0],
                                     ((struct contact_value *)before.phones.items)[1],
                                     {STR("+49931555"), STR_NONE, CONTACT_FAX}};
    after.phones = (struct json_list){phones, 3};
    assert_true(has(apply(card, &before, &after, *state),
                    "\r\nTEL;TYPE=CELL:+49 170 1234567\r\nTEL;TYPE=WORK,FAX:+49931555\r\n"));
}

static void an_address_keeps_the_words_that_did_not_change(void **state)
{
    struct contact before = read_contact(card, *state), after = contact_copy(&before, *state);
    ((struct contact_address *)after.addresses.items)[0].city = STR("Ulm");
    struct str out = apply(card, &before, &after, *state);
    assert_true(has(out, "\r\nADR;TYPE=WORK:Postfach 7;;Weg 1;Ulm;Bayern;97076;Deutschland\r\n"));
}

static void undo_gives_back_the_same_contact(void **state)
{
    struct contact before = read_contact(card, *state), after = contact_copy(&before, *state);
    after.family_name = STR("Weiß");
    after.job_title = STR_NONE;
    after.urls = (struct json_list){&(struct contact_value){STR("https://m.example"), STR_NONE, -1}, 1};
    ((struct contact_value *)after.phones.items)[1].value = STR("+491719999999");
    ((struct contact_address *)after.addresses.items)[0].street = STR("Platz 9");
    struct str changed = apply(card, &before, &after, *state);
    struct contact now = read_contact(str_z(*state, changed), *state);
    assert_true(crm_map_same(&crm_carddav.map, &now, &after, *state));
    struct str undone = apply(str_z(*state, changed), &now, &before, *state);
    struct contact again = read_contact(str_z(*state, undone), *state);
    assert_true(crm_map_same(&crm_carddav.map, &again, &before, *state));
    assert_true(has(undone, "X-CUSTOM;P=\"a;b:c\":v"));
}

static void long_values_are_folded_between_characters(void **state)
{
    struct contact before = read_contact(card, *state), after = before;
    struct strbuf title = {.arena = *state};
    for (int i = 0; i < 60; i++)
        strbuf_add_c(&title, "ü,");
    after.job_title = strbuf_str(&title);
    struct str out = apply(card, &before, &after, *state), line;
    assert_true(utf8_valid(out));
    assert_text(read_contact(str_z(*state, out), *state).job_title, title.p);
    for (struct str rest = out; str_split(&rest, '\n', &line);)
        assert_true(line.n <= 76);
}

static void version_4_speaks_its_own_words(void **state)
{
    static const char v4[] = "BEGIN:VCARD\nVERSION:4.0\nFN:Anna Weiß\nN:Weiß;Anna;;;\n"
                             "TEL;VALUE=uri;TYPE=work:tel:+49931123\nGENDER:F\nEND:VCARD\n";
    struct contact before = read_contact(v4, *state), after = contact_copy(&before, *state);
    ((struct contact_value *)after.phones.items)[0].value = STR("+49931999");
    struct str out = apply(v4, &before, &after, *state);
    assert_true(has(out, "TEL;VALUE=uri;TYPE=work:tel:+49931999\r\n"));
    assert_true(has(out, "GENDER:F\r\n"));
}

static void what_cannot_be_patched_is_refused(void **state)
{
    struct contact before = read_contact(card, *state), after = before, other = before;
    struct str result;
    struct err err = {0};
    other.emails = (struct json_list){&(struct contact_value){STR("nie@da.example"), STR_NONE, -1}, 1};
    after.emails = (struct json_list){0};
    const struct json_list changes = crm_changes(&crm_carddav.map, &other, &after, *state);
    static const struct {
        const char *text;
        enum err_code code;
    } rows[] = {
        {card, ERR_STALE},
        {"BEGIN:VCARD\r\nVERSION:2.1\r\nN:A\r\nEND:VCARD\r\n", ERR_INVALID},
        {"BEGIN:VCARD\r\nVERSION:3.0\r\n", ERR_INVALID},
        {"<html>", ERR_INVALID},
        {"", ERR_INVALID},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct crm_vcard_patch patch = {str_c(rows[i].text), changes, &after, "DE"};
        assert_int_equal(crm_vcard_apply(&patch, *state, &result, &err), -1);
        assert_int_equal(err.code, rows[i].code);
    }
}

/* What went comes back as it stood there, with its spelling, parameters and labels. */
static void lines_come_back_from_the_image(void **state)
{
    struct contact before = read_contact(card, *state), after = {.given_name = STR("Georg")};
    struct str image = crm_vcard_image(str_c(card), *state), out;
    struct err err = {0};
    assert_false(has(image, "PHOTO") || has(image, "NOTE"));
    after.family_name = STR("Weber");
    struct str bare = apply(card, &before, &after, *state);
    assert_false(has(bare, "EMAIL") || has(bare, "TEL") || has(bare, "ADR") || has(bare, "X-ABLabel"));
    const struct crm_vcard_patch back = {.vcard = bare,
                                         .changes = crm_changes_back(&crm_carddav.map, &after, &before, *state),
                                         .after = &before,
                                         .region = "DE",
                                         .image = image};
    assert_int_equal(crm_vcard_apply(&back, *state, &out, &err), 0);
    static const char *const lines[] = {"item1.EMAIL;type=INTERNET;type=pref:j@m.example",
                                        "item1.X-ABLabel:_$!<Work>!$_",
                                        "TEL;TYPE=WORK,VOICE;X-FOO=1:+49 (931) 1234-567",
                                        "N:Schäfer;Jörg;Maria;Dr.;",
                                        "ADR;TYPE=WORK:Postfach 7;;Weg 1;Würzburg;Bayern;97076;Deutschland",
                                        "FN:Dr. Jörg Maria Schäfer",
                                        "ORG:Müller GmbH;Einkauf;Team 3",
                                        "TITLE:Leiter"};
    for (size_t i = 0; i < ARRAY_LEN(lines); i++)
        if (!has(out, lines[i]))
            fail_msg("%s is missing in %.*s", lines[i], STR_ARG(out));
}

/* Others use the name of a group meanwhile: a line that comes back takes another one. */
static void a_group_in_use_is_left_to_its_lines(void **state)
{
    struct contact before = read_contact(card, *state), after = before;
    struct str out, image = crm_vcard_image(str_c(card), *state);
    struct err err = {0};
    static const char now[] = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Schäfer;Jörg;;;\r\nFN:J\r\nitem1.IMPP:x:y\r\n"
                              "item1.X-ABLabel:Chat\r\nEND:VCARD\r\n";
    after.emails = (struct json_list){0};
    const struct crm_vcard_patch back = {.vcard = str_c(now),
                                         .changes = crm_changes_back(&crm_carddav.map, &after, &before, *state),
                                         .after = &before,
                                         .region = "DE",
                                         .image = image};
    assert_int_equal(crm_vcard_apply(&back, *state, &out, &err), 0);
    assert_true(has(out, "kartei1.EMAIL;type=INTERNET;type=pref:j@m.example"));
    assert_true(has(out, "kartei1.X-ABLabel:_$!<Work>!$_") && has(out, "item1.X-ABLabel:Chat"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit_with_arena(no_change_leaves_every_byte),
        unit_with_arena(one_component_changes_and_its_neighbours_stay),
        unit_with_arena(a_new_family_name_reaches_the_display_name),
        unit_with_arena(a_given_name_takes_the_additional_names_with_it),
        unit_with_arena(a_replaced_value_keeps_group_and_parameters),
        unit_with_arena(a_removed_value_takes_its_label_with_it),
        unit_with_arena(an_added_value_stands_behind_its_kind),
        unit_with_arena(an_address_keeps_the_words_that_did_not_change),
        unit_with_arena(undo_gives_back_the_same_contact),
        unit_with_arena(long_values_are_folded_between_characters),
        unit_with_arena(version_4_speaks_its_own_words),
        unit_with_arena(what_cannot_be_patched_is_refused),
        unit_with_arena(lines_come_back_from_the_image),
        unit_with_arena(a_group_in_use_is_left_to_its_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
