/* kartei dedupe: CSV in, pairs and clusters out, and what is refused. */
#include "tests/unit/unit.h"

#include "contact/phone.h"
#include "services/dedupe/csv.h"
#include "services/dedupe/number.h"
#include "services/kartei.h"

#include <fcntl.h>
#include <getopt.h>
#include <stdlib.h>
#include <unistd.h>

/* A folder of its own for one test. */
static char folder[] = "/tmp/kartei-dedupe-XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    static const char *const files[] = {"in.csv",       "crm.csv",    "schema.toml", "pairs.csv",
                                        "clusters.csv", "labels.csv", "weights.json"};
    for (size_t i = 0; i < ARRAY_LEN(files); i++)
        (void)unlink(files[i]);
    return chdir("/") == 0 && rmdir(folder) == 0 ? 0 : -1;
}

static void write_text(const char *file, const char *text)
{
    FILE *to = fopen(file, "we");
    assert_non_null(to);
    assert_true(fputs(text, to) >= 0);
    assert_int_equal(fclose(to), 0);
}

static struct str read_text(const char *file, struct arena *arena)
{
    char *text = arena_alloc(arena, 65536);
    FILE *from = fopen(file, "re");
    assert_non_null(from);
    size_t n = fread(text, 1, 65535, from);
    (void)fclose(from);
    return (struct str){text, n};
}

/* Runs the verb with words on stderr thrown away. */
static int dedupe(const char *arguments, struct arena *arena)
{
    char *argv[16];
    int argc = 0;
    struct str rest = str_c(arguments), word;
    argv[argc++] = str_z(arena, STR("dedupe"));
    while (str_split(&rest, ' ', &word) && argc < 15)
        argv[argc++] = str_z(arena, word);
    argv[argc] = NULL;
    int kept = dup(STDERR_FILENO), nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
    assert_true(kept >= 0 && nothing >= 0 && dup2(nothing, STDERR_FILENO) >= 0);
    optind = 0; /* getopt starts anew */
    int status = cmd_dedupe(argc, argv);
    assert_true(dup2(kept, STDERR_FILENO) >= 0);
    (void)close(kept);
    (void)close(nothing);
    return status;
}

#define HEADER "id,first_name,last_name,company,email,phone\n"
#define ANNA   "Anna,Hofstetter,Muster GmbH,anna.hofstetter@muster.de,0931 / 123456-78\n"

static void pairs_and_clusters_are_written(void **state)
{
    struct arena *arena = *state;
    write_text("in.csv", HEADER "a," ANNA "b,Bernd,Kaiser,Alpha,,\n"
                                "\"c,1\",Anna,Hofsteter,Muster,anna.hofstetter@muster.de,+49 931 12345678\n");
    assert_int_equal(dedupe("in.csv --pairs pairs.csv --clusters clusters.csv", arena), 0);
    assert_text(read_text("clusters.csv", arena), "id,cluster\na,a\nb,b\n\"c,1\",a\n");
    struct str pairs = read_text("pairs.csv", arena);
    assert_true(str_starts(pairs, STR("id_l,id_r,probability,weight\na,\"c,1\",0.99")));
}

static void explained_pairs_have_a_column_per_field(void **state)
{
    struct arena *arena = *state;
    write_text("in.csv", HEADER "a," ANNA "b," ANNA);
    assert_int_equal(dedupe("in.csv --pairs pairs.csv --explain", arena), 0);
    struct str pairs = read_text("pairs.csv", arena);
    assert_true(
        str_starts(pairs, STR("id_l,id_r,probability,weight,name,employer,email,phone,mobile,address,birth,band,"
                              "outcome,rival\na,b,")));
    assert_true(str_find(pairs, STR(",same +"), 0) > 0);
}

static void two_files_are_compared_across_only(void **state)
{
    struct arena *arena = *state;
    write_text("in.csv", HEADER "1," ANNA "2," ANNA);
    write_text("crm.csv", HEADER "1," ANNA);
    assert_int_equal(dedupe("in.csv --against crm.csv --pairs pairs.csv", arena), 0);
    struct str rest = read_text("pairs.csv", arena), line;
    size_t lines = 0;
    while (str_split(&rest, '\n', &line) && !str_empty(line))
        lines++;
    assert_int_equal(lines, 3);
    write_text("crm.csv", HEADER);
    assert_int_equal(dedupe("in.csv --against crm.csv --pairs pairs.csv", arena), 0);
    assert_text(read_text("pairs.csv", arena), "id_l,id_r,probability,weight\n");
}

