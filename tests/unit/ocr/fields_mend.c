/* What else the card says puts misread letters right, and nothing else. */
#include "ocr/fields/mend/slip.h"
#include "tests/unit/ocr/page.h"

/* A card whose line `at` was read with this confidence. */
static struct ocr_card card_read(struct arena *arena, const struct page_line *lines, size_t n, size_t at,
                                 double confidence)
{
    struct ocr_page page = page_of(arena, lines, n);
    struct ocr_card card = {0};
    struct err err;
    for (size_t k = 0; k < page.lines[at].n; k++)
        page.lines[at].words[k].confidence = confidence;
    assert_int_equal(ocr_fields_read(&page, "DE", arena, &card, &err), 0);
    return card;
}

static void usual_slips_cost_less_than_others(void **state)
{
    static const struct {
        const char *seen, *meant;
        double least, most;
    } rows[] = {
        {"bernard", "bernard", 0, 0},
        {"anna.berg-ridley", "annabergridley", 0, 0}, /* dots and hyphens are no letters */
        {"bemard", "bernard", 0.1, OCR_SLIP_USUAL},
        {"ferari", "ferrari", 0.1, OCR_SLIP_USUAL},
        {"annaq", "anna", 0.1, OCR_SLIP_USUAL}, /* the edge of an at sign */
        {"bernart", "bernard", OCR_SLIP_ANY, OCR_SLIP_ANY},
        {"berard", "bernard", OCR_SLIP_EXTRA, OCR_SLIP_EXTRA},
        {"muster", "rohrwerk", 3, 100},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        double cost = ocr_slip_cost(str_c(rows[i].seen), str_c(rows[i].meant), 4);
        assert_true(cost > rows[i].least - 0.001 && cost < rows[i].most + 0.001);
    }
}

static void letters_are_mended_between_the_joints(void **state)
{
    assert_text(ocr_slip_mend(STR("anna-berg.ridiey"), STR("annabergridley"), *state), "anna-berg.ridley");
    assert_text(ocr_slip_mend(STR("bemard"), STR("bernard"), *state), "bernard");
}

static void the_firm_in_print_settles_mail_and_website(void **state)
{
    static const struct page_line lines[] = {{"Bernard Transports SAS", 40, 0},
                                             {"Anna Muster", 50, 2},
                                             {"anna.muster@bemard.example", 30, 2},
                                             {"www.bermard.example", 30, 0}};
    struct ocr_card card = CARD(*state, lines);
    assert_text(value_of(&card.contact->emails, 0)->value, "anna.muster@bernard.example");
    assert_text(value_of(&card.contact->urls, 0)->value, "https://www.bernard.example");
}

static void two_domains_stay_two(void **state)
{
    static const struct page_line lines[] = {
        {"Muster Bau GmbH", 40, 0}, {"info@muster-bau.de", 20, 2}, {"www.musterwerk.de", 20, 0}};
    struct ocr_card card = CARD(*state, lines);
    assert_text(value_of(&card.contact->emails, 0)->value, "info@muster-bau.de");
    assert_text(value_of(&card.contact->urls, 0)->value, "https://www.musterwerk.de");
}

