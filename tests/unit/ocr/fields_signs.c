/* What the engine says of its words and what codes say of the card: other readings, low confidence, places, links. */
#include "tests/unit/ocr/page.h"

/* How the first word of a line was read. */
struct misread {
    size_t line;
    double confidence;
    const char *other; /* another reading of it, or NULL */
};

static struct ocr_card card_misread(struct arena *arena, const struct page_line *lines, size_t n, struct misread how)
{
    struct ocr_page page = page_of(arena, lines, n);
    struct ocr_card card = {0};
    struct err err;
    struct ocr_word *word = &page.lines[how.line].words[0];
    struct str *other = arena_one(arena, struct str);
    *other = how.other ? str_c(how.other) : STR_NONE;
    word->confidence = how.confidence;
    word->alternatives = (struct json_list){other, how.other != NULL};
    assert_int_equal(ocr_fields_read(&page, "DE", arena, &card, &err), 0);
    return card;
}

static struct ocr_card card_with_code(struct arena *arena, const struct page_line *lines, size_t n, struct str code)
{
    struct ocr_page page = page_of(arena, lines, n);
    struct ocr_card card = {0};
    struct err err;
    page.codes = (struct json_list){&code, 1};
    assert_int_equal(ocr_fields_read(&page, "DE", arena, &card, &err), 0);
    return card;
}

static void another_reading_that_is_a_known_word_is_taken(void **state)
{
    static const struct page_line lines[] = {{"Anna Muster", 50, 0}, {"Gencral Manager", 30, 0}};
    struct misread how = {1, 0.95, "General"};
    assert_text(card_misread(*state, lines, ARRAY_LEN(lines), how).contact->job_title, "General Manager");
}

static void an_address_read_to_its_end_is_taken(void **state)
{
    static const struct page_line lines[] = {{"Anna Muster", 50, 0}, {"anna2006@ya", 20, 2}};
    struct misread how = {1, 0.95, "anna2006@yahoo.de"};
    struct ocr_card card = card_misread(*state, lines, ARRAY_LEN(lines), how);
    assert_text(value_of(&card.contact->emails, 0)->value, "anna2006@yahoo.de");
}

static void a_doubtful_firm_is_mended_by_its_domain(void **state)
{
    static const struct page_line lines[] = {
        {"Quafixx Assurances SAS", 40, 0}, {"Anna Muster", 50, 2}, {"anna.muster@quafix.example", 20, 2}};
    struct misread doubtful = {0, 0.8, NULL}, sure = {0, 0.97, NULL};
    assert_text(card_misread(*state, lines, ARRAY_LEN(lines), doubtful).contact->organization, "Quafix Assurances SAS");
    assert_text(card_misread(*state, lines, ARRAY_LEN(lines), sure).contact->organization, "Quafixx Assurances SAS");
}

/* "cwilliams@" has the two letters of which the name shows one. */
static void a_doubled_letter_comes_back(void **state)
{
    static const struct page_line lines[] = {{"Chris Wiliams", 50, 0}, {"cwilliams@werk.example", 20, 2}};
    struct misread how = {0, 0.8, NULL};
    assert_text(card_misread(*state, lines, ARRAY_LEN(lines), how).contact->family_name, "Williams");
}

static void pieces_of_a_drawing_are_no_words(void **state)
{
    static const struct page_line lines[] = {
        {"EOW) Krause Logistik GmbH", 40, 0}, {"Anna Muster", 50, 2}, {"Leiterin Einkauf", 30, 0}};
    struct misread how = {0, 0.3, NULL};
    assert_text(card_misread(*state, lines, ARRAY_LEN(lines), how).contact->organization, "Krause Logistik GmbH");
}

static void stops_at_the_end_are_no_part_of_a_value(void **state)
{
    static const struct page_line lines[] = {
        {"Krause Logistik GmbH,", 40, 0}, {"Anna Muster", 50, 2}, {"Leiterin Einkauf -", 30, 0}};
    struct ocr_card card = CARD(*state, lines);
    assert_text(card.contact->organization, "Krause Logistik GmbH");
    assert_text(card.contact->job_title, "Leiterin Einkauf");
}

/* The box of what stands on two lines is around both. */
static void a_value_on_two_lines_lies_on_both(void **state)
{
    static const struct page_line lines[] = {
        {"KVX", 60, 0}, {"Automotive GmbH", 40, 0}, {"Anna Muster", 40, 5}, {"a.muster@kvx-automotive.example", 20, 2}};
    struct ocr_card card = CARD(*state, lines);
    const struct contact_claim *claim = claim_of(&card, "organization");
    const double *b = claim->card_box.items;
    assert_int_equal(claim->card_box.n, 4);
    assert_true(b[1] < 51 && b[1] + b[3] > 140 && b[2] > 300);
}