static void other_headings_come_by_a_schema(void **state)
{
    struct arena *arena = *state;
    write_text("in.csv", "\xef\xbb\xbfNr;Name;Vorname;J;M;T\r\n1;Koch;Anna;1971;6;24\r\n2;Koch;Anna;1971;6;24\r\n");
    write_text("schema.toml", "# ours\n[columns]\nNr = \"id\"\n\"Name\" = \"surname\"\nVorname = \"given_name\"\n"
                              "J = \"dob\"\nM = \"dob\"\nT = \"dob\"\n");
    assert_int_equal(dedupe("in.csv --schema schema.toml --pairs pairs.csv --explain", arena), 0);
    struct str pairs = read_text("pairs.csv", arena);
    assert_true(str_find(pairs, STR("\n1,2,0."), 0) > 0);
    write_text("schema.toml", "Nr = \"number\"\n");
    assert_int_equal(dedupe("in.csv --schema schema.toml --pairs pairs.csv", arena), 1);
}

static void what_people_told_apart_stays_apart(void **state)
{
    struct arena *arena = *state;
    write_text("in.csv", HEADER "a," ANNA "b," ANNA "c," ANNA);
    write_text("labels.csv", "id_r,id_l\nb,a\na,b\nb,gone\n");
    assert_int_equal(dedupe("in.csv --pairs pairs.csv --clusters clusters.csv --not-same labels.csv", arena), 0);
    struct str pairs = read_text("pairs.csv", arena);
    assert_true(str_find(pairs, STR("\na,b,"), 0) < 0 && str_find(pairs, STR("\na,c,"), 0) > 0);
    assert_text(read_text("clusters.csv", arena), "id,cluster\na,a\nb,b\nc,a\n");
    write_text("labels.csv", "id_l\na\n");
    assert_int_equal(dedupe("in.csv --pairs pairs.csv --not-same labels.csv", arena), 1);
}

static void weights_are_saved_and_used_again(void **state)
{
    struct arena *arena = *state;
    write_text("in.csv", HEADER "a," ANNA "b," ANNA);
    assert_int_equal(dedupe("in.csv --pairs pairs.csv --save-weights weights.json", arena), 0);
    struct str first = str_dup(arena, read_text("pairs.csv", arena));
    assert_int_equal(dedupe("in.csv --pairs pairs.csv --weights weights.json", arena), 0);
    assert_true(str_eq(read_text("pairs.csv", arena), first));
    write_text("labels.csv", "id_l,id_r,same\na,b,no\n");
    assert_int_equal(dedupe("in.csv --pairs pairs.csv --labels labels.csv", arena), 0);
    assert_true(str_eq(read_text("pairs.csv", arena), first)); /* one decision changes nothing */
    write_text("labels.csv", "id_l,id_r,same\na,b,perhaps\n");
    assert_int_equal(dedupe("in.csv --pairs pairs.csv --labels labels.csv", arena), 1);
    assert_int_equal(dedupe("in.csv --pairs pairs.csv --weights labels.csv", arena), 1);
    assert_int_equal(dedupe("in.csv --pairs pairs.csv --weights learned --labels labels.csv", arena), 1);
}

/* Parts on disk change nothing; those of another stock, or cut off, are made anew; what is done is left. */
static void parts_on_disk_change_no_pair(void **state)
{
    struct arena *arena = *state;
    struct strbuf stock = {.arena = arena};
    static const char *const names[] = {"Hofstetter", "Hofsteter", "Kaiser", "Unterholzinger", "Vogel"};
    strbuf_add_c(&stock, HEADER);
    for (size_t i = 0; i < 60; i++)
        strbuf_printf(&stock, "%zu,Anna,%s,Firma %zu,,\n", i, names[i % 5], i % 7);
    write_text("in.csv", str_z(arena, strbuf_str(&stock)));
    assert_int_equal(dedupe("in.csv --pairs pairs.csv", arena), 0);
    struct str want = str_dup(arena, read_text("pairs.csv", arena));
    assert_true(want.n > 1000);
    static const char *const ways[] = {"1", "3", "256"};
    for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
        struct str line = str_printf(arena, "in.csv --pairs pairs.csv --work . --parts %s", ways[i]);
        write_text("kartei-pairs.0000", "torn");
        assert_int_equal(dedupe(str_z(arena, line), arena), 0);
        assert_true(str_eq(read_text("pairs.csv", arena), want));
        assert_int_equal(access("kartei-pairs.0000", F_OK), -1);
    }
    assert_int_equal(dedupe("in.csv --pairs pairs.csv --work nowhere", arena), 1);
    assert_int_equal(dedupe("in.csv --pairs pairs.csv --work . --parts 0", arena), 2);
}

static void bad_input_is_refused_with_a_status(void **state)
{
    struct arena *arena = *state;
    static const char *const bad[] = {"",          "name\nx\n",    "id\n1\n1\n", "id,city\n1\n",
                                      "id\n\"1\n", "id\n\"1\"x\n", "id\n\xff\n", "id,city\n,Ulm\n"};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        write_text("in.csv", bad[i]);
        assert_int_equal(dedupe("in.csv --pairs pairs.csv", arena), 1);
    }
    assert_int_equal(dedupe("missing.csv --pairs pairs.csv", arena), 1);
    write_text("in.csv", HEADER "a," ANNA);
    assert_int_equal(dedupe("in.csv --pairs /dev/full", arena), 1);
    assert_int_equal(dedupe("in.csv", arena), 2);
    assert_int_equal(dedupe("--pairs pairs.csv", arena), 2);
    assert_int_equal(dedupe("in.csv --pairs pairs.csv --threshold 1.5", arena), 2);
    assert_int_equal(dedupe("in.csv --pairs pairs.csv --what", arena), 2);
}

