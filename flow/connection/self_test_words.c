/* What a self-test found, in words; see found.h. */
#include "flow/common.h"
#include "flow/connection/found.h"
#include "flow/crm/fields.h"
#include "flow/crm/steps.h"
#include "flow/shape/rows.h"

enum { SLOW_MS = 3000 };

static const char *const told_words[] = {"unsaid", "asked", "refused", "left", NULL};

static const struct json_field self_test_field_rows[] = {
    TEXT(self_test_field, theirs, NULL), TEXT(self_test_field, label, NULL), WHOLE(self_test_field, misfit, NULL)};
static const SHAPE(self_test_field, "KeptTestField");
static const struct json_field self_test_rule_rows[] = {TEXT(self_test_rule, name, NULL),
                                                        WHOLE(self_test_rule, mode, NULL)};
static const SHAPE(self_test_rule, "KeptTestRule");
static const struct json_field self_test_rows[] = {
    TEXT(self_test, problem, NULL),
    TEXT(self_test, param, NULL),
    TEXT(self_test, version, NULL),
    TEXT(self_test, user, NULL),
    TEXT(self_test, organisation, NULL),
    YES(self_test, sandbox, NULL),
    WHOLE(self_test, quota_left, NULL),
    WHOLE(self_test, quota_limit, NULL),
    WORD(self_test, fields, told_words, NULL),
    WORD(self_test, rules, told_words, NULL),
    WORD(self_test, query, told_words, NULL),
    WORD(self_test, write, told_words, NULL),
    TEXT(self_test, fields_words, NULL),
    TEXT(self_test, rules_words, NULL),
    TEXT(self_test, query_words, NULL),
    TEXT(self_test, write_words, NULL),
    WHOLE(self_test, fields_n, NULL),
    MANY(self_test, missing, self_test_field_shape, NULL),
    YES(self_test, rules_off, NULL),
    MANY(self_test, rule_list, self_test_rule_shape, NULL),
    WHOLE(self_test, query_ms, NULL),
    WHOLE(self_test, query_requests, NULL),
    WHOLE(self_test, write_at, NULL),
    YES(self_test, write_left, NULL),
};
SHAPE(self_test, "KeptTest");

/* Who reads it, and where the words live. */
struct saying {
    const struct flow_actor *actor;
    struct arena *arena;
    const struct self_test *found;
    struct flow_test_step *steps;
    size_t n;
};

static const char *say(const struct saying *saying, const char *en, const char *de)
{
    return flow_say(saying->actor, en, de);
}

static struct flow_test_step *add(struct saying *saying, const char *name, int weight, struct str sentence)
{
    struct flow_test_step *step = &saying->steps[saying->n++];
    *step = (struct flow_test_step){.name = str_c(name), .ok = true, .weight = weight, .sentence = sentence};
    return step;
}

/* 14,982 or 14.982. */
static struct str amount(const struct saying *saying, int64_t n)
{
    struct str digits = str_printf(saying->arena, "%lld", (long long)n);
    struct strbuf out = {.arena = saying->arena};
    for (size_t i = 0; i < digits.n; i++) {
        if (i && (digits.n - i) % 3 == 0)
            strbuf_add_c(&out, say(saying, ",", "."));
        strbuf_add_char(&out, digits.p[i]);
    }
    return strbuf_str(&out);
}

/* The CRM's words as the middle of a sentence of ours. */
static struct str without_stop(struct str words)
{
    words.n -= str_ends(words, STR(".")) ? 1 : 0;
    return words;
}

/* What was asked and not answered, or not asked any more. */
static void add_unanswered(struct saying *saying, const char *name, int told, struct str words)
{
    const char *left = say(saying, "Not asked: the CRM took too long, or no longer answered.",
                           "Nicht gefragt: Das CRM brauchte zu lange oder antwortete nicht mehr.");
    const char *refused = say(saying, "The CRM did not say: %.*s.", "Das CRM hat es nicht gesagt: %.*s.");
    words = without_stop(words);
    (void)add(saying, name, FLOW_STEP_WARNING,
              told == SELF_TEST_LEFT ? str_c(left) : str_printf(saying->arena, refused, STR_ARG(words)));
}

