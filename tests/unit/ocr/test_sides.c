/* Two sides of a card become one contact: what stays, what fills, what wins, what is kept as another reading. */
#include "ocr/sides.h"

#include "tests/unit/unit.h"

/* One value that was read; trust 1: a code said it. */
struct said {
    const char *field, *value;
    double trust;
};

static struct contact_claim claim_of(const struct said *said)
{
    static double place[] = {1, 2, 30, 4};
    bool code = said->trust == 1;
    return (struct contact_claim){
        .field = str_c(said->field),
        .value = str_c(said->value),
        .confidence = code ? 0.99 : said->trust,
        .card_box = code ? (struct json_list){NULL, 0} : (struct json_list){place, 4},
    };
}

/* The text that a field with a path ("emails/0", "addresses/0/street") means, in lists of one. */
static void put(struct contact *contact, const struct said *said, struct arena *arena)
{
    struct str path = str_c(said->field);
    ptrdiff_t slash = str_find(path, STR("/"), 0);
    const struct contact_field *field = contact_field_find(slash < 0 ? path : str_slice(path, 0, (size_t)slash));
    void *to = (char *)contact + field->offset;
    struct json_list *list = to;
    if (field->kind == CONTACT_FIELD_TEXT) {
        *(struct str *)to = str_c(said->value);
        return;
    }
    if (!list->n)
        *list =
            (struct json_list){field->kind == CONTACT_FIELD_VALUES ? (void *)arena_one(arena, struct contact_value)
                                                                   : (void *)arena_one(arena, struct contact_address),
                               1};
    struct contact_address *address = list->items;
    if (field->kind == CONTACT_FIELD_VALUES)
        *(struct contact_value *)list->items = (struct contact_value){str_c(said->value), STR_NONE, -1};
    else if (str_find(path, STR("street"), 0) > 0)
        address->street = str_c(said->value);
    else
        address->postal_code = str_c(said->value);
}

static struct ocr_card card_of(const struct said *said, size_t n, struct arena *arena)
{
    struct contact_claim *claims = arena_array(arena, n, sizeof *claims);
    struct ocr_card card = {.card = 1, .contact = arena_one(arena, struct contact), .width = 900, .height = 500};
    for (size_t i = 0; i < n; i++) {
        claims[i] = claim_of(&said[i]);
        put(card.contact, &said[i], arena);
    }
    card.fields = (struct json_list){claims, n};
    return card;
}

static struct ocr_message photo_of(struct ocr_card *cards, size_t n)
{
    return (struct ocr_message){
        .width = 1000, .height = 600, .cards = {cards, n}, .problem = n ? STR_NONE : STR("no-card")};
}

static const struct said front_rows[] = {
    {"given_name", "Anna", 0.9},
    {"family_name", "Müller", 0.9},
    {"job_title", "Leiterin", 0.9},
    {"organization", "Musler GmbH", 0.6},
    {"emails/0", "a@m.example", 0.8},
    {"urls/0", "https://www.m.example/", 0.9},
    {"phones/0", "+49931123456", 0.9},
    {"addresses/0/street", "Domstr. 1", 0.9},
    {"addresses/0/postal_code", "97070", 0.9},
};

/* The front above and this back. */
static struct ocr_card join(const struct said *rows, size_t n, struct arena *arena)
{
    struct ocr_card front = card_of(front_rows, ARRAY_LEN(front_rows), arena), back = card_of(rows, n, arena);
    struct ocr_message a = photo_of(&front, 1), b = photo_of(&back, 1), both;
    ocr_sides_join(&a, &b, arena, &both);
    assert_int_equal(both.cards.n, 1);
    return *(const struct ocr_card *)both.cards.items;
}

static struct contact_claim found(const struct ocr_card *card, const char *field)
{
    const struct contact_claim *claims = card->fields.items;
    for (size_t i = 0; i < card->fields.n; i++)
        if (str_eq(claims[i].field, str_c(field)))
            return claims[i];
    fail_msg("no claim %s", field);
    return (struct contact_claim){0};
}

static void test_the_back_fills(void **state)
{
    static const struct said rows[] = {{"department", "Einkauf", 0.7},
                                       {"phones/0", "+491711234567", 0.9},
                                       {"addresses/0/street", "Hafenweg 3", 0.8},
                                       {"addresses/0/postal_code", "20457", 0.8}};
    struct ocr_card card = join(rows, ARRAY_LEN(rows), *state);
    assert_text(card.contact->department, "Einkauf");
    assert_text(found(&card, "department").side, "back");
    assert_int_equal(card.contact->phones.n, 2);
    assert_text(found(&card, "phones/1").value, "+491711234567");
    assert_text(found(&card, "phones/1").side, "back");
    assert_null(found(&card, "phones/0").side.p);
    assert_int_equal(card.contact->addresses.n, 2);
    assert_text(found(&card, "addresses/1/street").value, "Hafenweg 3");
    assert_non_null(card.back);
}