static void quotes_follow_rfc_4180(void **state)
{
    struct arena *arena = *state;
    struct csv csv;
    struct str fields[4];
    struct err err;
    size_t n;
    assert_int_equal(csv_open(STR("a,\"b \"\"c\"\"\n,d\"\r\n\r\n,\"\",e"), &csv, &err), 0);
    assert_int_equal(csv_row(&csv, arena, fields, 4, &n, &err), 1);
    assert_int_equal(n, 2);
    assert_text(fields[1], "b \"c\"\n,d");
    assert_int_equal(csv_row(&csv, arena, fields, 4, &n, &err), 1);
    assert_int_equal(n, 3);
    assert_int_equal(fields[0].n + fields[1].n, 0);
    assert_text(fields[2], "e");
    assert_int_equal(csv_row(&csv, arena, fields, 4, &n, &err), 0);
    assert_int_equal(csv_open(STR("a,b,c,d,e"), &csv, &err), 0);
    assert_int_equal(csv_row(&csv, arena, fields, 4, &n, &err), -1);
}

/* Numbers of plain form are understood by a table; it must say what the library says. */
static void numbers_are_those_of_the_library(void **state)
{
    struct arena *arena = *state;
    static const char *const regions[] = {"DE", "AT", "CH", "NL", "FR", "GB", "TR", "IT", "PL", "ES", "US"};
    static const char *const forms[] = {"%s %s",    "+49 %s%s",  "0049 (%s) %s", "+41 (0)%s %s", "0%s/%s", "+44%s%s",
                                        "+33 %s%s", "+39 0%s%s", "+48 %s-%s",    "+34%s %s",     "00%s%s", "+1 %s%s"};
    uint32_t random = 1;
    for (size_t round = 0; round < 6000; round++) {
        char digits[2][12] = {"", ""}, buffer[NUMBER_BYTES];
        for (size_t k = 0; k < 2; k++) {
            random = random * 1664525u + 1013904223u;
            size_t n = 1 + (random >> 20) % (k == 0 ? 4 : 9);
            for (size_t i = 0; i < n; i++) {
                random = random * 1664525u + 1013904223u;
                digits[k][i] = (char)('0' + (random >> 20) % 10);
            }
        }
        struct contact_phone phone;
        struct str text = str_printf(arena, forms[round % ARRAY_LEN(forms)], digits[0], digits[1]);
        const char *region = regions[round % ARRAY_LEN(regions)];
        bool known = contact_phone_parse(text, region, arena, &phone);
        struct str got = number_e164(text, region, buffer, arena);
        if (!str_eq(got, known ? phone.e164 : STR_NONE))
            print_message("%s \"%.*s\": %.*s\n", region, STR_ARG(text), STR_ARG(got));
        assert_true(str_eq(got, known ? phone.e164 : STR_NONE));
    }
}

static void a_file_in_parts_has_the_same_rows(void **state)
{
    struct arena *arena = *state;
    struct strbuf text = {.arena = arena};
    struct csv whole, parts[5];
    struct err err;
    for (size_t i = 0; i < 200; i++)
        strbuf_printf(&text, "%zu,\"two\nlines \"\"%zu\"\"\"\r\n", i, i);
    assert_int_equal(csv_open(strbuf_str(&text), &whole, &err), 0);
    size_t n = csv_split(&whole, 5, parts), rows = 0;
    assert_int_equal(n, 5);
    for (size_t k = 0; k < n; k++) {
        struct str one[2], other[2];
        size_t fields;
        assert_int_equal(parts[k].line, 1 + 2 * rows);
        for (; csv_row(&parts[k], arena, one, 2, &fields, &err) == 1; rows++) {
            assert_int_equal(csv_row(&whole, arena, other, 2, &fields, &err), 1);
            assert_true(str_eq(one[0], other[0]) && str_eq(one[1], other[1]));
        }
    }
    assert_int_equal(rows, 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit_with_arena(pairs_and_clusters_are_written),
        unit_with_arena(explained_pairs_have_a_column_per_field),
        unit_with_arena(two_files_are_compared_across_only),
        unit_with_arena(other_headings_come_by_a_schema),
        unit_with_arena(what_people_told_apart_stays_apart),
        unit_with_arena(weights_are_saved_and_used_again),
        unit_with_arena(parts_on_disk_change_no_pair),
        unit_with_arena(bad_input_is_refused_with_a_status),
        unit_with_arena(quotes_follow_rfc_4180),
        unit_with_arena(numbers_are_those_of_the_library),
        unit_with_arena(a_file_in_parts_has_the_same_rows),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
