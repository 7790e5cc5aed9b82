/* The administrators' overview: one line for each thing that is looked after. */
#include "base/clock.h"
#include "crm-connectors/submission/submission.h"
#include "flow/common.h"
#include "flow/proof/facts.h"
#include "flow/proof/page.h"
#include "flow/shape/rows.h"
#include "store/audit/egress.h"
#include "store/people.h"

enum kind { CONNECTIONS, MAILBOXES, MAIL, CERTIFICATE, BACKUP, RESTORE, CANARY, COMPONENTS, USERS, KINDS };
enum state { GOOD, LOOK, BAD, NONE };
static const char *const kinds[] = {"connections", "mailboxes", "mail",       "certificate", "backup",
                                    "restore",     "canary",    "components", "users",       NULL};
static const char *const states[] = {"good", "look", "bad", "none", NULL};

static const struct json_field flow_tile_rows[] = {
    WORD(flow_tile, kind, kinds, "What is looked after."),
    WORD(flow_tile, state, states, "none: there is nothing of it."),
    TEXT(flow_tile, words, "In the user's language."),
    TEXT(flow_tile, at, "RFC 3339: when it was, or when it ends; null: no time."),
    WHOLE(flow_tile, n, "How many; -1: nothing to count."),
};
SHAPE(flow_tile, "Tile");
static const struct json_field flow_overview_rows[] = {
    MANY(flow_overview, tiles, flow_tile_shape, NULL),
    TEXT(flow_overview, program, "Version of the program."),
};
SHAPE(flow_overview, "Overview");

struct board {
    const struct flow_actor *actor;
    struct arena *arena;
    struct flow_tile tiles[KINDS];
};

static struct flow_tile *tile(struct board *board, enum kind kind, enum state state, struct str words)
{
    board->tiles[kind] = (struct flow_tile){.kind = (int)kind, .state = (int)state, .words = words, .n = -1};
    return &board->tiles[kind];
}

static struct str say(const struct board *board, const char *en, const char *de)
{
    return str_c(flow_say(board->actor, en, de));
}

static void count(struct board *board, enum kind kind, int64_t all, int64_t ill)
{
    struct str words =
        all == 0 ? say(board, "none", "keine")
        : ill    ? str_printf(board->arena, flow_say(board->actor, "%lld need a look", "%lld brauchen einen Blick"),
                              (long long)ill)
                 : say(board, "all well", "alles gut");
    tile(board, kind, all == 0 ? NONE : ill ? LOOK : GOOD, words)->n = all;
}

static int connections(struct board *board, struct store_tx *tx, struct err *err)
{
    struct json_list sources;
    int64_t all[2] = {0}, ill[2] = {0};
    if (store_egress_sources(tx, board->arena, &sources, err) < 0)
        return -1;
    for (size_t i = 0; i < sources.n; i++) {
        const struct store_egress_source *source = (const struct store_egress_source *)sources.items + i;
        all[source->mailbox]++;
        ill[source->mailbox] += str_eq(source->state, STR("down")) || str_eq(source->state, STR("reauthorise"));
    }
    count(board, CONNECTIONS, all[0], ill[0]);
    count(board, MAILBOXES, all[1], ill[1]);
    return 0;
}

static int users(struct board *board, struct store_tx *tx, struct err *err)
{
    struct json_list rows;
    int64_t active = 0, admins = 0;
    if (store_user_list(tx, board->arena, &rows, err) < 0)
        return -1;
    for (size_t i = 0; i < rows.n; i++) {
        const struct store_user *row = (const struct store_user *)rows.items + i;
        bool on = str_eq(row->state, STR("active"));
        active += on;
        admins += on && str_eq(row->role, STR("admin"));
    }
    struct str words =
        str_printf(board->arena, flow_say(board->actor, "%lld of them administrators", "davon %lld mit Verwaltung"),
                   (long long)admins);
    tile(board, USERS, admins == 1 && active > 1 ? LOOK : GOOD, words)->n = active;
    return 0;
}

static void mail(struct board *board, const struct flow *flow)
{
    const struct crm_submission *via = flow->mail;
    if (!via) {
        tile(board, MAIL, NONE, say(board, "no mail server is set", "kein Mailserver eingetragen"));
        return;
    }
    tile(board, MAIL, GOOD,
         str_printf(board->arena, "%.*s:%u, %s", STR_ARG(via->at.host), (unsigned)via->at.port,
                    via->at.tls ? "TLS" : "STARTTLS"));
}

static void certificate(struct board *board, const struct proof_facts *facts)
{
    int64_t at = clock_parse(facts->ends), left = at - facts->now_ms;
    if (at < 0) {
        tile(board, CERTIFICATE, NONE, say(board, "its end is not known", "sein Ende ist nicht bekannt"));
        return;
    }
    enum state state = left < PROOF_GRAVE_DAYS * FLOW_PROOF_DAY_MS  ? BAD
                       : left < PROOF_SOON_DAYS * FLOW_PROOF_DAY_MS ? LOOK
                                                                    : GOOD;
    tile(board, CERTIFICATE, state, say(board, "holds until", "gilt bis"))->at = facts->ends;
}

static void drill(struct board *board, enum kind kind, const struct proof_facts *facts, enum proof_drill_kind which)
{
    const struct store_drill *last = &facts->drills[which];
    if (!facts->ran[which]) {
        tile(board, kind, kind == BACKUP ? BAD : LOOK, say(board, "never", "nie"));
        return;
    }
    tile(board, kind,
         !last->passed                         ? BAD
         : flow_proof_drill_late(facts, which) ? LOOK
                                               : GOOD,
         last->passed ? say(board, "passed", "bestanden") : say(board, "failed", "nicht bestanden"))
        ->at = flow_time_text(last->at, board->arena);
}

static void components(struct board *board, const struct flow_posture *posture)
{
    struct str json, metadata = STR_NONE, stamp = STR_NONE;
    struct err none;
    bool made = flow_proof_sbom_read(posture, board->arena, &json, &none) == 0 &&
                json_member(json, "metadata", board->arena, &metadata, &none) == 0 && metadata.p &&
                json_member(metadata, "timestamp", board->arena, &stamp, &none) == 0 && stamp.p;
    struct str version = str_printf(board->arena, "Kartei %s", posture->program);
    if (made)
        tile(board, COMPONENTS, GOOD, version)->at = json_unquote(stamp, board->arena);
    else
        tile(board, COMPONENTS, LOOK,
             str_printf(board->arena, "%.*s, %s", STR_ARG(version),
                        flow_say(board->actor, "no bill of materials", "keine Stückliste")));
}

int flow_overview(const struct flow *flow, const struct flow_actor *actor, const struct flow_posture *posture,
                  struct arena *arena, struct flow_overview *ret_overview, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct board *board = arena_one(arena, struct board);
    struct proof_facts facts;
    *board = (struct board){.actor = actor, .arena = arena};
    if (flow_may(flow, actor, "overview", "read", err) < 0 ||
        flow_proof_facts_read(flow, posture, arena, &facts, err) < 0 || flow_begin(flow, actor, &tx, err) < 0 ||
        connections(board, tx, err) < 0 || users(board, tx, err) < 0)
        return -1;
    mail(board, flow);
    certificate(board, &facts);
    drill(board, BACKUP, &facts, PROOF_BACKUP);
    drill(board, RESTORE, &facts, PROOF_RESTORE);
    drill(board, CANARY, &facts, PROOF_CANARY);
    components(board, posture);
    *ret_overview = (struct flow_overview){{board->tiles, KINDS}, str_c(posture->program)};
    return 0;
}
