/* The firewall list: what comes in, what goes out, and what each kind of connection would need. Outgoing rows are those
 * that are enforced (flow/egress/list.h). */
#include "crm-connectors/mailbox/mailbox.h"
#include "flow/crm/crm.h"
#include "flow/egress/list.h"
#include "flow/oidc/oidc.h"
#include "flow/proof/page.h"

static const struct {
    const char *en, *de;
} purposes[CRM_REACH_PURPOSES] = {
    [CRM_REACH_API] = {"API of a connection: test, pull, live record, write-back",
                       "API einer Verbindung: Test, Abgleich, Datensatz von jetzt, Zurückschreiben"},
    [CRM_REACH_TOKEN] = {"Tokens of a connection: consent, renewal", "Tokens einer Verbindung: Zustimmung, Erneuerung"},
    [CRM_REACH_REVOKE] = {"Giving a permission back", "Eine Erlaubnis zurückgeben"},
    [CRM_REACH_IMAP] = {"A mailbox: waiting for news, looking at new mail",
                        "Ein Postfach: auf Neues warten, neue Mails ansehen"},
    [CRM_REACH_PROVIDER] = {"Identity provider: endpoints, keys, tokens",
                            "Identitätsanbieter: Endpunkte, Schlüssel, Tokens"},
    [CRM_REACH_SUBMISSION] = {"Our own mail: links to sign in, confirmations",
                              "Eigene Mails: Links zum Anmelden, Bestätigungen"},
};
/* Which programs go there: both, where people try settings as well. */
static const char *const programs[CRM_REACH_PURPOSES] = {
    [CRM_REACH_API] = "kartei-worker, kartei-api",
    [CRM_REACH_TOKEN] = "kartei-worker, kartei-api",
    [CRM_REACH_REVOKE] = "kartei-api",
    [CRM_REACH_IMAP] = "kartei-worker, kartei-api",
    [CRM_REACH_PROVIDER] = "kartei-api",
    [CRM_REACH_SUBMISSION] = "kartei-worker",
};

static const struct proof_column out_columns[] = {
    {"host", "Host", "Host"},
    {"port", "Port", "Port"},
    {"protocol", "Protocol", "Protokoll"},
    {"direction", "Direction", "Richtung"},
    {"purpose", "What for", "Wozu"},
    {"of", "Of", "Von"},
    {"program", "Program", "Programm"},
};

static void out_row(struct proof_draft *draft, const struct crm_reach *at, struct str of)
{
    const struct str cells[ARRAY_LEN(out_columns)] = {
        at->host,
        str_printf(draft->arena, "%u", (unsigned)at->port),
        STR("tcp"),
        flow_proof_say(draft, "out", "hinaus"),
        flow_proof_say(draft, purposes[at->purpose].en, purposes[at->purpose].de),
        of,
        str_c(programs[at->purpose]),
    };
    flow_proof_row(draft, cells);
}

static struct str of_whom(const struct proof_draft *draft, const struct flow_egress_row *row)
{
    const struct crm_connector *connector = row->kind.p ? flow_connector_find(draft->flow, row->kind) : NULL;
    struct str kind = connector ? str_c(connector->name) : row->kind;
    if (!kind.p)
        return STR("Kartei");
    return row->name.p ? str_printf(draft->arena, "%.*s: %.*s", STR_ARG(kind), STR_ARG(row->name)) : kind;
}

/* What goes out: of an organisation all of it; for everybody our own mail, unless the operator keeps its host inside.
 */
static int going_out(struct proof_draft *draft, struct err *err)
{
    struct json_list rows = flow_egress_own(draft->flow, draft->arena);
    if (draft->tx && flow_egress_rows(draft->flow, draft->tx, draft->arena, &rows, err) < 0)
        return -1;
    flow_proof_section(
        draft, "out", flow_proof_say(draft, "Going out", "Hinaus"),
        flow_proof_say(
            draft,
            "Whatever is not here is refused, on this machine and before a name is looked up. While an "
            "administrator tries settings that are not kept yet, exactly their hosts are reached. Names are "
            "looked up by the machine's resolver (port 53); a database on another host is that of "
            "KARTEI_DATABASE_URL.",
            "Was hier nicht steht, wird auf dieser Maschine abgewiesen, bevor ein Name aufgelöst wird. "
            "Während jemand aus der Administration Einstellungen testet, die noch nicht gespeichert sind, "
            "werden genau deren Hosts angesprochen. Namen löst der Resolver der Maschine auf (Port 53); eine "
            "Datenbank auf einer anderen Maschine ist die von KARTEI_DATABASE_URL."));
    flow_proof_columns(draft, out_columns, ARRAY_LEN(out_columns));
    for (size_t i = 0; i < rows.n; i++) {
        const struct flow_egress_row *row = (const struct flow_egress_row *)rows.items + i;
        if (draft->tx || !row->private)
            out_row(draft, &row->at, of_whom(draft, row));
    }
    return 0;
}

static const struct proof_column in_columns[] = {{"address", "Address", "Adresse"},
                                                 {"protocol", "Protocol", "Protokoll"},
                                                 {"direction", "Direction", "Richtung"},
                                                 {"purpose", "What for", "Wozu"},
                                                 {"program", "Program", "Programm"}};

/* Nothing where there is no address. */
static void in_row(struct proof_draft *draft, struct str address, const char *protocol, struct str purpose)
{
    const struct str cells[ARRAY_LEN(in_columns)] = {address, str_c(protocol), flow_proof_say(draft, "in", "herein"),
                                                     purpose, STR("HAProxy")};
    if (!str_empty(address))
        flow_proof_row(draft, cells);
}

