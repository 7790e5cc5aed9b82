/* The answer to an access request: copies of what a human chose, and what article 15 wants to be said beside them. */
#include "flow/audit/audit.h"
#include "flow/subject/subject.h"
#include "flow/write.h"
#include "store/connection.h"
#include "store/people.h"
#include "store/record.h"

/* Purposes, kinds of data, recipients, how long, where from, rights: article 15 (1) a to h. */
static struct json_list notices_of(const struct flow_actor *actor, const char *recipients, struct arena *arena)
{
    const char *const texts[] = {
        flow_say(
            actor,
            "Purpose: business contacts are read from cards and mail signatures, compared with the CRM and kept there "
            "after a person's decision.",
            "Zweck: Geschäftskontakte werden von Visitenkarten und Mail-Signaturen gelesen, mit dem CRM abgeglichen "
            "und dort nach der Entscheidung eines Menschen geführt."),
        flow_say(actor,
                 "Kinds of data: name, position, organisation, business e-mail, telephone, address and website, photo "
                 "of the "
                 "card, and when and by whom they were taken.",
                 "Arten der Daten: Name, Funktion, Unternehmen, geschäftliche E-Mail, Telefon, Anschrift und Website, "
                 "Foto der "
                 "Karte sowie wann und von wem sie erfasst wurden."),
        flow_say(actor, "Source: cards and mails that you gave or sent to us, and the connected CRM.",
                 "Herkunft: Karten und Mails, die Sie uns gegeben oder geschickt haben, und das angebundene CRM."),
        flow_say(actor, "How long: until they are erased; what is put into the bin goes for good after 30 days.",
                 "Dauer: bis zur Löschung; was in den Papierkorb gelegt wird, verschwindet nach 30 Tagen endgültig."),
        flow_say(
            actor,
            "Nothing is decided by a machine alone: it proposes whom a card belongs to, a person decides (article 22).",
            "Nichts entscheidet eine Maschine allein: Sie schlägt vor, zu wem eine Karte gehört, ein Mensch "
            "entscheidet "
            "(Artikel 22)."),
        flow_say(
            actor,
            "Your rights: rectification, erasure, restriction, objection, and a complaint to a supervisory authority.",
            "Ihre Rechte: Berichtigung, Löschung, Einschränkung, Widerspruch und Beschwerde bei einer "
            "Aufsichtsbehörde."),
        recipients,
    };
    return flow_subject_sentences(texts, ARRAY_LEN(texts), arena);
}

static struct str recipients_of(const struct flow_actor *actor, const struct json_list *connections,
                                struct arena *arena)
{
    struct strbuf text = {.arena = arena};
    const struct store_connection *one = connections->items;
    strbuf_add_c(&text,
                 flow_say(actor, "Recipients: those who use Kartei in this organisation, and the connected systems: ",
                          "Empfänger: die Nutzer von Kartei in dieser Organisation und die angebundenen Systeme: "));
    for (size_t i = 0; i < connections->n; i++)
        strbuf_printf(&text, "%s%.*s (%.*s)", i ? ", " : "", STR_ARG(one[i].name), STR_ARG(one[i].kind));
    strbuf_add_c(&text, connections->n ? "." : flow_say(actor, "none.", "keine."));
    return strbuf_str(&text);
}

static int copy_contact(const struct flow *flow, const struct flow_actor *actor, struct id id, struct arena *arena,
                        struct flow_subject_copy *ret_copy, struct err *err)
{
    struct flow_list versions, writes;
    struct flow_write_query query = {.contact = id, .state = -1, .page = {.limit = FLOW_SUBJECT_MOST}};
    if (flow_contact_get(flow, actor, id, arena, &ret_copy->contact, err) < 0 ||
        flow_contact_versions(flow, actor, id, arena, &versions, err) < 0 ||
        flow_write_list(flow, actor, &query, arena, &writes, err) < 0)
        return -1;
    ret_copy->versions = versions.items;
    ret_copy->write_backs = writes.items;
    return 0;
}

