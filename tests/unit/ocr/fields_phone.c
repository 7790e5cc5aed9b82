/* Telephone numbers in the styles of cards. */
#include "tests/unit/ocr/page.h"

static void styles_and_labels_are_known(void **state)
{
    static const struct {
        const char *line, *value;
        int kind;
    } rows[] = {
        {"Tel.: +49 (0) 30 23125-000", "+493023125000", CONTACT_WORK},
        {"T 030/23125-000", "+493023125000", CONTACT_WORK},
        {"Fon: 0049 30 23125000", "+493023125000", CONTACT_WORK},
        {"M +49 151 234 567 89", "+4915123456789", CONTACT_MOBILE},
        {"Handy 0151-23456789", "+4915123456789", CONTACT_MOBILE},
        {"Telefax +49 30 23125 – 001", "+493023125001", CONTACT_FAX},
        {"F: 030 23125001", "+493023125001", CONTACT_FAX},
        {"privat 030 23125002", "+493023125002", CONTACT_HOME},
        {"+49 30 23125 0OO", "+493023125000", CONTACT_WORK},
        {"t +44 20 7946 0018", "+442079460018", CONTACT_WORK},
        {"*49 30 23125000", "+493023125000", CONTACT_WORK},
        {"Office: +1 (202) 555-0123 Ext. 111", "+12025550123", CONTACT_WORK},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct page_line lines[] = {{rows[i].line, 0, 0}};
        struct ocr_card card = CARD(*state, lines);
        assert_int_equal(card.contact->phones.n, 1);
        assert_text(value_of(&card.contact->phones, 0)->value, rows[i].value);
        assert_int_equal(value_of(&card.contact->phones, 0)->kind, rows[i].kind);
        assert_non_null(value_of(&card.contact->phones, 0)->raw.p);
    }
}

static void the_printed_form_is_kept_without_its_label(void **state)
{
    static const struct page_line lines[] = {{"Telefon: 030 / 23 125-000", 0, 0}};
    struct ocr_card card = CARD(*state, lines);
    assert_text(value_of(&card.contact->phones, 0)->raw, "030 / 23 125-000");
    assert_int_equal(card.unassigned.n, 0);
}

static void several_numbers_on_a_line_are_several(void **state)
{
    static const struct page_line lines[] = {{"T +49 30 23125000 M +49 151 23456789 F +49 30 23125001", 0, 0}};
    struct ocr_card card = CARD(*state, lines);
    assert_int_equal(card.contact->phones.n, 3);
    assert_int_equal(value_of(&card.contact->phones, 0)->kind, CONTACT_WORK);
    assert_int_equal(value_of(&card.contact->phones, 1)->kind, CONTACT_MOBILE);
    assert_int_equal(value_of(&card.contact->phones, 2)->kind, CONTACT_FAX);
}

static void a_card_from_elsewhere_completes_its_own_numbers(void **state)
{
    static const struct page_line lines[] = {
        {"Tel 020 7946 0018", 0, 0}, {"1 Sample Street, London SW1A 1AA", 0, 0}, {"United Kingdom", 0, 0}};
    struct ocr_card card = CARD(*state, lines);
    assert_text(value_of(&card.contact->phones, 0)->value, "+442079460018");
}

static void an_american_card_needs_no_country(void **state)
{
    static const struct page_line lines[] = {{"cell (202) 555-0123", 0, 0}};
    struct ocr_card card = CARD(*state, lines);
    assert_text(value_of(&card.contact->phones, 0)->value, "+12025550123");
}

static void other_numbers_are_no_phones(void **state)
{
    static const char *const rows[] = {
        "HRB 123456 Amtsgericht Ulm",       "USt-ID DE123456789",      "97076 Würzburg", "01.01.2020",
        "IBAN DE02 1203 0000 0000 2020 51", "Stanford, CA 94305-6068", "Nr. 4711"};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct page_line lines[] = {{rows[i], 0, 0}};
        struct ocr_card card = CARD(*state, lines);
        assert_int_equal(card.contact->phones.n, 0);
    }
}

