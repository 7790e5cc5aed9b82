/* Whose mail is not read, by header fields alone. */
#include "flow/mail/exclude.h"
#include "tests/unit/unit.h"

static struct json_list rules_of(const char *const *texts, size_t n, struct arena *arena)
{
    struct str *rules = arena_array(arena, n, sizeof *rules);
    struct err err;
    for (size_t i = 0; i < n; i++)
        assert_int_equal(flow_mail_rule(str_c(texts[i]), "/excluded/0", arena, &rules[i], &err), 0);
    return (struct json_list){rules, n};
}

static void rules_have_one_spelling(void **state)
{
    static const struct {
        const char *given, *kept;
    } rows[] = {
        {"Muster.Example", "muster.example"},
        {" @muster.example ", "muster.example"},
        {"*.muster.example", "muster.example"},
        {"muster.example.", "muster.example"},
        {"Bücher.example", "xn--bcher-kva.example"},
        {"Anna.Schmidt+Messe@Muster.Example", "anna.schmidt@muster.example"},
        {"a@b@muster.example", "a@b@muster.example"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct str kept;
        struct err err;
        assert_int_equal(flow_mail_rule(str_c(rows[i].given), "/x", *state, &kept, &err), 0);
        assert_text(kept, rows[i].kept);
    }
}

static void what_is_no_rule_is_refused(void **state)
{
    static const char *const texts[] = {"", "muster", "@", "a b.example", "anna@", "-x.example", "exa mple.example"};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        struct str kept;
        struct err err;
        assert_int_equal(flow_mail_rule(str_c(texts[i]), "/excluded/3", *state, &kept, &err), -1);
        assert_string_equal(err.pointer, "/excluded/3");
    }
}

static void senders_are_found_in_every_spelling(void **state)
{
    static const char *const texts[] = {"muster.example", "chef@bank.example", "bücher.example"};
    const struct json_list rules = rules_of(texts, ARRAY_LEN(texts), *state);
    static const struct {
        const char *fields;
        bool excluded;
    } rows[] = {
        {"From: anna@muster.example\r\n", true},
        {"From: Anna <ANNA@MUSTER.EXAMPLE>\r\n", true},
        {"from : Anna <anna@mail.Muster.example>\r\n", true},
        {"From: anna@nichtmuster.example\r\n", false},
        {"From: anna@muster.example.org\r\n", false},
        {"From: anna@other.example\r\nSender: bot@muster.example\r\n", true},
        {"From: anna@other.example\r\nReply-To: x@other.example,\r\n y@muster.example\r\n", true},
        {"From: Chef+tag@bank.example\r\n", true},
        {"From: chef@bank.example.\r\n", true},
        {"From: chefin@bank.example\r\n", false},
        {"From: info@xn--bcher-kva.example\r\n", true},
        {"From: info@shop.BÜCHER.example\r\n", true},
        {"From: anna@(comment)muster.example\r\n", true},
        {"From: anna (who (me)) @ muster . example\r\n", true},
        {"From: \"anna\"@muster.example\r\n", true},
        {"From:\r\n\tAnna\r\n <anna@muster.example>\r\n", true},
        {"From: \"x@muster.example\" <y@other.example>\r\n", true},
        {"Subject: anna@muster.example\r\nFrom: y@other.example\r\n", false},
        {"", false},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (flow_mail_excluded(&rules, str_c(rows[i].fields), *state) != rows[i].excluded)
            fail_msg("%s", rows[i].fields);
}

static void lists_and_programs_say_so(void **state)
{
    (void)state;
    assert_true(flow_mail_automatic(STR("From: a@b.example\r\nList-Id: <x>\r\n")));
    assert_true(flow_mail_automatic(STR("auto-submitted: auto-generated\r\n")));
    assert_false(flow_mail_automatic(STR("Auto-Submitted: no\r\n")));
    assert_false(flow_mail_automatic(STR("From: a@b.example\r\n List-Id: folded\r\n")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit_with_arena(rules_have_one_spelling),
        unit_with_arena(what_is_no_rule_is_refused),
        unit_with_arena(senders_are_found_in_every_spelling),
        unit_with_arena(lists_and_programs_say_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