static int copy_contacts(const struct flow *flow, const struct flow_actor *actor,
                         const struct flow_subject_chosen *chosen, struct arena *arena, struct json_list *ret_copies,
                         struct err *err)
{
    struct flow_subject_copy *copies = arena_array(arena, chosen->contact_count, sizeof *copies);
    for (size_t i = 0; i < chosen->contact_count; i++)
        if (copy_contact(flow, actor, chosen->contacts[i], arena, &copies[i], err) < 0)
            return -1;
    *ret_copies = (struct json_list){copies, chosen->contact_count};
    return 0;
}

/* Who answers, where the answer lives, and what is connected. */
struct answering {
    const struct flow_actor *actor;
    struct arena *arena;
    struct json_list connections; /* struct store_connection */
};

static int copy_records(struct store_tx *tx, const struct answering *answering,
                        const struct flow_subject_chosen *chosen, struct json_list *ret_copies, struct err *err)
{
    struct arena *arena = answering->arena;
    struct flow_subject_record_copy *copies = arena_array(arena, chosen->record_count, sizeof *copies);
    for (size_t i = 0; i < chosen->record_count; i++) {
        struct store_record row;
        if (store_record_get(tx, &chosen->records[i], arena, &row, err) < 0)
            return -1;
        const struct store_connection *connection = flow_subject_connection(&answering->connections, &row.connection);
        copies[i] = (struct flow_subject_record_copy){.id = flow_id_text(&row.id, arena),
                                                      .connection = connection ? connection->name : STR_NONE,
                                                      .kind = connection ? connection->kind : STR_NONE,
                                                      .remote_id = row.remote_id,
                                                      .fetched_at = flow_time_text(row.fetched_at, arena),
                                                      .contact = row.contact,
                                                      .custody = row.custody};
        flow_read(answering->actor, "record", &row.id);
    }
    *ret_copies = (struct json_list){copies, chosen->record_count};
    return 0;
}

/* The first answer makes the request done; later ones are copies of it. */
static int settle(struct store_tx **tx, const struct flow_actor *actor, const struct store_subject_request *row,
                  const struct flow_subject_chosen *chosen, struct err *err)
{
    struct flow_deed deed = {.action = "subject_request.answer",
                             .kind = "subject_request",
                             .subject = &row->id,
                             .records = chosen->contacts,
                             .n = chosen->contact_count};
    if (!row->done_at && store_subject_request_done(*tx, &row->id, &actor->user, STR_NONE, err) < 0)
        return -1;
    flow_tell(*tx, actor, &deed);
    return store_commit(tx, err);
}

/* Copies of the contacts are made as anybody gets them, each in a transaction of its own; the request is looked at
 * before. */
static int request_is_open(const struct flow *flow, const struct flow_actor *actor, const struct id *request,
                           struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(SIZE_MAX);
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_subject_request row;
    if (flow_begin(flow, actor, &tx, err) < 0)
        return -1;
    return flow_subject_open(tx, request, 0, arena, &row, err);
}

int flow_subject_answer(const struct flow *flow, const struct flow_actor *actor, const struct flow_subject_act *act,
                        struct arena *arena, struct flow_subject_answer *ret_answer, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_subject_request row;
    struct flow_subject_chosen *chosen;
    struct answering answering = {.actor = actor, .arena = arena};
    struct flow_subject_answer answer = {.number = 0};
    if (request_is_open(flow, actor, &act->request, err) < 0 ||
        flow_subject_chosen(act->choice, arena, &chosen, err) < 0 ||
        copy_contacts(flow, actor, chosen, arena, &answer.contacts, err) < 0 || flow_begin(flow, actor, &tx, err) < 0 ||
        flow_subject_open(tx, &act->request, 0, arena, &row, err) < 0 ||
        store_connection_list(tx, arena, &answering.connections, err) < 0 ||
        store_org_name(tx, arena, &answer.organisation, err) < 0 ||
        copy_records(tx, &answering, chosen, &answer.records, err) < 0)
        return -1;
    answer.number = row.number;
    answer.made_at = flow_time_text(store_tx_now(tx), arena);
    answer.notices = notices_of(actor, str_z(arena, recipients_of(actor, &answering.connections, arena)), arena);
    if (settle(&tx, actor, &row, chosen, err) < 0)
        return -1;
    *ret_answer = answer;
    return 0;
}
