/* Mail and web addresses as readers misread them. */
#include "tests/unit/ocr/page.h"

static void slips_of_the_reader_are_repaired(void **state)
{
    static const struct {
        const char *line, *value;
    } rows[] = {
        {"E-Mail: anna.muster@werk.de", "anna.muster@werk.de"},
        {"anna.muster @ werk.de", "anna.muster@werk.de"},
        {"anna.muster@werk. de", "anna.muster@werk.de"},
        {"anna.muster@werk,com", "anna.muster@werk.com"},
        {"anna.muster(at)werk.de", "anna.muster@werk.de"},
        {"anna.muster@werk.corn", "anna.muster@werk.com"},
        {"anna.muster@werk.eh", "anna.muster@werk.ch"},
        {"anna.muster@werkbau com", "anna.muster@werkbau.com"},
        {"Anna.Muster@Werk.DE", "anna.muster@werk.de"},
        {"e anna_muster@sub.werk.co.uk w www.werk.co.uk", "anna_muster@sub.werk.co.uk"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct page_line lines[] = {{rows[i].line, 0, 0}};
        struct ocr_card card = CARD(*state, lines);
        assert_int_equal(card.contact->emails.n, 1);
        assert_text(value_of(&card.contact->emails, 0)->value, rows[i].value);
    }
}

static void an_at_sign_read_as_a_letter_is_found_by_the_website(void **state)
{
    static const struct page_line lines[] = {{"anna.mustereschraubwerk.de", 0, 0}, {"www.schraubwerk.de", 0, 0}};
    struct ocr_card card = CARD(*state, lines);
    assert_text(value_of(&card.contact->emails, 0)->value, "anna.muster@schraubwerk.de");
    assert_true(claim_of(&card, "emails/0")->confidence < 0.95);
}

static void the_name_in_larger_print_puts_a_letter_right(void **state)
{
    static const struct page_line lines[] = {{"Anna Mutluwerk", 50, 0}, {"anna.mutiuwerk@werk.example", 20, 2}};
    struct ocr_card card = CARD(*state, lines);
    assert_text(value_of(&card.contact->emails, 0)->value, "anna.mutluwerk@werk.example");
    const struct contact_claim *claim = claim_of(&card, "emails/0");
    assert_text(((const struct str *)claim->alternatives.items)[0], "anna.mutiuwerk@werk.example");
}

static void web_addresses_get_a_scheme_and_agree_with_the_mail(void **state)
{
    static const struct {
        const char *line, *value;
    } rows[] = {
        {"www.schraubwerk.de", "https://www.schraubwerk.de"},
        {"Web: http://schraubwerk.de/team", "http://schraubwerk.de/team"},
        {"WWW.SCHRAUBWERK.DE", "https://www.schraubwerk.de"},
        {"www. schraubwerk. de", "https://www.schraubwerk.de"},
        {"schraubwerk.de", "https://schraubwerk.de"},
        {"www.schraubvverk.de", "https://www.schraubwerk.de"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct page_line lines[] = {{"info@schraubwerk.de", 0, 0}, {rows[i].line, 0, 0}};
        struct ocr_card card = CARD(*state, lines);
        assert_int_equal(card.contact->urls.n, 1);
        assert_text(value_of(&card.contact->urls, 0)->value, rows[i].value);
    }
}

static void titles_with_dots_are_no_web_address(void **state)
{
    static const struct page_line lines[] = {
        {"Dr.med. Anna Muster", 40, 0}, {"Dipl.-Ing.", 0, 0}, {"z.B. u.a. Co.Ltd", 0, 0}};
    struct ocr_card card = CARD(*state, lines);
    assert_int_equal(card.contact->urls.n, 0);
    assert_int_equal(card.contact->emails.n, 0);
}

static void an_address_made_of_the_name_stands_with_its_own_joint(void **state)
{
    static const char *const locals[] = {"anna-schmidt", "anna_schmidt", "schmidt_anna", "a-schmidt"};
    for (size_t i = 0; i < ARRAY_LEN(locals); i++) {
        struct page_line lines[] = {{"Anna Schmidt", 50, 0}, {NULL, 20, 2}};
        lines[1].text = str_z(*state, str_printf(*state, "%s@schraubwerk.de", locals[i]));
        struct ocr_card card = CARD(*state, lines);
        assert_text(value_of(&card.contact->emails, 0)->value, lines[1].text);
    }
}

static void the_firm_in_print_puts_its_domain_right(void **state)
{
    static const struct page_line mail[] = {{"Klingmeyer Metallbau e.K.", 30, 0},
                                            {"anna@klingmeyer-metalloau.de", 30, 3}};
    static const struct page_line site[] = {{"Klingmeyer Metallbau e.K.", 30, 0},
                                            {"www.wklingmeyer-metallbau.de", 30, 3}};
    struct ocr_card one = CARD(*state, mail), other = CARD(*state, site);
    assert_text(value_of(&one.contact->emails, 0)->value, "anna@klingmeyer-metallbau.de");
    assert_text(value_of(&other.contact->urls, 0)->value, "https://www.klingmeyer-metallbau.de");
}

static void a_label_that_looks_like_the_address_is_not_part_of_it(void **state)
{
    static const char *const rows[] = {"www: www.schraubwerk.de", "w. www.schraubwerk.de", "W www.schraubwerk.de"};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct page_line lines[] = {{rows[i], 0, 0}};
        struct ocr_card card = CARD(*state, lines);
        assert_text(value_of(&card.contact->urls, 0)->value, "https://www.schraubwerk.de");
    }
}

static void everybodys_provider_is_known_by_all_letters_but_one(void **state)
{
    static const struct page_line lines[] = {{"anna.muster@gwail.com", 30, 0}, {"anna@gmx.example", 30, 0}};
    struct ocr_card card = CARD(*state, lines);
    assert_text(value_of(&card.contact->emails, 0)->value, "anna.muster@gmail.com");
    assert_text(value_of(&card.contact->emails, 1)->value, "anna@gmx.example");
}

static void a_dot_that_was_read_twice_is_one(void **state)
{
    static const struct page_line lines[] = {{"support@muster-bau. .com", 30, 0}};
    struct ocr_card card = CARD(*state, lines);
    assert_text(value_of(&card.contact->emails, 0)->value, "support@muster-bau.com");
}

/* The end of an address that was cut is no website, unless it is the end of "www.". */
static void the_end_of_an_address_is_no_website(void **state)
{
    static const struct page_line tail[] = {{".zuqra.edu", 30, 0}};
    static const struct page_line cut[] = {{"w.muster-bau.com.tr", 30, 0}};
    struct ocr_card none = CARD(*state, tail), one = CARD(*state, cut);
    assert_int_equal(none.contact->urls.n, 0);
    assert_text(value_of(&one.contact->urls, 0)->value, "https://www.muster-bau.com.tr");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit_with_arena(slips_of_the_reader_are_repaired),
        unit_with_arena(an_at_sign_read_as_a_letter_is_found_by_the_website),
        unit_with_arena(the_name_in_larger_print_puts_a_letter_right),
        unit_with_arena(web_addresses_get_a_scheme_and_agree_with_the_mail),
        unit_with_arena(an_address_made_of_the_name_stands_with_its_own_joint),
        unit_with_arena(the_firm_in_print_puts_its_domain_right),
        unit_with_arena(a_label_that_looks_like_the_address_is_not_part_of_it),
        unit_with_arena(titles_with_dots_are_no_web_address),
        unit_with_arena(everybodys_provider_is_known_by_all_letters_but_one),
        unit_with_arena(a_dot_that_was_read_twice_is_one),
        unit_with_arena(the_end_of_an_address_is_no_website),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
