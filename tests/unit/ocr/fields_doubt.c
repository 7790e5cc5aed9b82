/* What is doubtful: misread words, halves of addresses, fields that contradict each other; and what is said about it.
 */
#include "tests/unit/ocr/page.h"

/* A page of lines with the words of one line read with little confidence. */
static struct ocr_card doubtful_card(struct arena *arena, const struct page_line *lines, size_t n, size_t at)
{
    struct ocr_page page = page_of(arena, lines, n);
    struct ocr_card card = {0};
    struct err err;
    for (size_t k = 0; k < page.lines[at].n; k++)
        page.lines[at].words[k].confidence = 0.7;
    assert_int_equal(ocr_fields_read(&page, "DE", arena, &card, &err), 0);
    return card;
}

static const struct ocr_reason *reason_of(const struct ocr_card *card, const char *field, const char *sign)
{
    const struct ocr_reason *reasons = card->reasons.items;
    for (size_t i = 0; i < card->reasons.n; i++)
        if (str_eq(reasons[i].field, str_c(field)) && str_eq(reasons[i].sign, str_c(sign)))
            return &reasons[i];
    return NULL;
}

static void a_doubtful_word_one_letter_off_is_put_right(void **state)
{
    static const struct page_line lines[] = {{"Anna Muster", 50, 0}, {"Gencral Manager", 30, 0}};
    struct ocr_card card = doubtful_card(*state, lines, ARRAY_LEN(lines), 1);
    assert_text(card.contact->job_title, "General Manager");
    const struct contact_claim *title = claim_of(&card, "job_title");
    assert_int_equal(title->alternatives.n, 1);
    assert_text(((const struct str *)title->alternatives.items)[0], "Gencral");
}

static void a_word_that_is_read_well_stays_as_it_is(void **state)
{
    static const struct page_line lines[] = {{"Anna Muster", 50, 0}, {"Gencral Manager", 30, 0}};
    assert_text(CARD(*state, lines).contact->job_title, "Gencral Manager");
}

static void a_cut_off_mail_ends_as_the_website_does(void **state)
{
    static const struct page_line lines[] = {
        {"Anna Muster", 50, 0}, {"anna@muster-bau.exa", 20, 2}, {"www.muster-bau.example", 20, 0}};
    struct ocr_card card = CARD(*state, lines);
    assert_int_equal(card.contact->emails.n, 1);
    assert_text(value_of(&card.contact->emails, 0)->value, "anna@muster-bau.example");
}

static void a_mail_over_two_lines_is_one(void **state)
{
    static const struct page_line lines[] = {{"Anna Muster", 50, 0}, {"anna@", 20, 2}, {"muster.example", 20, 0.2}};
    struct ocr_card card = CARD(*state, lines);
    assert_int_equal(card.contact->emails.n, 1);
    assert_text(value_of(&card.contact->emails, 0)->value, "anna@muster.example");
}

static void a_handle_is_no_mail(void **state)
{
    static const struct page_line lines[] = {{"Instagram @musterbau", 20, 0}, {"www.musterbau.example", 20, 0}};
    assert_int_equal(CARD(*state, lines).contact->emails.n, 0);
}

static void the_logo_settles_which_domain_was_misread(void **state)
{
    static const struct page_line lines[] = {{"Officine Rossi S.r.l.", 50, 0},
                                             {"anna@eofficine-rossi.example", 20, 2},
                                             {"www.officine-rossi.example", 20, 0}};
    struct ocr_card card = CARD(*state, lines);
    assert_text(value_of(&card.contact->emails, 0)->value, "anna@officine-rossi.example");
    assert_text(((const struct str *)claim_of(&card, "emails/0")->alternatives.items)[0],
                "anna@eofficine-rossi.example");
}

static void a_lost_plus_is_found_by_the_country_code(void **state)
{
    static const struct page_line lines[] = {{"t 65 6379 5248", 20, 0}};
    assert_text(value_of(&CARD(*state, lines).contact->phones, 0)->value, "+6563795248");
}