static void coming_in(struct proof_draft *draft)
{
    const struct flow_posture *posture = draft->posture;
    const char *hooks = draft->flow->notification_url;
    flow_proof_section(
        draft, "in", flow_proof_say(draft, "Coming in", "Herein"),
        flow_proof_say(draft, "Everything else speaks over Unix sockets.", "Alles andere spricht über Unix-Sockets."));
    flow_proof_columns(draft, in_columns, ARRAY_LEN(in_columns));
    in_row(draft, str_c(draft->tx ? posture->listen : draft->flow->public_url), "tcp, TLS 1.2/1.3",
           flow_proof_say(draft, "Pages, API and what CRMs send people back to (/oauth/callback)",
                          "Seiten, API und wohin CRMs Menschen zurückschicken (/oauth/callback)"));
    if (hooks && *hooks)
        in_row(draft, str_printf(draft->arena, "%s/hooks", hooks), "tcp, TLS 1.2/1.3",
               flow_proof_say(draft, "Microsoft tells of new mail", "Microsoft meldet neue Mails"));
    in_row(
        draft, str_c(posture->redirect_listen), "tcp, HTTP",
        flow_proof_say(draft, "The way to the address above, nothing else", "Der Weg zur Adresse oben, nichts sonst"));
    if (draft->tx)
        in_row(draft, str_c(posture->inner_listen), "tcp, TLS 1.3",
               flow_proof_say(draft, "Front doors on other hosts, by client certificate",
                              "Vordertüren auf anderen Maschinen, mit Client-Zertifikat"));
}

/* ---- What a kind would need ---- */

static const struct proof_column kind_columns[] = {
    {"kind", "Kind", "Art"}, {"host", "Host", "Host"}, {"port", "Port", "Port"}, {"purpose", "What for", "Wozu"}};

static void kind_row(struct proof_draft *draft, const char *name, struct str host, struct str port,
                     enum crm_reach_purpose purpose)
{
    const struct str cells[ARRAY_LEN(kind_columns)] = {
        str_c(name), host, port, flow_proof_say(draft, purposes[purpose].en, purposes[purpose].de)};
    flow_proof_row(draft, cells);
}

/* Settings as the form comes, with a client id, so that it is OAuth. */
static struct str preset_settings(const struct crm_connector *connector, struct arena *arena)
{
    struct strbuf out = {.arena = arena};
    bool tenant = false;
    strbuf_add_c(&out, "{\"client_id\":\"x\"");
    for (size_t i = 0; i < connector->form.n; i++) {
        const struct crm_form_field *field = &connector->form.fields[i];
        if (!field->preset)
            continue;
        strbuf_printf(&out, ",\"%s\":", field->name);
        json_quote(&out, str_c(field->preset));
        tenant |= strcmp(field->name, "tenant") == 0;
    }
    if (!tenant)
        strbuf_add_c(&out, ",\"tenant\":\"x\"");
    strbuf_add_c(&out, "}");
    return strbuf_str(&out);
}

/* Hosts that are the same for everybody, and what the others depend on. */
static void kind_rows(struct proof_draft *draft, const struct crm_connector *connector)
{
    struct crm_reach_list fixed =
        flow_reach_of(draft->flow, connector, preset_settings(connector, draft->arena), STR_NONE, draft->arena);
    struct str rest = str_c(connector->oauth ? connector->oauth->base_hosts : NULL), suffix;
    bool api = false;
    for (size_t i = 0; i < fixed.n; i++) {
        const struct crm_reach *at = &fixed.rows[i];
        kind_row(draft, connector->name, at->host, str_printf(draft->arena, "%u", (unsigned)at->port), at->purpose);
        api |= at->purpose == CRM_REACH_API || at->purpose == CRM_REACH_IMAP;
    }
    for (; rest.n && str_split(&rest, ' ', &suffix); api = true)
        kind_row(draft, connector->name, str_printf(draft->arena, "*%.*s", STR_ARG(suffix)), STR("443"), CRM_REACH_API);
    if (!api)
        kind_row(draft, connector->name,
                 flow_proof_say(draft, "the host that is set there", "der dort eingetragene Host"),
                 connector->imap ? STR("993, 143") : STR("443"), connector->imap ? CRM_REACH_IMAP : CRM_REACH_API);
}

static void kinds(struct proof_draft *draft)
{
    const struct crm_connector *const *all = flow_connectors(draft->flow);
    flow_proof_section(
        draft, "kinds",
        flow_proof_say(draft, "What each kind of connection needs", "Was jede Art von Verbindung braucht"),
        flow_proof_say(draft,
                       "To be opened before one is set up. \"*\" stands for the name of one's own account there.",
                       "Vor dem Einrichten freizugeben. „*“ steht für den Namen des eigenen Kontos dort."));
    flow_proof_columns(draft, kind_columns, ARRAY_LEN(kind_columns));
    for (size_t i = 0; all[i]; i++)
        if (!flow_book_keeps(str_c(all[i]->kind)))
            kind_rows(draft, all[i]);
    for (size_t i = 0; crm_mailboxes[i]; i++)
        kind_rows(draft, crm_mailboxes[i]);
}

int flow_proof_firewall(struct proof_draft *draft, struct err *err)
{
    coming_in(draft);
    if (going_out(draft, err) < 0)
        return -1;
    kinds(draft);
    return 0;
}
