/* Names, titles, departments, and what is not a name. */
#include "tests/unit/ocr/page.h"

static void names_are_taken_apart(void **state)
{
    static const struct {
        const char *line, *prefix, *given, *family, *suffix;
    } rows[] = {
        {"Anna Muster", "", "Anna", "Muster", ""},
        {"Prof. Dr.-Ing. Hans von der Heide", "Prof. Dr.-Ing.", "Hans", "von der Heide", ""},
        {"ANNA MUSTERFRAU", "", "Anna", "Musterfrau", ""},
        {"PETER VAN DER BERG", "", "Peter", "van der Berg", ""},
        {"Anna MUSTERFRAU", "", "Anna", "Musterfrau", ""},
        {"Anna Muster, MBA", "", "Anna", "Muster", "MBA"},
        {"Dipl.-Ing. (FH) Peter Muster", "Dipl.-Ing. (FH)", "Peter", "Muster", ""},
        {"Peter J. Muster Ph.D.", "", "Peter J.", "Muster", "Ph.D."},
        {"Łukasz Przykładowski", "", "Łukasz", "Przykładowski", ""},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct page_line lines[] = {{rows[i].line, 44, 0}, {"Geschäftsführer", 0, 0}, {"info@firma.example", 0, 2}};
        struct ocr_card card = CARD(*state, lines);
        const struct contact *c = card.contact;
        assert_text(c->given_name, rows[i].given);
        assert_text(c->family_name, rows[i].family);
        assert_true(str_eq(c->name_prefix.p ? c->name_prefix : STR(""), str_c(rows[i].prefix)));
        assert_true(str_eq(c->name_suffix.p ? c->name_suffix : STR(""), str_c(rows[i].suffix)));
    }
}

static void the_mail_finds_a_name_no_list_knows(void **state)
{
    static const struct page_line lines[] = {
        {"Blau Weiss Logistik", 40, 0}, {"Qyrx Zzabrok", 30, 1}, {"q.zzabrok@firma.example", 0, 2}};
    struct ocr_card card = CARD(*state, lines);
    assert_text(card.contact->family_name, "Zzabrok");
}

static void given_and_family_name_may_stand_on_two_lines(void **state)
{
    static const struct page_line lines[] = {
        {"Anna", 44, 0}, {"Muster", 44, 0}, {"Projektleiterin", 0, 0}, {"anna.muster@firma.example", 0, 2}};
    struct ocr_card card = CARD(*state, lines);
    assert_text(card.contact->given_name, "Anna");
    assert_text(card.contact->family_name, "Muster");
    assert_text(card.contact->job_title, "Projektleiterin");
}

static void a_title_may_run_over_lines(void **state)
{
    static const struct page_line lines[] = {{"Anna Muster", 44, 0},
                                             {"Leiterin Einkauf und", 28, 0},
                                             {"Materialwirtschaft", 28, 0},
                                             {"info@firma.example", 0, 3}};
    struct ocr_card card = CARD(*state, lines);
    assert_text(card.contact->job_title, "Leiterin Einkauf und Materialwirtschaft");
}

static void a_department_is_not_a_title(void **state)
{
    static const struct page_line lines[] = {{"Anna Muster", 44, 0},
                                             {"Projektleiterin", 28, 0},
                                             {"Abteilung Forschung", 28, 0},
                                             {"info@firma.example", 0, 3}};
    struct ocr_card card = CARD(*state, lines);
    assert_text(card.contact->job_title, "Projektleiterin");
    assert_text(card.contact->department, "Abteilung Forschung");
}

static void a_company_named_after_a_person_is_no_person(void **state)
{
    static const struct page_line lines[] = {{"Peter Muster GmbH", 44, 0},
                                             {"Anna Beispiel", 36, 2},
                                             {"Vertrieb", 0, 0},
                                             {"anna.beispiel@peter-muster.example", 0, 2}};
    struct ocr_card card = CARD(*state, lines);
    assert_text(card.contact->family_name, "Beispiel");
    assert_text(card.contact->organization, "Peter Muster GmbH");
}

static void misread_legal_forms_are_mended(void **state)
{
    static const struct page_line lines[] = {
        {"Muster Trading Co., Itd.", 40, 0}, {"Anna Beispiel", 36, 2}, {"anna@firma.example", 0, 2}};
    struct ocr_card card = CARD(*state, lines);
    assert_text(card.contact->organization, "Muster Trading Co., Ltd.");
}

