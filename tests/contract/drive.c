/* Runs connector functions for the contract suite: one JSON command a line on stdin, one JSON answer a line on stdout.
 * drive ALLOW_PRIVATE TOTAL_MS [CA_FILE] — the process keeps one way out and one address book in memory for its life.
 */
#include "base/clock.h"
#include "base/limits.h"
#include "crm-connectors/connector.h"
#include "crm-connectors/mapping/mapping.h"
#include "crm-connectors/mapping/shipped.h"
#include "crm-connectors/reach.h"
#include "crm-connectors/rest/records.h"
#include "tests/contract/memory_book.h"

struct command {
    struct str kind, call, settings, secret, marker, remote_id, version, text, cursor, company, give_id, give_version,
        image;
    struct contact *contact, *before, *after;
    struct crm_mapping_doc *mapping; /* absent: as the connector comes */
    struct json_list known;          /* struct crm_field */
};

#define ROW(member, what)                                                                                              \
    {                                                                                                                  \
        .name = #member, .kind = (what), .offset = offsetof(struct command, member), .max = LIMIT_JSON_BYTES           \
    }
#define CONTACT(member)                                                                                                \
    {                                                                                                                  \
        .name = #member, .kind = JSON_REF, .offset = offsetof(struct command, member), .shape = &contact_shape         \
    }
static const struct json_field command_rows[] = {
    ROW(kind, JSON_STR),
    ROW(call, JSON_STR),
    ROW(settings, JSON_ANY),
    ROW(secret, JSON_ANY),
    ROW(marker, JSON_STR),
    ROW(remote_id, JSON_STR),
    ROW(version, JSON_STR),
    ROW(text, JSON_STR),
    ROW(cursor, JSON_STR),
    ROW(company, JSON_STR),
    ROW(image, JSON_STR),
    ROW(give_id, JSON_STR),
    ROW(give_version, JSON_STR),
    CONTACT(contact),
    CONTACT(before),
    CONTACT(after),
    {.name = "mapping", .kind = JSON_REF, .offset = offsetof(struct command, mapping), .shape = &crm_mapping_doc_shape},
    {.name = "known",
     .kind = JSON_LIST,
     .offset = offsetof(struct command, known),
     .shape = &crm_field_shape,
     .max = CRM_FIELDS_MAX},
};
static const struct json_shape command_shape = {"Command", sizeof(struct command), command_rows,
                                                ARRAY_LEN(command_rows), false};

static const char *const kind_words[] = {"person", "company", "lead", NULL};

static void add_text(struct strbuf *out, const char *name, struct str value)
{
    strbuf_printf(out, ",\"%s\":", name);
    json_quote(out, value);
}

static void add_record(struct strbuf *out, const struct crm_record *record, struct arena *arena)
{
    strbuf_printf(out, "{\"kind\":\"%s\",\"deleted\":%s", kind_words[record->kind], record->deleted ? "true" : "false");
    add_text(out, "remote_id", record->remote_id);
    add_text(out, "version", record->version);
    add_text(out, "company", record->company);
    add_text(out, "image", record->image);
    strbuf_add_c(out, ",\"contact\":");
    strbuf_add(out, json_write(&contact_shape, &record->contact, arena));
    strbuf_add_c(out, ",\"custody\":");
    strbuf_add(out, json_write(&contact_custody_shape, &record->custody, arena));
    strbuf_add_c(out, "}");
}

static void add_companies(struct strbuf *out, const struct crm_result *result)
{
    const struct crm_company *companies = result->companies.items;
    strbuf_add_c(out, ",\"companies\":[");
    for (size_t i = 0; i < result->companies.n; i++) {
        strbuf_add_c(out, i ? ",{\"id\":" : "{\"id\":");
        json_quote(out, companies[i].id);
        add_text(out, "name", companies[i].name);
        add_text(out, "place", companies[i].place);
        strbuf_add_c(out, "}");
    }
    strbuf_add_c(out, "]");
}

