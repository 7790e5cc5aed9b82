/* Normal forms of organisations' names. */
#include "tests/unit/unit.h"

#include "contact/company.h"
#include "contact/fold.h"

static struct contact_company form(const char *name, struct arena *arena)
{
    struct contact_company company;
    contact_company_form(str_c(name), arena, &company);
    return company;
}

static void legal_forms_are_taken_off(void **state)
{
    struct arena *arena = *state;
    static const char *const rows[][3] = {
        {"Muster Maschinenbau GmbH & Co. KG", "muster maschinenbau", "gmbh co kg"},
        {"Muster Gesellschaft mit beschränkter Haftung", "muster", "gmbh"},
        {"Muster Ges.m.b.H.", "muster", "gmbh"},
        {"Muster UG (haftungsbeschränkt)", "muster", "ug"},
        {"Muster e. K.", "muster", "ek"},
        {"Muster e.V.", "muster", "ev"},
        {"Muster AG", "muster", "ag"},
        {"Muster S.r.l.", "muster", "srl"},
        {"Muster Sp. z o.o.", "muster", "spzoo"},
        {"Muster B.V.", "muster", "bv"},
        {"Muster A.Ş.", "muster", "as"},
        {"Muster Limited", "muster", "ltd"},
        {"Muster", "muster", ""},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct contact_company company = form(rows[i][0], arena);
        assert_text(company.core, rows[i][1]);
        assert_text(company.legal, rows[i][2]);
    }
}

static void a_name_is_never_emptied(void **state)
{
    struct arena *arena = *state;
    assert_text(form("GmbH", arena).core, "gmbh");
    assert_text(form("AG", arena).core, "ag");
    assert_text(form("Die Gruppe", arena).core, "die gruppe");
    assert_int_equal(form(NULL, arena).n, 0);
    assert_text(form(" & ", arena).core, "");
    assert_int_equal(form("a1 b2 c3 d4 e5 f6 g7 h8 i9 j10 k11", arena).n, CONTACT_COMPANY_WORDS);
}

static void noise_and_abbreviations_are_levelled(void **state)
{
    struct arena *arena = *state;
    assert_text(form("Bosch Gruppe Deutschland GmbH", arena).core, "bosch");
    assert_text(form("Gebr. Müller", arena).core, form("Gebrüder Mueller", arena).core.p);
    assert_text(form("A. & B. Bau", arena).core, "ab bau");
    assert_text(form("AB Bau", arena).core, "ab bau");
    assert_text(form("Muster-Maschinenbau", arena).joined, "mustermaschinenbau");
    assert_text(form("Muster Maschinen Bau", arena).acronym, "mmb");
    assert_text(form("Muster", arena).acronym, "");
}

/* The longest legal form must come first, in the spelling it is compared with. */
static void legal_forms_are_ordered_by_length(void **state)
{
    struct arena *arena = *state;
    static const char *const rows[] = {
#define X(words, canonical) words,
#include "contact/legal_forms.def"
#undef X
    };
    size_t before = SIZE_MAX;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct str words[16];
        size_t n = contact_words(str_c(rows[i]), words, ARRAY_LEN(words));
        assert_true(n <= before);
        before = n;
        assert_text(contact_fold(str_c(rows[i]), arena), rows[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit_with_arena(legal_forms_are_taken_off),
        unit_with_arena(a_name_is_never_emptied),
        unit_with_arena(noise_and_abbreviations_are_levelled),
        unit_with_arena(legal_forms_are_ordered_by_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