/* What fits its pattern better is believed more: a person in no list is less of a person. */
static void a_better_fit_is_believed_more(void **state)
{
    static const struct page_line known[] = {{"Anna Schneider", 50, 0}, {"Leiterin Einkauf", 30, 0}};
    static const struct page_line other[] = {{"Zuqra Vexkel", 30, 0}, {"Wir und ihr", 30, 0}};
    struct ocr_card sure = CARD(*state, known), less = CARD(*state, other);
    const struct contact_claim *a = claim_of(&sure, "family_name"), *b = claim_of(&less, "family_name");
    assert_non_null(a);
    assert_true(!b || a->confidence > b->confidence + 0.02);
    assert_true(a->confidence > 0.85);
}

static void a_code_says_where_the_card_is_at_home(void **state)
{
    static const struct page_line lines[] = {
        {"Anna Muster", 50, 0}, {"Lindenstr. 29", 30, 2}, {"48143 Munster", 30, 0}};
    struct ocr_card card = card_with_code(
        *state, lines, ARRAY_LEN(lines),
        STR("BEGIN:VCARD\nVERSION:3.0\nN:Muster;Anna\nADR:;;Lindenstr. 2;Münster;;48143;Germany\nEND:VCARD"));
    const struct contact_address *place = card.contact->addresses.items;
    assert_int_equal(card.contact->addresses.n, 1);
    assert_text(place->street, "Lindenstr. 2");
    assert_text(place->city, "Münster");
}

/* A link to the mail's own site is a field, one of a service that leads on to somewhere is not. */
static void a_link_in_a_code_is_kept_where_it_is_the_persons(void **state)
{
    static const struct page_line mail[] = {{"Anna Muster", 50, 0}, {"anna.muster@werk.example", 20, 2}};
    static const struct page_line bare[] = {{"Anna Muster", 50, 0}, {"Leiterin Einkauf", 30, 0}};
    static const struct {
        const struct page_line *lines;
        const char *link;
        size_t kept;
    } rows[] = {{mail, "https://www.werk.example/team/anna", 1},
                {mail, "https://www.rohrbau.com/", 0},
                {bare, "https://www.rohrbau.com/", 1},
                {bare, "https://qrco.de/bcd", 0},
                {bare, "https://www.linkedin.com/in/anna", 0}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct ocr_card card = card_with_code(*state, rows[i].lines, 2, str_c(rows[i].link));
        assert_int_equal(card.contact->urls.n, rows[i].kept);
        assert_int_equal(card.unassigned.n, 1 - rows[i].kept);
    }
}

static double reason(const struct ocr_card *card, const char *field, const char *sign)
{
    const struct ocr_reason *reasons = card->reasons.items;
    for (size_t i = 0; i < card->reasons.n; i++)
        if (str_eq(reasons[i].field, str_c(field)) && str_eq(reasons[i].sign, str_c(sign)))
            return reasons[i].value;
    return 0;
}

static void lists_and_sites_speak_for_a_value(void **state)
{
    static const struct page_line lines[] = {{"Anna Schneider", 50, 0},
                                             {"Geschäftsführerin", 30, 0},
                                             {"anna@zuqra.example", 20, 2},
                                             {"www.zuqra.example", 20, 0}};
    struct ocr_card card = CARD(*state, lines);
    assert_true(reason(&card, "family_name", "known") > 0);
    assert_true(reason(&card, "job_title", "known") > 0);
    assert_true(reason(&card, "urls/0", "agrees") > 0.9);
    assert_true(reason(&card, "emails/0", "agrees") > 0.9);
}

/* A firm that was made of the domain does not agree with it: nobody else says it. */
static void a_domain_does_not_vouch_for_itself(void **state)
{
    static const struct page_line lines[] = {{"Anna Schneider", 50, 0}, {"anna.schneider@zuqravex.example", 20, 2}};
    struct ocr_card card = CARD(*state, lines);
    assert_text(card.contact->organization, "Zuqravex");
    assert_true(reason(&card, "organization", "inferred") > 0);
    assert_true(reason(&card, "organization", "agrees") == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit_with_arena(another_reading_that_is_a_known_word_is_taken),
        unit_with_arena(an_address_read_to_its_end_is_taken),
        unit_with_arena(a_doubtful_firm_is_mended_by_its_domain),
        unit_with_arena(a_doubled_letter_comes_back),
        unit_with_arena(pieces_of_a_drawing_are_no_words),
        unit_with_arena(stops_at_the_end_are_no_part_of_a_value),
        unit_with_arena(a_value_on_two_lines_lies_on_both),
        unit_with_arena(a_better_fit_is_believed_more),
        unit_with_arena(lists_and_sites_speak_for_a_value),
        unit_with_arena(a_code_says_where_the_card_is_at_home),
        unit_with_arena(a_link_in_a_code_is_kept_where_it_is_the_persons),
        unit_with_arena(a_domain_does_not_vouch_for_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
