/* Tables there and back: what spreadsheets write is understood, what they would run is disarmed. */
#include "tests/unit/unit.h"

#include "crm-connectors/file_drop/table.h"

static const char *const broken[] = {"Name\n\"Anna", "Name\n\"Anna\"\"\n"};

/* Cells of all rows, '|' between, rows ended by '/'. */
static struct str cells_of(struct str text, struct arena *arena)
{
    struct strbuf out = {.arena = arena};
    struct str cells[CRM_CSV_COLUMNS];
    struct crm_csv csv;
    struct err err = {0};
    size_t n;
    int r = crm_csv_begin(text, arena, &csv, &err);
    while (r >= 0 && (r = crm_csv_row(&csv, arena, cells, &n, &err)) == 1) {
        for (size_t i = 0; i < n; i++)
            strbuf_printf(&out, "%s%.*s", i ? "|" : "", STR_ARG(cells[i]));
        strbuf_add_c(&out, "/");
    }
    return r < 0 ? STR("broken") : strbuf_str(&out);
}

static void assert_cells(const char *text, const char *wanted, struct arena *arena)
{
    struct str cells = cells_of(str_c(text), arena);
    assert_string_equal(str_z(arena, cells), wanted);
}

static void quotes_line_ends_and_separators_are_understood(void **state)
{
    struct arena *arena = *state;
    assert_cells("a,b\r\n1,2\r\n", "a|b/1|2/", arena);
    assert_cells("a;b\n\"1;\"\"x\"\"\n2\";3", "a|b/1;\"x\"\n2|3/", arena);
    assert_cells("a\tb\r1\t 2 \r\r", "a|b/1|2/", arena);
    assert_cells("\xef\xbb\xbf\"a\",b\n,,\n1", "a|b/1/", arena);
    assert_cells("\"a,b\";c;d\n", "a,b|c|d/", arena);
}

static void windows_text_becomes_utf8(void **state)
{
    assert_cells("Stra\xdf"
                 "e;M\xfc"
                 "ller\x80\n",
                 "Straße|Müller€/", *state);
}

static void a_quote_without_end_and_too_many_columns_are_told(void **state)
{
    struct arena *arena = *state;
    struct strbuf wide = {.arena = arena};
    for (size_t i = 0; i < ARRAY_LEN(broken); i++)
        assert_cells(broken[i], "broken", arena);
    for (int i = 0; i < CRM_CSV_COLUMNS; i++)
        strbuf_add_c(&wide, "x,");
    assert_string_equal(str_z(arena, cells_of(strbuf_str(&wide), arena)), "broken");
}

static void formulas_are_disarmed_and_come_back_as_they_were(void **state)
{
    static const char *const cells[] = {"=1+1", "+49931123450", "+1+cmd", "@x", "-", "'quoted", "Anna \"A\"\nB", ""};
    static const char *const raw[] = {"'=1+1", "+49931123450", "'+1+cmd", "'@x", "'-", "'quoted"};
    struct arena *arena = *state;
    for (size_t i = 0; i < ARRAY_LEN(cells); i++) {
        struct strbuf out = {.arena = arena};
        crm_csv_add(&out, STR("first"), true);
        crm_csv_add(&out, str_c(cells[i]), false);
        crm_csv_end(&out);
        if (i < ARRAY_LEN(raw))
            assert_true(str_find(strbuf_str(&out), str_printf(arena, ",\"%s\"", raw[i]), 0) > 0);
        struct str back = cells_of(strbuf_str(&out), arena);
        assert_string_equal(str_z(arena, back), str_z(arena, str_printf(arena, "first|%s/", cells[i])));
    }
}

/* The contact of a table of two lines as JSON, "nobody", or "no table". */
static struct str contact_in(const char *text, struct crm_drop_row *ret_row, struct arena *arena)
{
    struct str cells[CRM_CSV_COLUMNS];
    struct crm_drop_columns columns;
    struct crm_csv csv;
    struct err err = {0};
    size_t n;
    if (crm_csv_begin(str_c(text), arena, &csv, &err) < 0 || crm_csv_row(&csv, arena, cells, &n, &err) != 1 ||
        crm_drop_header(cells, n, &columns, &err) < 0 || crm_csv_row(&csv, arena, cells, &n, &err) != 1)
        return STR("no table");
    int r = crm_drop_read(&columns, (struct json_list){cells, n}, "DE", arena, ret_row, &err);
    return r == 1 ? json_write(&contact_shape, &ret_row->contact, arena) : STR("nobody");
}

