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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