static void add_identity(struct saying *saying)
{
    const struct self_test *found = saying->found;
    struct strbuf said = {.arena = saying->arena};
    if (str_empty(found->user) && str_empty(found->organisation)) {
        (void)add(saying, "identity", FLOW_STEP_UNSAID,
                  str_c(say(saying, "This CRM does not say as whom we are signed in.",
                            "Dieses CRM sagt nicht, als wer wir angemeldet sind.")));
        return;
    }
    strbuf_add_c(&said, say(saying, "There we are", "Dort sind wir"));
    if (!str_empty(found->user))
        strbuf_printf(&said, " %.*s", STR_ARG(found->user));
    if (!str_empty(found->organisation))
        strbuf_printf(&said, say(saying, " in the organisation “%.*s”", " in der Organisation „%.*s“"),
                      STR_ARG(found->organisation));
    strbuf_add_c(&said, found->sandbox ? say(saying, ", a sandbox.", ", einer Sandbox.") : ".");
    (void)add(saying, "identity", FLOW_STEP_PLAIN, strbuf_str(&said));
}

static void add_version(struct saying *saying)
{
    if (saying->found->version.p)
        (void)add(saying, "version", FLOW_STEP_PLAIN,
                  str_printf(saying->arena,
                             say(saying, "Version %.*s of its API is spoken.",
                                 "Gesprochen wird Version %.*s seiner Schnittstelle."),
                             STR_ARG(saying->found->version)));
}

static void add_quota(struct saying *saying)
{
    const struct self_test *found = saying->found;
    if (found->quota_left < 0) {
        (void)add(saying, "quota", FLOW_STEP_UNSAID,
                  str_c(say(saying, "This CRM does not say how many calls a day it still takes.",
                            "Dieses CRM sagt nicht, wie viele Aufrufe am Tag es noch annimmt.")));
        return;
    }
    bool few = flow_crm_quota_low(&(struct crm_quota){found->quota_left, found->quota_limit});
    struct str left = amount(saying, found->quota_left), limit = amount(saying, found->quota_limit);
    (void)add(saying, "quota", few ? FLOW_STEP_WARNING : FLOW_STEP_PLAIN,
              found->quota_limit > 0
                  ? str_printf(saying->arena,
                               say(saying, "%.*s of %.*s calls a day are left, for all programs together.",
                                   "%.*s von %.*s Aufrufen am Tag sind noch frei, für alle Programme zusammen."),
                               STR_ARG(left), STR_ARG(limit))
                  : str_printf(saying->arena, say(saying, "%.*s calls are left.", "Noch %.*s Aufrufe sind frei."),
                               STR_ARG(left)));
}

static void add_fields(struct saying *saying)
{
    const struct self_test *found = saying->found;
    const struct self_test_field *missing = found->missing.items;
    if (found->fields == SELF_TEST_UNSAID) {
        (void)add(
            saying, "fields", FLOW_STEP_UNSAID,
            str_c(say(saying, "This CRM does not describe its fields: a missing permission shows when it is needed.",
                      "Dieses CRM beschreibt seine Felder nicht: Eine fehlende Berechtigung zeigt sich erst, wenn "
                      "sie gebraucht wird.")));
        return;
    }
    if (found->fields != SELF_TEST_ASKED) {
        add_unanswered(saying, "fields", found->fields, found->fields_words);
        return;
    }
    struct str *lines = arena_array(saying->arena, found->missing.n + 1, sizeof *lines);
    for (size_t i = 0; i < found->missing.n; i++) {
        const struct crm_finding finding = {
            .misfit = (enum crm_misfit)missing[i].misfit, .theirs = missing[i].theirs, .label = missing[i].label};
        lines[i] = flow_finding_sentence(saying->actor, &finding, saying->arena);
    }
    struct str sentence = found->missing.n
                              ? str_printf(saying->arena,
                                           say(saying, "Permissions are missing, or fields: %zu.",
                                               "Es fehlen Berechtigungen oder Felder: %zu."),
                                           found->missing.n)
                              : str_printf(saying->arena,
                                           say(saying, "All %lld fields of the mapping can be read and written.",
                                               "Alle %lld Felder der Zuordnung lassen sich lesen und schreiben."),
                                           (long long)found->fields_n);
    add(saying, "fields", found->missing.n ? FLOW_STEP_WARNING : FLOW_STEP_PLAIN, sentence)->items =
        (struct json_list){lines, found->missing.n};
}