static void add_result(struct strbuf *out, const struct crm_result *result, struct arena *arena)
{
    const struct crm_record *records = result->records.items;
    strbuf_printf(out, "\"outcome\":\"%s\",\"retry_after_ms\":%lld,\"not_sent\":%s", crm_outcome_words[result->outcome],
                  (long long)result->retry_after_ms, result->not_sent ? "true" : "false");
    add_text(out, "sentence", result->sentence);
    strbuf_add_c(out, ",\"records\":[");
    for (size_t i = 0; i < result->records.n; i++) {
        strbuf_add_c(out, i ? "," : "");
        add_record(out, &records[i], arena);
    }
    strbuf_printf(out, "],\"left\":%zu,\"company\":\"%s\",\"misfit\":%d", result->left.n,
                  crm_outcome_words[result->company], result->misfit);
    add_companies(out, result);
}

/* Findings about the mapping, judged by the fields that are known. */
static void add_findings(struct strbuf *out, const struct crm_connector *crm, const struct command *command,
                         struct arena *arena)
{
    struct crm_mapping_doc doc = command->mapping ? *command->mapping : crm_mapping_shipped(crm, arena);
    const struct crm_judging judging = {.connector = crm, .doc = &doc, .now = command->known};
    struct json_list found = crm_mapping_check(&judging, arena);
    strbuf_add_c(out, "\"findings\":[");
    for (size_t i = 0; i < found.n; i++) {
        const struct crm_finding *one = (const struct crm_finding *)found.items + i;
        strbuf_printf(out, "%s{\"misfit\":%d,\"error\":%s", i ? "," : "", one->misfit, one->error ? "true" : "false");
        add_text(out, "ours", one->ours);
        add_text(out, "theirs", one->theirs);
        strbuf_add_c(out, "}");
    }
    strbuf_add_c(out, "],\"mapping\":");
    strbuf_add(out, json_write(&crm_mapping_doc_shape, &doc, arena));
}

static int call_one(const struct crm_connector *crm, struct crm_lent *lent, const struct command *command,
                    struct arena *arena, struct crm_page *ret, struct err *err)
{
    static const struct contact nobody = {0};
    const struct crm_update update = {.remote_id = command->remote_id,
                                      .version = command->version,
                                      .image = command->image,
                                      .before = command->before ? command->before : &nobody,
                                      .after = command->after ? command->after : &nobody};
    const struct contact *contact = command->contact ? command->contact : &nobody;
    if (str_eq(command->call, STR("test")))
        return crm->test(lent, arena, &ret->result, err);
    if (str_eq(command->call, STR("who"))) {
        struct crm_who who = {.sandbox = false};
        int r = crm->who(lent, arena, &who, &ret->result, err);
        if (r == 0 && ret->result.outcome == CRM_FOUND)
            ret->result.sentence = str_printf(arena, "%.*s, %.*s, %s", STR_ARG(who.user), STR_ARG(who.organisation),
                                              who.sandbox ? "sandbox" : "production");
        return r;
    }
    if (str_eq(command->call, STR("rules"))) {
        struct crm_rules rules = {.off = false};
        int r = crm->rules(lent, arena, &rules, &ret->result, err);
        struct strbuf said = {.arena = arena};
        strbuf_add_c(&said, rules.off ? "off" : "on");
        for (size_t i = 0; i < rules.list.n; i++) {
            const struct crm_rule *rule = (const struct crm_rule *)rules.list.items + i;
            strbuf_printf(&said, ", %s: %.*s", crm_rule_mode_words[rule->mode], STR_ARG(rule->name));
        }
        if (r == 0 && ret->result.outcome == CRM_FOUND)
            ret->result.sentence = strbuf_str(&said);
        return r;
    }
    if (str_eq(command->call, STR("find_exact")))
        return crm->find_exact(lent, contact, arena, &ret->result, err);
    if (str_eq(command->call, STR("search")))
        return crm->search(lent, command->text, arena, &ret->result, err);
    if (str_eq(command->call, STR("companies")))
        return crm->companies(lent, command->text, arena, &ret->result, err);
    if (str_eq(command->call, STR("make_company")))
        return crm->make_company(lent, command->marker, command->text, arena, &ret->result, err);
    if (str_eq(command->call, STR("get")))
        return crm->get(lent, command->remote_id, arena, &ret->result, err);
    if (str_eq(command->call, STR("find_marker")))
        return crm->find_marker(lent, command->marker, arena, &ret->result, err);
    if (str_eq(command->call, STR("rehearse")))
        return crm->rehearse(lent, &update, arena, &ret->result, err);
    if (str_eq(command->call, STR("create")))
        return crm->create(lent, command->marker, contact, arena, &ret->result, err);
    if (str_eq(command->call, STR("update")))
        return crm->update(lent, &update, arena, &ret->result, err);
    if (str_eq(command->call, STR("remove")))
        return crm->remove(lent, &update, arena, &ret->result, err);
    if (str_eq(command->call, STR("merge"))) {
        const struct crm_record keep = {.remote_id = command->remote_id, .version = command->version};
        const struct crm_record give = {.remote_id = command->give_id, .version = command->give_version};
        return crm->merge(lent, &keep, &give, arena, &ret->result, err);
    }
    if (str_eq(command->call, STR("changes")))
        return crm->changes(lent, command->cursor, arena, ret, err);
    return err_set(err, ERR_INVALID, "call");
}