static void test_the_same_is_not_doubled_and_counts_more(void **state)
{
    static const struct said rows[] = {{"family_name", "Mueller", 0.8},
                                       {"emails/0", "A@M.example", 0.8},
                                       {"urls/0", "http://m.example", 0.9},
                                       {"addresses/0/street", "Domstr 1", 0.8},
                                       {"addresses/0/postal_code", "97070", 0.8}};
    struct ocr_card card = join(rows, ARRAY_LEN(rows), *state);
    assert_int_equal(card.contact->emails.n, 1);
    assert_int_equal(card.contact->urls.n, 1);
    assert_int_equal(card.contact->addresses.n, 1);
    assert_text(card.contact->family_name, "Müller");
    assert_true(found(&card, "emails/0").confidence > 0.95);
    assert_true(found(&card, "family_name").confidence > 0.97);
    assert_int_equal(found(&card, "family_name").alternatives.n, 0);
}

static void test_the_front_counts_first(void **state)
{
    static const struct said rows[] = {{"job_title", "Head of Purchasing", 0.95}, {"organization", "Muster GmbH", 0.9}};
    struct ocr_card card = join(rows, ARRAY_LEN(rows), *state);
    assert_text(card.contact->job_title, "Leiterin");
    assert_text(((const struct str *)found(&card, "job_title").alternatives.items)[0], "Head of Purchasing");
    assert_text(card.contact->organization, "Muster GmbH"); /* it was doubtful on the front */
    assert_text(found(&card, "organization").side, "back");
    assert_text(((const struct str *)found(&card, "organization").alternatives.items)[0], "Musler GmbH");
}

static void test_a_code_on_the_back_counts(void **state)
{
    static const struct said rows[] = {{"given_name", "Anne", 1}, {"family_name", "Müller-Lüdenscheid", 1}};
    struct ocr_card card = join(rows, ARRAY_LEN(rows), *state);
    assert_text(card.contact->given_name, "Anne");
    assert_text(card.contact->family_name, "Müller-Lüdenscheid");
    assert_text(((const struct str *)found(&card, "family_name").alternatives.items)[0], "Müller");
}

static void test_a_name_comes_from_one_side(void **state)
{
    static const struct said other[] = {{"name_prefix", "Dr.", 0.9}, {"family_name", "Berg", 0.95}};
    struct ocr_card card = join(other, ARRAY_LEN(other), *state);
    assert_text(card.contact->family_name, "Müller");
    assert_null(card.contact->name_prefix.p); /* that is somebody else's */
    static const struct said same[] = {{"name_prefix", "Dr.", 0.9}, {"family_name", "MÜLLER", 0.95}};
    card = join(same, ARRAY_LEN(same), *state);
    assert_text(card.contact->name_prefix, "Dr.");
}

static void test_one_side_alone_is_the_answer(void **state)
{
    struct ocr_card front = card_of(front_rows, ARRAY_LEN(front_rows), *state);
    struct ocr_message good = photo_of(&front, 1), bad = photo_of(NULL, 0), both;
    ocr_sides_join(&good, &bad, *state, &both);
    assert_int_equal(both.cards.n, 1);
    ocr_sides_join(&bad, &good, *state, &both);
    assert_int_equal(both.cards.n, 1);
    ocr_sides_join(&bad, &bad, *state, &both);
    assert_text(both.problem, "no-card");
}

static void test_several_cards_have_no_common_back(void **state)
{
    struct ocr_card fronts[] = {card_of(front_rows, ARRAY_LEN(front_rows), *state), card_of(front_rows, 2, *state)};
    struct ocr_card back = card_of(front_rows, 3, *state);
    struct ocr_message a = photo_of(fronts, 2), b = photo_of(&back, 1), both;
    ocr_sides_join(&a, &b, *state, &both);
    assert_int_equal(both.cards.n, 3);
    assert_int_equal(((const struct ocr_card *)both.cards.items)[2].card, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit_with_arena(test_the_back_fills),
        unit_with_arena(test_the_same_is_not_doubled_and_counts_more),
        unit_with_arena(test_the_front_counts_first),
        unit_with_arena(test_a_code_on_the_back_counts),
        unit_with_arena(test_a_name_comes_from_one_side),
        unit_with_arena(test_one_side_alone_is_the_answer),
        unit_with_arena(test_several_cards_have_no_common_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