static struct str rule_line(const struct saying *saying, const struct self_test_rule *rule)
{
    static const char *const modes[][2] = {
        [CRM_RULE_BLOCKS] = {"“%.*s”: refuses new records that look like one there is.",
                             "„%.*s“: weist neue Datensätze ab, die einem vorhandenen gleichen."},
        [CRM_RULE_WARNS] = {"“%.*s”: asks people; what Kartei writes is refused until a person has decided.",
                            "„%.*s“: fragt Menschen; was Kartei schreibt, wird abgewiesen, bis ein Mensch entschieden "
                            "hat."},
        [CRM_RULE_NOTES] = {"“%.*s”: lets new records pass and only notes the likeness.",
                            "„%.*s“: lässt neue Datensätze durch und vermerkt die Ähnlichkeit nur."},
    };
    size_t mode = (size_t)rule->mode < ARRAY_LEN(modes) ? (size_t)rule->mode : CRM_RULE_NOTES;
    return str_printf(saying->arena, say(saying, modes[mode][0], modes[mode][1]), STR_ARG(rule->name));
}

static struct str rules_sentence(const struct saying *saying)
{
    const struct self_test *found = saying->found;
    size_t n = found->rule_list.n;
    if (found->rules_off)
        return str_c(say(saying, "The CRM's own search for duplicates is switched off.",
                         "Die Dublettensuche des CRM ist abgeschaltet."));
    if (n == 0)
        return str_c(say(saying, "No duplicate rule of the CRM is active.", "Keine Dublettenregel des CRM ist aktiv."));
    if (n == 1)
        return str_c(say(saying, "One duplicate rule of the CRM is active.", "Eine Dublettenregel des CRM ist aktiv."));
    return str_printf(
        saying->arena,
        say(saying, "%zu duplicate rules of the CRM are active.", "%zu Dublettenregeln des CRM sind aktiv."), n);
}

static void add_rules(struct saying *saying)
{
    const struct self_test *found = saying->found;
    const struct self_test_rule *rules = found->rule_list.items;
    size_t n = found->rules_off ? 0 : found->rule_list.n;
    if (found->rules == SELF_TEST_UNSAID) {
        (void)add(saying, "rules", FLOW_STEP_UNSAID,
                  str_c(say(saying, "This CRM does not say which duplicate rules it has.",
                            "Dieses CRM sagt nicht, welche Dublettenregeln es hat.")));
        return;
    }
    if (found->rules != SELF_TEST_ASKED) {
        add_unanswered(saying, "rules", found->rules, found->rules_words);
        return;
    }
    struct str *lines = arena_array(saying->arena, n + 1, sizeof *lines);
    for (size_t i = 0; i < n; i++)
        lines[i] = rule_line(saying, &rules[i]);
    add(saying, "rules", FLOW_STEP_PLAIN, rules_sentence(saying))->items = (struct json_list){lines, n};
}

/* A search that fails is a connection that is of no use. */
static void add_query(struct saying *saying)
{
    const struct self_test *found = saying->found;
    if (found->query == SELF_TEST_LEFT || found->query == SELF_TEST_REFUSED) {
        add_unanswered(saying, "query", found->query, found->query_words);
        saying->steps[saying->n - 1].ok = false;
    }
    if (found->query != SELF_TEST_ASKED)
        return;
    bool slow = found->query_ms > SLOW_MS;
    struct str took = amount(saying, found->query_ms), calls = amount(saying, found->query_requests);
    struct strbuf said = {.arena = saying->arena};
    strbuf_printf(&said,
                  say(saying, "A search for one address took %.*s ms", "Die Suche nach einer Adresse dauerte %.*s ms"),
                  STR_ARG(took));
    if (found->query_requests > 0)
        strbuf_printf(&said, say(saying, " (calls: %.*s)", " (Aufrufe: %.*s)"), STR_ARG(calls));
    strbuf_add_c(&said, slow ? say(saying, ". That is slow.", ". Das ist langsam.") : ".");
    (void)add(saying, "query", slow ? FLOW_STEP_WARNING : FLOW_STEP_PLAIN, strbuf_str(&said));
}