static void a_label_in_its_own_column_counts(void **state)
{
    static const struct page_line lines[] = {{"Fax", 0, 0}, {"+49 30 23125001", 0, 0}};
    struct ocr_page page = page_of(*state, lines, ARRAY_LEN(lines));
    struct ocr_card card = {0};
    struct err err;
    page.lines[1].box.y = page.lines[0].box.y;
    page.lines[1].box.x = 300;
    assert_int_equal(ocr_fields_read(&page, "DE", *state, &card, &err), 0);
    assert_int_equal(value_of(&card.contact->phones, 0)->kind, CONTACT_FAX);
}

static void two_numbers_around_a_dot_are_two(void **state)
{
    static const struct page_line lines[] = {{"+34 96 155 12 34 · 96 155 12 35", 20, 0}, {"muster.es", 20, 0}};
    struct ocr_card card = CARD(*state, lines);
    assert_int_equal(card.contact->phones.n, 2);
    assert_text(value_of(&card.contact->phones, 0)->raw, "+34 96 155 12 34");
    assert_text(value_of(&card.contact->phones, 1)->value, "+34961551235");
}

static void towns_labels_and_forms_say_whose_numbers_they_are(void **state)
{
    static const struct {
        const char *number, *hint, *value;
    } rows[] = {
        {"tel. 22 780 53 00", "00-159 Warszawa", "+48227805300"},
        {"Cep 0 (532) 410 20 30", "Papatya Sokak No:18", "+905324102030"},
        {"Móvil 655 120 344", "28012 Madrid", "+34655120344"},
        {"T 030 - 241 65 53", "3568 HC Utrecht", "+31302416553"},
        {"TEL 092-123-4567", "www.muster.jp", "+81921234567"},
        {"601 234 567", "Bydgoszcz", "+48601234567"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct page_line lines[] = {{rows[i].number, 0, 0}, {rows[i].hint, 0, 0}};
        struct ocr_card card = CARD(*state, lines);
        assert_int_equal(card.contact->phones.n, 1);
        assert_text(value_of(&card.contact->phones, 0)->value, rows[i].value);
    }
}

static void an_extension_is_no_foreign_postal_code(void **state)
{
    static const struct page_line lines[] = {{"Klaus Neumann", 50, 0}, {"Tel.: 02331 / 1479-873", 20, 2}};
    assert_text(value_of(&CARD(*state, lines).contact->phones, 0)->value, "+4923311479873");
}

static void an_american_number_may_have_a_gap(void **state)
{
    static const struct page_line lines[] = {{"cell (703) 867-01 35", 20, 0}};
    assert_text(value_of(&CARD(*state, lines).contact->phones, 0)->value, "+17038670135");
}

static void a_misread_number_yields_to_the_code(void **state)
{
    static const struct page_line lines[] = {{"Anna Muster", 50, 0}, {"+97585782518", 20, 2}};
    struct ocr_page page = page_of(*state, lines, ARRAY_LEN(lines));
    struct ocr_card card = {0};
    struct err err;
    struct str code = STR("BEGIN:VCARD\nVERSION:3.0\nFN:Anna Muster\nTEL:+971585782518\nEND:VCARD");
    page.codes = (struct json_list){&code, 1};
    assert_int_equal(ocr_fields_read(&page, "DE", *state, &card, &err), 0);
    assert_int_equal(card.contact->phones.n, 1);
    assert_text(value_of(&card.contact->phones, 0)->value, "+971585782518");
}

static double confidence_of(const struct ocr_card *card, const char *field)
{
    const struct contact_claim *claim = claim_of(card, field);
    return claim ? claim->confidence : 0;
}

/* Ten digits from 6 on, towns with their codes, landmarks: Indian cards say so themselves. */
static void indian_numbers_are_at_home_in_india(void **state)
{
    static const char *const lines[][2] = {{"M. 9876501234", "Sales : 98765 01234"},
                                           {"Ahmedabad-380 006", "M. 9876501234"},
                                           {"Shop 4, Opp. Town Hall, Delhi-110", "079 23456789"}};
    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        struct page_line page[] = {{lines[i][0], 0, 0}, {lines[i][1], 0, 0}};
        struct ocr_card card = CARD(*state, page);
        assert_int_equal(card.contact->phones.n, 1);
        assert_true(str_starts(value_of(&card.contact->phones, 0)->value, STR("+91")));
    }
}