static void the_second_number_lends_the_area_code_of_the_first(void **state)
{
    static const struct page_line lines[] = {{"Phone +91 422 2555123, 2555124", 20, 0}};
    struct ocr_card card = CARD(*state, lines);
    assert_int_equal(card.contact->phones.n, 2);
    assert_text(value_of(&card.contact->phones, 1)->value, "+914222555124");
}

static void a_post_box_is_no_telephone(void **state)
{
    static const struct page_line lines[] = {{"P.O. Box 30456-00100 Nairobi, Kenya", 20, 0}};
    assert_int_equal(CARD(*state, lines).contact->phones.n, 0);
}

static void a_slogan_is_no_title(void **state)
{
    static const struct page_line lines[] = {
        {"Anna Muster", 50, 0}, {"Geschäftsführerin", 30, 0}, {"Ihr Partner für Zierpflanzen", 30, 5}};
    struct ocr_card card = CARD(*state, lines);
    assert_text(card.contact->job_title, "Geschäftsführerin");
    assert_int_equal(card.unassigned.n, 1);
}

static void a_department_over_two_lines_is_one(void **state)
{
    static const struct page_line lines[] = {{"Anna Muster", 40, 0},
                                             {"Oberärztin", 30, 0},
                                             {"Interdisziplinäres", 30, 0.4},
                                             {"Adipositas-Zentrum Musterland", 30, 0.4}};
    assert_text(CARD(*state, lines).contact->department, "Interdisziplinäres Adipositas-Zentrum Musterland");
}

static void what_speaks_for_a_value_is_said(void **state)
{
    static const struct page_line lines[] = {
        {"Muster GmbH", 40, 0}, {"Anna Schmidt", 50, 2}, {"anna.schmidt@muster.example", 20, 2}};
    struct ocr_card card = CARD(*state, lines), doubtful = doubtful_card(*state, lines, ARRAY_LEN(lines), 1);
    const struct ocr_reason *agrees = reason_of(&card, "family_name", "agrees");
    assert_non_null(agrees);
    assert_true(agrees->weight > 0);
    assert_non_null(reason_of(&card, "organization", "form"));
    double doubt = 1 - claim_of(&doubtful, "family_name")->confidence,
           trust = 1 - claim_of(&card, "family_name")->confidence;
    assert_true(doubt > 2 * trust);
    assert_true(reason_of(&doubtful, "family_name", "weakest-word")->weight < 0);
}

static void a_code_is_believed_and_its_profile_stays_unassigned(void **state)
{
    struct str codes[] = {STR("https://www.linkedin.com/in/anna-muster")};
    struct ocr_page page = {.codes = {codes, 1}};
    struct ocr_card card = {0};
    struct err err;
    assert_int_equal(ocr_fields_read(&page, "DE", *state, &card, &err), 0);
    assert_int_equal(card.contact->urls.n, 0);
    assert_int_equal(card.unassigned.n, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit_with_arena(a_doubtful_word_one_letter_off_is_put_right),
        unit_with_arena(a_word_that_is_read_well_stays_as_it_is),
        unit_with_arena(a_cut_off_mail_ends_as_the_website_does),
        unit_with_arena(a_mail_over_two_lines_is_one),
        unit_with_arena(a_handle_is_no_mail),
        unit_with_arena(the_logo_settles_which_domain_was_misread),
        unit_with_arena(a_lost_plus_is_found_by_the_country_code),
        unit_with_arena(the_second_number_lends_the_area_code_of_the_first),
        unit_with_arena(a_post_box_is_no_telephone),
        unit_with_arena(a_slogan_is_no_title),
        unit_with_arena(a_department_over_two_lines_is_one),
        unit_with_arena(what_speaks_for_a_value_is_said),
        unit_with_arena(a_code_is_believed_and_its_profile_stays_unassigned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