static const char *write_failed(const struct saying *saying)
{
    static const char *const steps[][2] = {
        [SELF_WRITE_CREATE] = {"Creating a test record failed", "Einen Testdatensatz anzulegen schlug fehl"},
        [SELF_WRITE_CHANGE] = {"Changing the test record failed", "Den Testdatensatz zu ändern schlug fehl"},
        [SELF_WRITE_REMOVE] = {"A test record was created and changed",
                               "Ein Testdatensatz wurde angelegt und geändert"},
    };
    size_t at = (size_t)saying->found->write_at;
    return at < ARRAY_LEN(steps) && steps[at][0] ? say(saying, steps[at][0], steps[at][1]) : "";
}

/* What is left of a test is the first thing to be told. */
static void add_write(struct saying *saying)
{
    const struct self_test *found = saying->found;
    struct strbuf said = {.arena = saying->arena};
    if (found->write == SELF_TEST_LEFT) {
        add_unanswered(saying, "write", found->write, found->write_words);
        return;
    }
    if (found->write == SELF_TEST_UNSAID && !found->write_left) {
        const char *why = found->write_at == SELF_WRITE_POLICY
                              ? say(saying, "Not tried: this connection may not write. Once it may, test again.",
                                    "Nicht versucht: Diese Verbindung darf nicht schreiben. Sobald sie darf, bitte "
                                    "noch einmal testen.")
                              : say(saying, "Not tried: a test record is written in a sandbox only.",
                                    "Nicht versucht: Ein Testdatensatz wird nur in einer Sandbox geschrieben.");
        (void)add(saying, "write", FLOW_STEP_UNSAID, str_c(why));
        return;
    }
    if (found->write == SELF_TEST_ASKED) {
        (void)add(saying, "write", FLOW_STEP_PLAIN,
                  str_c(say(saying, "A test record was created, changed and removed.",
                            "Ein Testdatensatz wurde angelegt, geändert und entfernt.")));
        return;
    }
    struct str words = without_stop(found->write_words);
    strbuf_add_c(&said, write_failed(saying));
    strbuf_printf(&said, str_empty(words) ? "." : ": %.*s.", STR_ARG(words));
    if (found->write_left)
        strbuf_add_c(&said, say(saying, " It may still be there: search for “Kartei self-test” and delete it.",
                                " Er ist vielleicht noch da: nach „Kartei self-test“ suchen und löschen."));
    (void)add(saying, "write", FLOW_STEP_WARNING, strbuf_str(&said));
}

struct json_list flow_self_test_steps(const struct flow_actor *actor, const struct self_test *found,
                                      struct arena *arena)
{
    enum { MORE = 7 };
    struct err failure = {.code = found->problem.p ? err_from_slug(found->problem) : ERR_NONE};
    (void)snprintf(failure.param, sizeof failure.param, "%.*s", STR_ARG(found->param));
    struct json_list base = flow_test_steps(actor, &failure, false, arena);
    if (failure.code != ERR_NONE)
        return base;
    struct saying saying = {.actor = actor, .arena = arena, .found = found, .n = base.n};
    saying.steps = arena_array(arena, base.n + MORE, sizeof *saying.steps);
    memcpy(saying.steps, base.items, base.n * sizeof *saying.steps);
    add_identity(&saying);
    add_version(&saying);
    add_quota(&saying);
    add_fields(&saying);
    add_rules(&saying);
    add_query(&saying);
    add_write(&saying);
    return (struct json_list){saying.steps, saying.n};
}