static void headings_of_many_programs_are_known(void **state)
{
    static const char *const tables[] = {
        "Vorname;Nachname;E-Mail-Adresse;Telefon geschäftlich;Firma\nAnna;Weiß;anna@weiss.example;0931 123450;Weiß "
        "GmbH\n",
        "First Name,Last Name,Email,Business Phone,Company\nAnna,Weiß,anna@weiss.example,+49 931 123450,Weiß GmbH\n",
        "given name\tSURNAME\te-mail\twork phone\tAccount Name\nAnna\tWeiß\tanna@weiss.example\t0931/123450\tWeiß "
        "GmbH\n",
        "Name,E-Mail 1 - Value,Phone,Organization\nAnna Weiß,anna@weiss.example,0931-123450,Weiß GmbH\n",
    };
    struct crm_drop_row row;
    for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
        assert_true(str_find(contact_in(tables[i], &row, *state), STR("\"Anna\""), 0) > 0);
        assert_true(str_eq(row.contact.family_name, STR("Weiß")));
        assert_true(str_eq(row.contact.organization, STR("Weiß GmbH")));
        assert_int_equal(row.contact.emails.n, 1);
        assert_true(str_eq(((const struct contact_value *)row.contact.phones.items)->value, STR("+49931123450")));
    }
}

static void rows_without_a_person_and_tables_without_names_are_told(void **state)
{
    struct crm_drop_row row;
    assert_true(str_eq(contact_in("Name,Ort\n,Ulm\n", &row, *state), STR("nobody")));
    assert_true(str_eq(contact_in("a,b\n1,2\n", &row, *state), STR("no table")));
}

static void an_id_is_made_of_the_address_and_stays(void **state)
{
    struct arena *arena = *state;
    struct crm_drop_row one, two;
    (void)contact_in("Name,Email\nAnna Weiß,Anna@weiss.example\n", &one, arena);
    (void)contact_in("Email,Nachname\nanna@weiss.example,Weiß-Neu\n", &two, arena);
    assert_true(str_eq(one.id, two.id));
    (void)contact_in("ID,Email\n77,anna@weiss.example\n", &two, arena);
    assert_true(str_eq(two.id, STR("77")));
}

static void a_row_comes_back_as_it_was_written_in_both_languages(void **state)
{
    static const char *const languages[] = {"de", "en"};
    struct arena *arena = *state;
    struct crm_drop_row row, back;
    struct err err = {0};
    (void)contact_in(
        "Titel;Vorname;Nachname;Position;Abteilung;Firma;Email;Email 2;Telefon;Mobil;Fax;Website;Straße;PLZ;"
        "Ort;Land\nDr.;Jörg;Schäfer;=Chef;Einkauf;\"Öl; \"\"Gas\"\"\";a@b.example;c@b.example;0931 123450;0170 "
        "1234567;0931 123459;https://b.example;Ring 5;97076;Würzburg;Deutschland\n",
        &row, arena);
    row.marker = STR("m-1");
    for (size_t i = 0; i < ARRAY_LEN(languages); i++) {
        struct strbuf out = {.arena = arena};
        crm_drop_add_header(&out, languages[i]);
        assert_int_equal(crm_drop_add(&out, &row, "DE", &err), 0);
        (void)contact_in(str_z(arena, strbuf_str(&out)), &back, arena);
        assert_true(contact_same(&row.contact, &back.contact));
        assert_true(str_eq(back.marker, row.marker));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit_with_arena(quotes_line_ends_and_separators_are_understood),
        unit_with_arena(windows_text_becomes_utf8),
        unit_with_arena(a_quote_without_end_and_too_many_columns_are_told),
        unit_with_arena(formulas_are_disarmed_and_come_back_as_they_were),
        unit_with_arena(headings_of_many_programs_are_known),
        unit_with_arena(rows_without_a_person_and_tables_without_names_are_told),
        unit_with_arena(an_id_is_made_of_the_address_and_stays),
        unit_with_arena(a_row_comes_back_as_it_was_written_in_both_languages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