/* Access tokens of one command: what the secret says, and nothing newer when it is refused. */
static int lend_token(void *self, struct str refused, struct arena *arena _unused_, struct str *ret_token,
                      struct err *err)
{
    *ret_token = *(const struct str *)self;
    return refused.p ? err_set(err, ERR_CRM_REAUTHORISE, "%s", "the drive") : 0;
}

static void answer_fields(struct strbuf *out, const struct crm_connector *crm, struct crm_lent *lent,
                          struct arena *arena)
{
    struct crm_result result = {.outcome = CRM_NONE};
    struct json_list fields = {0};
    struct err err = {0};
    if (crm_fields(crm, lent, arena, &result, &fields, &err) < 0)
        strbuf_printf(out, "\"error\":\"%s\",", err_slug(err.code));
    add_result(out, &result, arena);
    strbuf_add_c(out, ",\"fields\":");
    strbuf_add(out, json_write_list(&crm_field_shape, fields.items, fields.n, arena));
}

static void answer(struct strbuf *out, const struct command *command, struct crm_lent *lent, struct arena *arena)
{
    struct err err = {0};
    struct crm_page page = {0};
    const struct crm_connector *crm = crm_connector_find(command->kind);
    lent->settings = command->settings;
    lent->secret = command->secret;
    lent->company = command->company;
    struct str token = crm_records_setting(command->secret, "access_token", arena);
    const struct crm_bearer bearer = {&token, lend_token};
    if (token.p)
        lent->bearer = &bearer;
    lent->base = crm_records_setting(command->settings, "base", arena);
    struct crm_mapping mapping;
    bool mapped = crm && command->mapping &&
                  crm_mapping_compile(crm, command->mapping, command->known, arena, &mapping, &err) == 0;
    lent->mapping = mapped ? &mapping : NULL;
    strbuf_add_c(out, "{");
    if (crm && str_eq(command->call, STR("check"))) {
        add_findings(out, crm, command, arena);
        add_text(out, "pointer", str_c(err.pointer));
    } else if (crm && str_eq(command->call, STR("fields"))) {
        answer_fields(out, crm, lent, arena);
    } else if (!crm || err.code != ERR_NONE || call_one(crm, lent, command, arena, &page, &err) < 0) {
        strbuf_printf(out, "\"error\":\"%s\"", crm ? err_slug(err.code) : "no-such-connector");
        add_text(out, "pointer", str_c(err.pointer));
        add_text(out, "param", str_c(err.param));
    } else {
        add_result(out, &page.result, arena);
        strbuf_printf(out, ",\"more\":%s,\"full\":%s", page.more ? "true" : "false", page.full ? "true" : "false");
        add_text(out, "cursor", page.cursor);
    }
    strbuf_add_c(out, "}\n");
    lent->mapping = NULL; /* it lived here */
}