static void a_mailbox_is_mended_by_the_name_alone(void **state)
{
    static const struct {
        const char *name, *seen, *meant;
    } rows[] = {
        {"Claudio Ferrari", "claudio.ferari@werk.example", "claudio.ferrari@werk.example"},
        {"Brigitte Vincent-Brunet", "brigitte_vincent-brunet@werk.example", "brigitte_vincent-brunet@werk.example"},
        {"Anna Muster", "anna muster@werk.example", "anna.muster@werk.example"},
        {"Anna Muster", ".muster@werk.example", "a.muster@werk.example"},
        {"Anna Oberlander", "e.oberlander@werk.example", "e.oberlander@werk.example"},     /* a colleague's */
        {"John Mustermann", "jon.mustermann@werk.example", "jon.mustermann@werk.example"}, /* as he is called */
        {"Anna Price", "price@werk.example", "price@werk.example"},
        {"Wataru Aoto", "w-aoto@werk.example", "w-aoto@werk.example"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct page_line lines[] = {{rows[i].name, 50, 0}, {rows[i].seen, 20, 2}};
        struct ocr_card card = CARD(*state, lines);
        assert_text(value_of(&card.contact->emails, 0)->value, rows[i].meant);
    }
}

static void another_reading_that_is_the_name_is_taken(void **state)
{
    static const struct page_line lines[] = {{"John Wilson", 50, 0}, {"willon@werk.example", 20, 2}};
    struct ocr_page page = page_of(*state, lines, ARRAY_LEN(lines));
    struct ocr_card card = {0};
    struct err err;
    struct str other = STR("wilson@werk.example");
    page.lines[1].words[0].alternatives = (struct json_list){&other, 1};
    assert_int_equal(ocr_fields_read(&page, "DE", *state, &card, &err), 0);
    assert_text(value_of(&card.contact->emails, 0)->value, "wilson@werk.example");
}

static void a_doubtful_name_is_mended_by_the_mailbox(void **state)
{
    static const struct page_line lines[] = {{"Christopher Wiliams", 50, 0},
                                             {"christopher.williams@werk.example", 20, 2}};
    assert_text(card_read(*state, lines, ARRAY_LEN(lines), 0, 0.85).contact->family_name, "Williams");
    assert_text(card_read(*state, lines, ARRAY_LEN(lines), 0, 0.95).contact->family_name, "Wiliams");
}

static void lost_marks_come_back_where_others_are_set(void **state)
{
    static const struct page_line marked[] = {
        {"Michat Dabrowska", 50, 0}, {"Właściciel", 30, 0}, {"ul. Krótka 4", 30, 2}, {"00-473 Warszawa", 30, 0}};
    static const struct page_line plain[] = {
        {"Anna Dabrowska", 50, 0}, {"ul. Polna 4", 30, 2}, {"00-473 Warszawa", 30, 0}};
    struct ocr_card card = card_read(*state, marked, ARRAY_LEN(marked), 0, 0.9);
    assert_text(card.contact->given_name, "Michał");
    assert_text(card.contact->family_name, "Dąbrowska");
    assert_text(card_read(*state, plain, ARRAY_LEN(plain), 0, 0.9).contact->family_name, "Dabrowska");
}

static void another_reading_that_the_domain_spells_is_taken(void **state)
{
    static const struct page_line lines[] = {
        {"Quarfix Assurances SAS", 40, 0}, {"Anna Muster", 50, 2}, {"anna.muster@quafix-assurances.example", 20, 2}};
    struct ocr_page page = page_of(*state, lines, ARRAY_LEN(lines));
    struct ocr_card card = {0};
    struct err err;
    struct str other = STR("Quafix");
    assert_text(CARD(*state, lines).contact->organization, "Quarfix Assurances SAS");
    page.lines[0].words[0].alternatives = (struct json_list){&other, 1};
    assert_int_equal(ocr_fields_read(&page, "DE", *state, &card, &err), 0);
    assert_text(card.contact->organization, "Quafix Assurances SAS");
}

static void false_at_signs_and_long_dashes_are_undone(void **state)
{
    static const char *const seen[] = {"dangeloQmuster-bau.example", "dangelo&muster-bau.example",
                                       "dangelo8muster-bau.example", "dangelomuster-bau.example",
                                       "dangelo@muster–bau.example", "dangelo@muster - bau.example",
                                       "dangelo@@muster-bau.example"};
    for (size_t i = 0; i < ARRAY_LEN(seen); i++) {
        struct page_line lines[] = {{"Ugo Dangelo", 50, 0}, {seen[i], 20, 2}, {"www.muster-bau.example", 20, 0}};
        struct ocr_card card = CARD(*state, lines);
        assert_int_equal(card.contact->emails.n, 1);
        assert_text(value_of(&card.contact->emails, 0)->value, "dangelo@muster-bau.example");
        assert_text(value_of(&card.contact->urls, 0)->value, "https://www.muster-bau.example");
    }
}

/* The mailbox spells the name as it is printed: a list that knows a longer one is no reason to change both. */
static void a_name_that_the_mailbox_spells_stays(void **state)
{
    static const struct page_line lines[] = {{"ADRIENE VEXKEL", 50, 0}, {"adriene@zuqra.example", 25, 2}};
    struct ocr_page page = page_of(*state, lines, 2);
    struct ocr_card card = {0};
    struct err err;
    page.lines[0].words[0].confidence = 0.9;
    page.lines[0].words[1].confidence = 0.9;
    assert_int_equal(ocr_fields_read(&page, "DE", *state, &card, &err), 0);
    assert_text(card.contact->given_name, "Adriene");
    assert_text(value_of(&card.contact->emails, 0)->value, "adriene@zuqra.example");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit_with_arena(usual_slips_cost_less_than_others),
        unit_with_arena(letters_are_mended_between_the_joints),
        unit_with_arena(the_firm_in_print_settles_mail_and_website),
        unit_with_arena(two_domains_stay_two),
        unit_with_arena(a_mailbox_is_mended_by_the_name_alone),
        unit_with_arena(another_reading_that_is_the_name_is_taken),
        unit_with_arena(a_doubtful_name_is_mended_by_the_mailbox),
        unit_with_arena(lost_marks_come_back_where_others_are_set),
        unit_with_arena(another_reading_that_the_domain_spells_is_taken),
        unit_with_arena(false_at_signs_and_long_dashes_are_undone),
        unit_with_arena(a_name_that_the_mailbox_spells_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
