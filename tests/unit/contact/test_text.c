/* Normal forms of text. */
#include "contact/text.h"
#include "tests/unit/unit.h"

#define SAME(got, want) assert_text(got, want)

static void fold_removes_accents_case_and_punctuation(void **state)
{
    struct arena *arena = *state;
    SAME(contact_text_fold(STR("Müller-Weiß, K."), arena), "muller weiss k");
    SAME(contact_text_fold(STR("  ÉCOLE d'Été!  "), arena), "ecole dete");
    SAME(contact_text_fold(STR("İstanbul"), arena), "istanbul");
    SAME(contact_text_fold(STR("Łódź Ærø"), arena), "lodz aero");
    SAME(contact_text_fold(STR("--"), arena), "");
}

static void translit_writes_umlauts_out(void **state)
{
    struct arena *arena = *state;
    SAME(contact_text_translit(STR("Jürgen Größe"), arena), "juergen groesse");
    SAME(contact_text_letters(STR("Müller & Söhne"), arena), "muellersoehne");
}

static void composed_and_decomposed_are_one(void **state)
{
    struct arena *arena = *state;
    SAME(contact_text_nfc(STR("u\xCC\x88"), arena), "ü");
    SAME(contact_text_nfkc(STR("ﬁ"), arena), "fi");
}

static void title_case_keeps_hyphens_and_apostrophes(void **state)
{
    struct arena *arena = *state;
    SAME(contact_text_title(STR("ANNA-LENA O'BRIEN"), arena), "Anna-Lena O'Brien");
    SAME(contact_text_title(STR("ÖZGÜR"), arena), "Özgür");
}

static void squeeze_knows_all_blanks(void **state)
{
    struct arena *arena = *state;
    SAME(contact_text_squeeze(STR("\xC2\xA0 a \t b\xE2\x80\x8B "), arena), "a b");
}

/* Western letters and signs fold on a short way; a letter of another script takes the whole text on the long one. */
static void both_ways_of_folding_agree(void **state)
{
    struct arena *arena = *state;
    static const uint32_t signs[] = {0xA0,   0xA7,   0xA9,   0xAB,   0xAE,   0xB0,   0xB7,
                                     0xBB,   0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2018,
                                     0x2019, 0x201A, 0x201C, 0x201D, 0x201E, 0x2022, 0x2026};
    for (uint32_t i = 0; i < 64 + ARRAY_LEN(signs); i++) {
        struct strbuf buf = {.arena = arena};
        strbuf_add_c(&buf, "A'b ");
        utf8_put(&buf, i < 64 ? 0xC0 + i : signs[i - 64]);
        strbuf_add_c(&buf, "c-");
        utf8_put(&buf, i < 64 ? 0xC0 + i : signs[i - 64]);
        struct str shorter = strbuf_str(&buf), folded = contact_text_fold(shorter, arena);
        struct str whole = contact_text_fold(str_printf(arena, "%.*s жx", STR_ARG(shorter)), arena);
        struct str letters = contact_text_letters(shorter, arena);
        struct str all = contact_text_letters(str_printf(arena, "%.*sжx", STR_ARG(shorter)), arena);
        assert_true(str_eq(whole, str_printf(arena, "%.*s жx", STR_ARG(folded))));
        assert_true(str_eq(all, str_printf(arena, "%.*sжx", STR_ARG(letters))));
    }
}

static void digits_and_capitals_are_found(void **state)
{
    (void)state;
    assert_true(contact_text_has_digit(STR("Weg 7a")));
    assert_false(contact_text_has_digit(STR("Weg /: ²٣")));
    assert_false(contact_text_has_digit(STR_NONE));
    assert_true(contact_text_starts_upper(STR("Özgür")));
    assert_false(contact_text_starts_upper(STR("özgÜR")));
    assert_false(contact_text_starts_upper(STR("7 Anna")));
    assert_false(contact_text_starts_upper(STR_NONE));
    assert_false(contact_text_starts_upper(str_slice(STR("Anna"), 0, 0)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {unit_with_arena(fold_removes_accents_case_and_punctuation),
                                       unit_with_arena(both_ways_of_folding_agree),
                                       unit_with_arena(translit_writes_umlauts_out),
                                       unit_with_arena(composed_and_decomposed_are_one),
                                       unit_with_arena(title_case_keeps_hyphens_and_apostrophes),
                                       unit_with_arena(squeeze_knows_all_blanks),
                                       cmocka_unit_test(digits_and_capitals_are_found)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