/* What outlives one command. */
struct drive {
    struct crm_http_options options;
    struct crm_http *http; /* made anew when a command may reach others than the one before */
    const struct crm_book *book;
    struct arena *arena; /* the session that a connector opened, and for which settings */
    struct str session, settings, secret;
};

/* A unit of work is many calls: with unchanged settings they share the connector's session. */
static struct str last_session(const struct drive *drive, const struct command *command)
{
    bool same = str_eq(drive->settings, command->settings) && str_eq(drive->secret, command->secret);
    return same ? drive->session : STR_NONE;
}

static void keep_session(struct drive *drive, const struct crm_lent *lent)
{
    if (str_eq(drive->session, lent->session))
        return;
    drive->session = str_dup(drive->arena, lent->session);
    drive->settings = str_dup(drive->arena, lent->settings);
    drive->secret = str_dup(drive->arena, lent->secret);
}

/* The way out to whom the command's connection may reach: so every test of a connector also judges that list. */
static struct crm_http *way_out(struct drive *drive, const struct command *command, struct arena *arena)
{
    const struct crm_connector *crm = crm_connector_find(command->kind);
    struct str base = crm_records_setting(command->settings, "base", arena);
    struct err err;
    if (!crm)
        return drive->http;
    struct crm_reach_list list = crm_reach_of(crm, command->settings, base, drive->options.allow_private, arena);
    const char *only = crm_reach_only(&list, 1U << CRM_REACH_API, arena);
    if (drive->http && str_eq(str_c(drive->options.only), str_c(only)))
        return drive->http;
    crm_http_freep(&drive->http);
    drive->options.only = str_z(drive->arena, str_c(only));
    return crm_http_new(&drive->options, &drive->http, &err) < 0 ? NULL : drive->http;
}

static void one_line(struct drive *drive, struct str line)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct command command;
    struct err err = {0};
    struct strbuf out = {.arena = arena};
    struct crm_lent lent = {.region = "DE", .now_ms = clock_now_ms(), .book = drive->book};
    if (json_read(&command_shape, line, arena, &command, &err) < 0) {
        strbuf_printf(&out, "{\"error\":\"%s %s\"}\n", err_slug(err.code), err.pointer);
    } else {
        lent.http = way_out(drive, &command, arena);
        lent.session = last_session(drive, &command);
        answer(&out, &command, &lent, arena);
        keep_session(drive, &lent);
    }
    (void)fwrite(out.p, 1, out.n, stdout);
    (void)fflush(stdout);
}

int main(int argc, char **argv)
{
    _cleanup_(cleanup_free) char *line = NULL;
    size_t size = 0;
    ssize_t n;
    struct err err = {0};
    int64_t total = 5000;
    if (argc < 3 || argc > 4 || !str_to_int(str_c(argv[2]), 100, 60000, &total))
        return 2;
    struct drive drive = {.options = {.allow_private = argv[1],
                                      .connect_ms = 2000,
                                      .total_ms = (int)total,
                                      .ca_file = argc == 4 ? argv[3] : NULL}};
    if (crm_http_new(&drive.options, &drive.http, &err) < 0)
        return 1;
    _cleanup_(memory_book_freep) struct memory_book *book = memory_book_new();
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    drive.book = memory_book_lend(book);
    drive.arena = arena;
    while ((n = getline(&line, &size, stdin)) > 0)
        one_line(&drive, str_trim((struct str){line, (size_t)n}));
    crm_http_freep(&drive.http);
    return 0;
}
