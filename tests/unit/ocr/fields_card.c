/* Whole cards: what competes for the same lines, and what a claim says. */
#include "tests/unit/ocr/page.h"

static void a_german_card_is_read_whole(void **state)
{
    static const struct page_line lines[] = {
        {"Muster Maschinenbau GmbH & Co. KG", 40, 0},
        {"Dr. Anna Schmidt-Lehmann", 44, 2},
        {"Leiterin Einkauf", 28, 0},
        {"Industriestr. 5", 28, 3},
        {"97076 Würzburg", 28, 0},
        {"Telefon 0931 / 123 456-78", 28, 0},
        {"Mobil +49 (0)151 23456789", 28, 0},
        {"Fax 0931 123456-79", 28, 0},
        {"anna.schmidt@muster.example", 28, 0},
        {"www.muster.example", 28, 0},
    };
    struct ocr_card card = CARD(*state, lines);
    const struct contact *c = card.contact;
    assert_text(c->name_prefix, "Dr.");
    assert_text(c->given_name, "Anna");
    assert_text(c->family_name, "Schmidt-Lehmann");
    assert_text(c->job_title, "Leiterin Einkauf");
    assert_text(c->organization, "Muster Maschinenbau GmbH & Co. KG");
    assert_text(value_of(&c->emails, 0)->value, "anna.schmidt@muster.example");
    assert_text(value_of(&c->urls, 0)->value, "https://www.muster.example");
    assert_int_equal(c->phones.n, 3);
    assert_text(value_of(&c->phones, 0)->value, "+4993112345678");
    assert_int_equal(value_of(&c->phones, 0)->kind, CONTACT_WORK);
    assert_text(value_of(&c->phones, 1)->value, "+4915123456789");
    assert_int_equal(value_of(&c->phones, 1)->kind, CONTACT_MOBILE);
    assert_int_equal(value_of(&c->phones, 2)->kind, CONTACT_FAX);
    const struct contact_address *a = c->addresses.items;
    assert_int_equal(c->addresses.n, 1);
    assert_text(a->street, "Industriestr. 5");
    assert_text(a->postal_code, "97076");
    assert_text(a->city, "Würzburg");
    assert_text(a->country, "DE");
}

static void a_claim_says_where_its_value_stands(void **state)
{
    static const struct page_line lines[] = {
        {"Anna Muster", 50, 0}, {"anna@muster.example", 20, 4}, {"Unverlangte Zeile", 20, 4}};
    struct ocr_card card = CARD(*state, lines);
    const struct contact_claim *name = claim_of(&card, "given_name"), *mail = claim_of(&card, "emails/0");
    assert_non_null(name);
    assert_non_null(mail);
    assert_int_equal(name->card_box.n, 4);
    assert_int_equal(name->box.n, 0);
    const double *box = mail->card_box.items;
    assert_true(box[1] > 100 && box[3] > 19 && box[3] < 21);
    assert_true(mail->confidence > 0.9 && mail->confidence <= 1);
}

static void what_no_field_takes_is_kept(void **state)
{
    static const struct page_line lines[] = {
        {"Anna Muster", 50, 0}, {"anna@muster.example", 20, 4}, {"alles aus einer hand seit 1900 für sie da", 20, 9}};
    struct ocr_card card = CARD(*state, lines);
    const struct ocr_rest *rest = card.unassigned.items;
    assert_int_equal(card.unassigned.n, 1);
    assert_text(rest->text, "alles aus einer hand seit 1900 für sie da");
}

static void an_empty_page_gives_an_empty_contact(void **state)
{
    struct ocr_page page = {0};
    struct ocr_card card = {0};
    struct err err;
    assert_int_equal(ocr_fields_read(&page, NULL, *state, &card, &err), 0);
    assert_non_null(card.contact);
    assert_null(card.contact->given_name.p);
    assert_int_equal(card.fields.n, 0);
}

static void too_many_lines_are_no_card(void **state)
{
    static const struct page_line line = {"x", 0, 0};
    struct page_line lines[OCR_FIELDS_LINES + 1];
    struct ocr_card card = {0};
    struct err err;
    for (size_t i = 0; i < ARRAY_LEN(lines); i++)
        lines[i] = line;
    struct ocr_page page = page_of(*state, lines, ARRAY_LEN(lines));
    assert_int_equal(ocr_fields_read(&page, "DE", *state, &card, &err), -1);
    assert_int_equal(err.code, ERR_TOO_LARGE);
}

static void junk_gives_no_person(void **state)
{
    static const struct page_line lines[] = {{"~ | — ■ ..", 0, 0},
                                             {"@ @ @@ (at)", 0, 0},
                                             {"+ + +49 +", 0, 0},
                                             {"12 3 4 5 6", 0, 0},
                                             {"ƏPLIL UOÑ!ES “ld", 0, 0}};
    struct ocr_card card = CARD(*state, lines);
    assert_null(card.contact->family_name.p);
    assert_int_equal(card.contact->emails.n, 0);
    assert_int_equal(card.contact->phones.n, 0);
}

