/* Normal forms of persons' names. */
#include "tests/unit/unit.h"

#include "contact/fold.h"
#include "contact/name.h"

static struct contact_name form(const char *given, const char *family, const char *suffix, struct arena *arena)
{
    struct contact contact = {.given_name = str_c(given), .family_name = str_c(family), .name_suffix = str_c(suffix)};
    struct contact_name name;
    contact_name_form(&contact, arena, &name);
    return name;
}

static void umlauts_meet_both_ways_of_writing_them(void **state)
{
    struct arena *arena = *state;
    static const char *const same[] = {"Müller", "Mueller", "Muller", "MÜLLER", "Mu\xcc\x88ller", "Mu11er"};
    for (size_t i = 0; i < ARRAY_LEN(same); i++)
        assert_text(form("Anna", same[i], NULL, arena).family_text, "muller");
    assert_text(form("Anna", "Müller", NULL, arena).family[0].folded, "mueller");
    assert_text(contact_fold(STR("Straße O’Łódź Ångström"), arena), "strasse olodz angstroem");
    assert_text(contact_fold(STR("Ирина Γιώργος"), arena), "ирина γιώργος");
    assert_text(contact_fold(STR(" - / "), arena), "");
}

static void titles_and_particles_are_left_out(void **state)
{
    struct arena *arena = *state;
    struct contact_name name = form("Prof. Dr. Anna", "von der Heide", NULL, arena);
    assert_text(name.given_text, "anna");
    assert_text(name.family_text, "heide");
    assert_int_equal(form("Frau", "Herr", NULL, arena).given_n, 0);
    assert_text(form("Frau", "Herr", NULL, arena).family_text, "herr");
    assert_text(form("Jan", "van", NULL, arena).family_text, "van");
}

static void double_names_keep_their_parts(void **state)
{
    struct arena *arena = *state;
    struct contact_name name = form("Hans-Peter", "Schmidt-Lehmann", NULL, arena);
    assert_int_equal(name.given_n, 2);
    assert_int_equal(name.family_n, 2);
    assert_text(name.family[1].plain, "lehmann");
    assert_text(name.given_text, "hanspeter");
    assert_text(form("Anna", "Meier geb. Schulz", NULL, arena).family[1].plain, "schulz");
    assert_int_equal(form("Eins Zwei Drei Vier Fünf Sechs", "A", NULL, arena).given_n, CONTACT_NAME_PARTS);
}

static void generations_are_told_from_names(void **state)
{
    struct arena *arena = *state;
    assert_int_equal(form("Thomas jun.", "Koch", NULL, arena).generation, CONTACT_GENERATION_JUNIOR);
    assert_int_equal(form("Thomas", "Koch sen.", NULL, arena).generation, CONTACT_GENERATION_SENIOR);
    assert_int_equal(form("Thomas", "Koch", "III", arena).generation, CONTACT_GENERATION_THIRD);
    assert_int_equal(form("Thomas", "Koch", NULL, arena).generation, CONTACT_GENERATION_NONE);
    assert_text(form("Thomas jun.", "Koch", NULL, arena).given_text, "thomas");
}

static void a_whole_name_in_one_field_is_put_in_order(void **state)
{
    struct arena *arena = *state;
    static const char *const whole[] = {"Anna Schmidt",     "Schmidt, Anna", "SCHMIDT Anna",
                                        "Dr. Anna Schmidt", "Anna SCHMIDT",  "Schmidt, Dr. Anna"};
    for (size_t i = 0; i < ARRAY_LEN(whole); i++) {
        struct contact_name name = form(NULL, whole[i], NULL, arena);
        assert_text(name.given_text, "anna");
        assert_text(name.family_text, "schmidt");
    }
    assert_text(form("Anna von der Heide", NULL, NULL, arena).family_text, "heide");
    assert_int_equal(form(NULL, "Schmidt-Lehmann", NULL, arena).given_n, 0);
    assert_int_equal(form(NULL, "von Goethe", NULL, arena).given_n, 0);
    assert_int_equal(form(NULL, NULL, NULL, arena).family_n, 0);
}

static void initials_are_marked(void **state)
{
    struct arena *arena = *state;
    assert_true(form("A.", "Schmidt", NULL, arena).initial);
    assert_false(form("Anna", "Schmidt", NULL, arena).initial);
}

static void nicknames_are_known_in_both_directions(void **state)
{
    (void)state;
    static const char *const yes[][2] = {{"andi", "andreas"},   {"andy", "andi"},      {"bob", "robert"},
                                         {"jochen", "joachim"}, {"hape", "hanspeter"}, {"susi", "susanne"}};
    static const char *const no[][2] = {{"anna", "andreas"}, {"peter", "petra"}, {"anna", "anna"}, {"", "anna"}};
    for (size_t i = 0; i < ARRAY_LEN(yes); i++) {
        assert_true(contact_name_nickname(str_c(yes[i][0]), str_c(yes[i][1])));
        assert_true(contact_name_nickname(str_c(yes[i][1]), str_c(yes[i][0])));
    }
    for (size_t i = 0; i < ARRAY_LEN(no); i++)
        assert_false(contact_name_nickname(str_c(no[i][0]), str_c(no[i][1])));
}

/* Both tables are looked up by bisection: an unsorted row would never be found. */
static void tables_are_sorted(void **state)
{
    (void)state;
    static const char *const words[] = {
#define X(kind, word) word,
#include "contact/name_words.def"
#undef X
    };
    static const char *const nicknames[] = {
#define X(brief, whole) brief "\x01" whole,
#include "contact/nicknames.def"
#undef X
    };
    for (size_t i = 1; i < ARRAY_LEN(words); i++)
        assert_true(str_cmp(str_c(words[i - 1]), str_c(words[i])) < 0);
    for (size_t i = 1; i < ARRAY_LEN(nicknames); i++)
        assert_true(str_cmp(str_c(nicknames[i - 1]), str_c(nicknames[i])) < 0);
}

/* Rows must be in the spelling they are compared with. */
static void nicknames_are_in_plain_spelling(void **state)
{
    struct arena *arena = *state;
    static const char *const all[] = {
#define X(brief, whole) brief, whole,
#include "contact/nicknames.def"
#undef X
    };
    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        assert_text(contact_plain(contact_fold(str_c(all[i]), arena), arena), all[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit_with_arena(umlauts_meet_both_ways_of_writing_them),
        unit_with_arena(titles_and_particles_are_left_out),
        unit_with_arena(double_names_keep_their_parts),
        unit_with_arena(generations_are_told_from_names),
        unit_with_arena(a_whole_name_in_one_field_is_put_in_order),
        unit_with_arena(initials_are_marked),
        cmocka_unit_test(nicknames_are_known_in_both_directions),
        cmocka_unit_test(tables_are_sorted),
        unit_with_arena(nicknames_are_in_plain_spelling),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