/* "service", "sales" in the mailbox: it is the firm's, and so is the rest of it. */
static void a_firms_mailbox_is_no_persons(void **state)
{
    static const struct page_line lines[] = {{"Lena Vexkel", 30, 0},
                                             {"Sales Consultant", 25, 0},
                                             {"Motto Zuqrandai", 40, 1},
                                             {"mottozuqrandaisales@gmail.com", 25, 1}};
    struct ocr_card card = CARD(*state, lines);
    assert_text(card.contact->family_name, "Vexkel");
}

static void what_is_made_of_trades_or_goes_on_is_no_name(void **state)
{
    static const struct page_line trade[] = {{"Personal Loan", 40, 0}, {"Mortgage Loan", 40, 0}};
    static const struct page_line firm[] = {{"Marta Kern &", 40, 0}, {"Healthcare Research Ltd.", 40, 0}};
    static const struct page_line form[] = {{"Han Vexkel Motor Co.,", 40, 0}, {"Seoul", 30, 2}};
    struct ocr_card a = CARD(*state, trade), b = CARD(*state, firm), c = CARD(*state, form);
    assert_null(a.contact->family_name.p);
    assert_null(b.contact->family_name.p);
    assert_null(c.contact->family_name.p);
}

/* Neither word is in a list, no mailbox knows them: large print and nothing against it is enough when nobody else is
 * there. */
static void a_name_that_only_its_looks_speak_for_is_taken_last(void **state)
{
    static const struct page_line lines[] = {{"Zuqra Vexkel", 36, 0},
                                             {"(502) 555-0155", 30, 2},
                                             {"vexarchery@gmail.com", 30, 1},
                                             {"www.vexarchery.example", 30, 0}};
    static const struct page_line initial[] = {{"D. Vexkelan", 30, 0}, {"98765 01234", 30, 2}};
    struct ocr_card card = CARD(*state, lines), with_initial = CARD(*state, initial);
    assert_text(card.contact->family_name, "Vexkel");
    assert_text(with_initial.contact->family_name, "Vexkelan");
}

static void small_letters_behind_a_name_are_not_of_it(void **state)
{
    static const struct page_line lines[] = {{"ZUQRA VEXKEL cheerful baker", 36, 0}, {"zvexkel@muster.example", 30, 2}};
    struct ocr_card card = CARD(*state, lines);
    assert_text(card.contact->given_name, "Zuqra");
    assert_text(card.contact->family_name, "Vexkel");
}

/* Two texts that only their looks speak for: neither is known to be the name. */
static void of_two_that_may_be_a_name_none_is_taken(void **state)
{
    static const struct page_line lines[] = {
        {"Zuqra Vexkel", 36, 0}, {"Brumli Tarkov", 36, 3}, {"(502) 555-0155", 30, 3}};
    static const struct page_line things[] = {{"CCTV VEXSTALLATION", 36, 0}, {"(502) 555-0155", 30, 3}};
    struct ocr_card card = CARD(*state, lines), service = CARD(*state, things);
    assert_null(card.contact->family_name.p);
    assert_null(service.contact->family_name.p);
}

/* What the engine read without any confidence is no name, unless the mailbox knows it. */
static void pieces_of_a_drawing_are_no_name(void **state)
{
    static const struct page_line lines[] = {{"Edward Zuqvex", 30, 0}, {"+49 931 2345678", 30, 2}};
    struct ocr_page page = page_of(*state, lines, 2);
    struct ocr_card card = {0};
    struct err err;
    page.lines[0].words[0].confidence = page.lines[0].words[1].confidence = 0.26;
    assert_int_equal(ocr_fields_read(&page, "DE", *state, &card, &err), 0);
    assert_null(card.contact->family_name.p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit_with_arena(names_are_taken_apart),
        unit_with_arena(the_mail_finds_a_name_no_list_knows),
        unit_with_arena(given_and_family_name_may_stand_on_two_lines),
        unit_with_arena(a_title_may_run_over_lines),
        unit_with_arena(a_department_is_not_a_title),
        unit_with_arena(a_company_named_after_a_person_is_no_person),
        unit_with_arena(misread_legal_forms_are_mended),
        unit_with_arena(a_firms_mailbox_is_no_persons),
        unit_with_arena(what_is_made_of_trades_or_goes_on_is_no_name),
        unit_with_arena(a_name_that_only_its_looks_speak_for_is_taken_last),
        unit_with_arena(small_letters_behind_a_name_are_not_of_it),
        unit_with_arena(of_two_that_may_be_a_name_none_is_taken),
        unit_with_arena(pieces_of_a_drawing_are_no_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