static void a_code_overrules_what_was_read(void **state)
{
    static const struct page_line lines[] = {{"Anna Master", 50, 0}, {"anna@muster.example", 20, 2}};
    struct str code =
        STR("BEGIN:VCARD\nVERSION:3.0\nN:Muster;Anna\nEMAIL:anna@muster.example\nTEL;CELL:+4915123456789\nEND:VCARD");
    struct ocr_page page = page_of(*state, lines, ARRAY_LEN(lines));
    struct ocr_card card = {0};
    struct err err;
    page.codes = (struct json_list){&code, 1};
    assert_int_equal(ocr_fields_read(&page, "DE", *state, &card, &err), 0);
    const struct contact_claim *family = claim_of(&card, "family_name");
    assert_text(card.contact->family_name, "Muster");
    assert_text(((const struct str *)family->alternatives.items)[0], "Master");
    assert_int_equal(card.contact->emails.n, 1);
    assert_int_equal(claim_of(&card, "emails/0")->card_box.n, 4);
    assert_int_equal(claim_of(&card, "phones/0")->card_box.n, 0);
}

static void a_mecard_is_understood(void **state)
{
    struct str code = STR("MECARD:N:Muster,Anna;TEL:+493023125000;EMAIL:anna@muster.example;;");
    struct ocr_page page = {.codes = {&code, 1}};
    struct ocr_card card = {0};
    struct err err;
    assert_int_equal(ocr_fields_read(&page, "DE", *state, &card, &err), 0);
    assert_text(card.contact->family_name, "Muster");
    assert_text(card.contact->given_name, "Anna");
    assert_text(value_of(&card.contact->phones, 0)->value, "+493023125000");
}

static void a_logo_and_its_legal_form_are_one_name(void **state)
{
    static const struct page_line lines[] = {{"KVX", 60, 0},
                                             {"Automotive GmbH", 40, 0},
                                             {"Anna Muster", 40, 5},
                                             {"anna.muster@kvx-automotive.example", 20, 2}};
    struct ocr_card card = CARD(*state, lines);
    assert_text(card.contact->organization, "KVX Automotive GmbH");
    assert_text(card.contact->family_name, "Muster");
}

static void a_title_may_begin_in_the_line_above(void **state)
{
    static const struct {
        const char *first, *second, *title, *department;
    } rows[] = {{"Customer Success", "Lead", "Customer Success Lead", NULL},
                {"Assistentin der", "Geschäftsführung", "Assistentin der Geschäftsführung", NULL},
                {"Directrice commerciale", "Ressources humaines", "Directrice commerciale", "Ressources humaines"},
                {"Chargée de développement réseaux", "Networks Manager", "Chargée de développement réseaux", NULL}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct page_line lines[] = {{"Sophie Harrison", 50, 0}, {rows[i].first, 30, 0.6}, {rows[i].second, 30, 0.5}};
        struct ocr_card card = CARD(*state, lines);
        assert_text(card.contact->job_title, rows[i].title);
        if (rows[i].department)
            assert_text(card.contact->department, rows[i].department);
    }
}

static void the_host_is_not_the_firm(void **state)
{
    static const struct page_line lines[] = {{"Anna Muster", 50, 0},
                                             {"Werkraum c/o Rohrmann Logistik GmbH", 30, 2},
                                             {"Lindenstr. 29", 30, 0},
                                             {"48143 Münster", 30, 0}};
    assert_text(CARD(*state, lines).contact->organization, "Rohrmann Logistik GmbH");
}

/* "zqrgames" leaves letters of "ZUQRANARYGAMES" out. */
static void a_domain_may_shorten_the_firm(void **state)
{
    static const struct page_line lines[] = {
        {"ZUQRANARYGAMES", 40, 0}, {"Kevin Muster", 36, 2}, {"kevin.muster@zqrgames.com", 30, 1}};
    struct ocr_card card = CARD(*state, lines);
    assert_text(card.contact->organization, "ZUQRANARYGAMES");
}

static void what_they_do_one_by_one_is_no_firm(void **state)
{
    static const struct page_line lines[] = {
        {"Anna Muster", 40, 0}, {"Sales, Lessons & Rental", 36, 0}, {"(502) 555-0155", 36, 0}};
    static const struct page_line metals[] = {{"BUYERS OF Steel, Copper, Brass, Tin", 36, 0}, {"0931 2345678", 36, 0}};
    struct ocr_card card = CARD(*state, lines), list = CARD(*state, metals);
    assert_null(card.contact->organization.p);
    assert_null(list.contact->organization.p);
}

static void a_sentence_below_a_name_is_no_title(void **state)
{
    static const struct page_line lines[] = {{"Anna Muster", 50, 0}, {"We love what we make", 30, 0}};
    struct ocr_card card = CARD(*state, lines);
    assert_null(card.contact->job_title.p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit_with_arena(a_german_card_is_read_whole),
        unit_with_arena(a_claim_says_where_its_value_stands),
        unit_with_arena(what_no_field_takes_is_kept),
        unit_with_arena(an_empty_page_gives_an_empty_contact),
        unit_with_arena(too_many_lines_are_no_card),
        unit_with_arena(junk_gives_no_person),
        unit_with_arena(a_code_overrules_what_was_read),
        unit_with_arena(a_mecard_is_understood),
        unit_with_arena(a_logo_and_its_legal_form_are_one_name),
        unit_with_arena(a_title_may_begin_in_the_line_above),
        unit_with_arena(the_host_is_not_the_firm),
        unit_with_arena(a_domain_may_shorten_the_firm),
        unit_with_arena(what_they_do_one_by_one_is_no_firm),
        unit_with_arena(a_sentence_below_a_name_is_no_title),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
