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

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit_with_arena(fold_removes_accents_case_and_punctuation), unit_with_arena(translit_writes_umlauts_out),
        unit_with_arena(composed_and_decomposed_are_one), unit_with_arena(title_case_keeps_hyphens_and_apostrophes),
        unit_with_arena(squeeze_knows_all_blanks)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