/* "U.S.A. / U.K." at the end of a line is where they sell; the number of the tax office says where they are. */
static void what_somebody_sells_abroad_says_nothing(void **state)
{
    static const struct page_line sells[] = {{"Courier to U.S.A. / U.K.", 0, 0}, {"0931 2345678", 0, 0}};
    static const struct page_line tax[] = {{"TVA BE 0123 456 749", 0, 2}, {"0495/123456", 0, 2}};
    struct ocr_card abroad = CARD(*state, sells), belgian = CARD(*state, tax);
    assert_text(value_of(&abroad.contact->phones, 0)->value, "+499312345678");
    assert_text(value_of(&belgian.contact->phones, 0)->value, "+32495123456");
}

/* Where numbers begin with 0 one that does not is a guess, and so is the country of a card that does not say it. */
static void a_number_completed_by_a_guess_is_doubted(void **state)
{
    static const struct page_line sure[] = {{"97072 Würzburg", 0, 0}, {"Tel. 0931 2345678", 0, 0}};
    static const struct page_line bare[] = {{"97072 Würzburg", 0, 0}, {"Tel. 931 2345678", 0, 0}};
    static const struct page_line nowhere[] = {{"Tel. 0931 2345678", 0, 0}};
    struct ocr_card known = CARD(*state, sure), short_one = CARD(*state, bare), guess = CARD(*state, nowhere);
    assert_text(value_of(&short_one.contact->phones, 0)->value, "+499312345678");
    assert_true(confidence_of(&known, "phones/0") > confidence_of(&short_one, "phones/0") + 0.1);
    assert_true(confidence_of(&known, "phones/0") > confidence_of(&guess, "phones/0") + 0.05);
}

static void initials_are_no_label(void **state)
{
    static const struct page_line lines[] = {{"Bus Stand, Kalol (N.G.) 382765, Ph : (02764) 245678", 0, 0}};
    struct ocr_card card = CARD(*state, lines);
    assert_int_equal(card.contact->phones.n, 1);
    assert_text(value_of(&card.contact->phones, 0)->value, "+912764245678");
}

/* Where numbers begin with 0, "971 555 0168" is an American's; a label in another column needs a valid number. */
static void blanks_alone_may_divide_an_american_number(void **state)
{
    static const struct page_line lines[] = {{"Anna Muster", 50, 0}, {"971 555 0168", 30, 2}};
    struct ocr_card card = CARD(*state, lines);
    assert_text(value_of(&card.contact->phones, 0)->value, "+19715550168");
}

static void a_label_in_another_column_needs_a_valid_number(void **state)
{
    static const struct page_line lines[] = {{"P", 30, 0}, {"Lotus Road, Bogha 560001", 30, 0}};
    struct ocr_page page = page_of(*state, lines, 2);
    struct ocr_card card = {0};
    struct err err;
    page.lines[1].box.x += 300;
    page.lines[1].box.y = page.lines[0].box.y;
    for (size_t i = 0; i < page.lines[1].n; i++)
        page.lines[1].words[i].box.x += 300;
    assert_int_equal(ocr_fields_read(&page, "IN", *state, &card, &err), 0);
    assert_int_equal(card.contact->phones.n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit_with_arena(styles_and_labels_are_known),
        unit_with_arena(the_printed_form_is_kept_without_its_label),
        unit_with_arena(several_numbers_on_a_line_are_several),
        unit_with_arena(a_card_from_elsewhere_completes_its_own_numbers),
        unit_with_arena(towns_labels_and_forms_say_whose_numbers_they_are),
        unit_with_arena(an_american_card_needs_no_country),
        unit_with_arena(other_numbers_are_no_phones),
        unit_with_arena(a_label_in_its_own_column_counts),
        unit_with_arena(two_numbers_around_a_dot_are_two),
        unit_with_arena(an_extension_is_no_foreign_postal_code),
        unit_with_arena(an_american_number_may_have_a_gap),
        unit_with_arena(a_misread_number_yields_to_the_code),
        unit_with_arena(indian_numbers_are_at_home_in_india),
        unit_with_arena(what_somebody_sells_abroad_says_nothing),
        unit_with_arena(a_number_completed_by_a_guess_is_doubted),
        unit_with_arena(initials_are_no_label),
        unit_with_arena(blanks_alone_may_divide_an_american_number),
        unit_with_arena(a_label_in_another_column_needs_a_valid_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
