/* Postal addresses of several countries. */
#include "tests/unit/ocr/page.h"

static void addresses_of_many_countries_are_split(void **state)
{
    static const struct {
        struct page_line lines[3];
        const char *street, *postal, *city, *country;
    } rows[] = {
        {{{"Musterstraße 12a", 0, 0}, {"D-97076 Würzburg", 0, 0}, {"Tel. 030 23125000", 0, 0}},
         "Musterstraße 12a",
         "97076",
         "Würzburg",
         "DE"},
        {{{"Musterweg 3, 8001 Zürich", 0, 0}, {"www.muster.ch", 0, 0}, {"Schweiz", 0, 0}},
         "Musterweg 3",
         "8001",
         "Zürich",
         "CH"},
        {{{"Am Graben 7", 0, 0}, {"A-1010 Wien", 0, 0}, {"+43 1 23456789", 0, 0}}, "Am Graben 7", "1010", "Wien", "AT"},
        {{{"12 rue de la Paix", 0, 0}, {"75002 Paris", 0, 0}, {"France", 0, 0}},
         "12 rue de la Paix",
         "75002",
         "Paris",
         "FR"},
        {{{"Via Roma 5", 0, 0}, {"20121 Milano (MI)", 0, 0}, {"Italia", 0, 0}}, "Via Roma 5", "20121", "Milano", "IT"},
        {{{"Keizersgracht 10", 0, 0}, {"1015 CJ Amsterdam", 0, 0}, {"The Netherlands", 0, 0}},
         "Keizersgracht 10",
         "1015 CJ",
         "Amsterdam",
         "NL"},
        {{{"1 Sample Street", 0, 0}, {"London SW1A 1AA", 0, 0}, {"+44 20 7946 0018", 0, 0}},
         "1 Sample Street",
         "SW1A 1AA",
         "London",
         "GB"},
        {{{"500 Sample Ave, Suite 200", 0, 0}, {"Springfield, IL 62701", 0, 0}, {"(202) 555-0123", 0, 0}},
         "500 Sample Ave, Suite 200",
         "62701",
         "Springfield",
         "US"},
        {{{"10 Sample Road", 0, 0}, {"Singapore 123456", 0, 0}, {"+65 6123 4567", 0, 0}},
         "10 Sample Road",
         "123456",
         "Singapore",
         "SG"},
        {{{"Plot 5, Sample Nagar", 0, 0}, {"Pune - 411001", 0, 0}, {"India", 0, 0}},
         "Plot 5, Sample Nagar",
         "411001",
         "Pune",
         "IN"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct ocr_card card = card_of(*state, rows[i].lines, 3);
        const struct contact_address *a = card.contact->addresses.items;
        assert_int_equal(card.contact->addresses.n, 1);
        assert_text(a->street, rows[i].street);
        assert_text(a->postal_code, rows[i].postal);
        assert_text(a->city, rows[i].city);
        assert_text(a->country, rows[i].country);
    }
}

static void two_offices_are_two_addresses(void **state)
{
    static const struct page_line lines[] = {
        {"Musterstraße 1", 0, 0}, {"97076 Würzburg", 0, 0}, {"Beispielweg 2", 0, 3}, {"10115 Berlin", 0, 0}};
    struct ocr_card card = CARD(*state, lines);
    const struct contact_address *a = card.contact->addresses.items;
    assert_int_equal(card.contact->addresses.n, 2);
    assert_text(a[1].street, "Beispielweg 2");
    assert_text(a[1].city, "Berlin");
}

static void a_certificate_is_no_address(void **state)
{
    static const struct page_line lines[] = {{"zertifiziert nach ISO 27001", 0, 0}, {"DIN EN ISO 9001:2015", 0, 0}};
    struct ocr_card card = CARD(*state, lines);
    assert_int_equal(card.contact->addresses.n, 0);
}

static void the_company_above_is_no_street(void **state)
{
    static const struct page_line lines[] = {
        {"Muster 24 GmbH", 0, 0}, {"Musterstraße 1", 0, 0}, {"97076 Würzburg", 0, 0}};
    struct ocr_card card = CARD(*state, lines);
    assert_text(((const struct contact_address *)card.contact->addresses.items)->street, "Musterstraße 1");
    assert_text(card.contact->organization, "Muster 24 GmbH");
}

static void a_house_number_may_stand_below_its_street(void **state)
{
    static const struct page_line lines[] = {
        {"Anna Muster", 50, 0}, {"Avenida de la Constitución,", 30, 2}, {"10", 30, 0}, {"28073 Madrid", 30, 0}};
    const struct contact_address *place = CARD(*state, lines).contact->addresses.items;
    assert_text(place->street, "Avenida de la Constitución, 10");
    assert_text(place->city, "Madrid");
}

static void a_british_code_may_have_a_misread_digit(void **state)
{
    static const struct page_line lines[] = {
        {"1 Kingsway", 30, 0}, {"London WIF 3PJ", 30, 0}, {"Phone: +44 (0)20 7946 0100", 30, 1}};
    const struct contact_address *place = CARD(*state, lines).contact->addresses.items;
    assert_text(place->postal_code, "W1F 3PJ");
    assert_text(place->city, "London");
}

static const struct contact_address *only_place(const struct ocr_card *card)
{
    assert_int_equal(card->contact->addresses.n, 1);
    return card->contact->addresses.items;
}

static void a_town_may_carry_a_zone_or_a_code_in_two_halves(void **state)
{
    static const struct page_line zone[] = {{"G/7, Lotus Complex, Camp Road,", 0, 0},
                                            {"Shahibaug, Ahmedabad-4.", 0, 0}};
    static const struct page_line halves[] = {{"FF-5, Lotus Complex, Surelia Road,", 0, 0},
                                              {"Ahmedabad-380 026", 0, 0}};
    static const struct page_line opposite[] = {{"Opp. Town Hall, Nr. City Hospital,", 0, 0},
                                                {"Chandkheda, Ahmedabad.", 0, 0}};
    struct ocr_card a = CARD(*state, zone), b = CARD(*state, halves), c = CARD(*state, opposite);
    assert_text(only_place(&a)->city, "Ahmedabad");
    assert_text(only_place(&b)->city, "Ahmedabad");
    assert_text(only_place(&b)->postal_code, "380 026");
    assert_text(only_place(&c)->city, "Ahmedabad");
    assert_text(only_place(&c)->street, "Opp. Town Hall, Nr. City Hospital");
}

/* An icon in front of a line is read as letters that the engine doubts. */
static void an_icon_is_not_of_the_address(void **state)
{
    static const struct page_line lines[] = {{"B| Lindenstr. 29", 0, 0}, {"E> 48143 Münster", 0, 0}};
    struct ocr_page page = page_of(*state, lines, 2);
    struct ocr_card card = {0};
    struct err err;
    page.lines[0].words[0].confidence = 0.67;
    page.lines[1].words[0].confidence = 0.22;
    assert_int_equal(ocr_fields_read(&page, "DE", *state, &card, &err), 0);
    assert_text(only_place(&card)->street, "Lindenstr. 29");
}

static void engineering_is_no_ring_road(void **state)
{
    static const struct page_line lines[] = {
        {"Computer Repairing", 0, 0}, {"H-207, Town Mall-2, Lotus Mill Compound, Kalol", 0, 0}, {"98765 01234", 0, 0}};
    struct ocr_card card = CARD(*state, lines);
    assert_text(only_place(&card)->street, "H-207, Town Mall-2, Lotus Mill Compound");
}

/* A state of the card's country, or the code of the country where the town is at home, is enough of an address. */
static void a_town_beside_a_code_is_an_address(void **state)
{
    static const struct page_line state_of[] = {{"405-555-0142", 0, 0}, {"Zuqraton, OK", 0, 2}};
    static const struct page_line country[] = {{"0670 1234567", 0, 0}, {"Innsbruck, AT", 0, 2}};
    struct ocr_card a = CARD(*state, state_of), b = CARD(*state, country);
    assert_text(only_place(&a)->city, "Zuqraton");
    assert_text(only_place(&a)->country, "US");
    assert_text(only_place(&b)->city, "Innsbruck");
    assert_text(only_place(&b)->country, "AT");
}

static void a_house_number_may_be_glued_to_its_street(void **state)
{
    static const struct page_line lines[] = {{"Lindenstr14", 0, 0}, {"48143 Münster", 0, 0}};
    struct ocr_card card = CARD(*state, lines);
    assert_text(only_place(&card)->street, "Lindenstr 14");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit_with_arena(addresses_of_many_countries_are_split),
        unit_with_arena(two_offices_are_two_addresses),
        unit_with_arena(a_certificate_is_no_address),
        unit_with_arena(the_company_above_is_no_street),
        unit_with_arena(a_house_number_may_stand_below_its_street),
        unit_with_arena(a_british_code_may_have_a_misread_digit),
        unit_with_arena(a_town_may_carry_a_zone_or_a_code_in_two_halves),
        unit_with_arena(an_icon_is_not_of_the_address),
        unit_with_arena(engineering_is_no_ring_road),
        unit_with_arena(a_town_beside_a_code_is_an_address),
        unit_with_arena(a_house_number_may_be_glued_to_its_street),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
