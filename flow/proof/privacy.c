/* The privacy proof: drills as they were run, what is asked for at other services and why, and whom the organisation
 * has contacted in the last 30 days. */
#include "crm-connectors/mailbox/mailbox.h"
#include "flow/common.h"
#include "flow/crm/crm.h"
#include "flow/egress/list.h"
#include "flow/proof/page.h"
#include "flow/proof/words.h"
#include "store/audit/egress.h"
#include "store/keep/drill.h"

static const struct {
    const char *kind, *title[2], *what[2];
} drills[] = {
    {"canary",
     {"Look for canaries", "Suche nach Kanarien"},
     {"Made-up names and secrets are written through the product; none may lie in the open in any file.",
      "Erfundene Namen und Geheimnisse werden durch das Produkt geschrieben; in keiner Datei darf eins offen liegen."}},
    {"restore",
     {"Restore test", "Rückspieltest"},
     {"The newest backup is brought back beside the running instance and opened with the key.",
      "Die neueste Sicherung wird neben der laufenden Instanz eingespielt und mit dem Schlüssel geöffnet."}},
    {"backup",
     {"Backup", "Sicherung"},
     {"Database and sealed files, with sums.", "Datenbank und versiegelte Dateien, mit Prüfsummen."}},
};

static int drill_rows(struct proof_draft *draft, struct err *err)
{
    static const struct proof_column columns[] = {
        {"drill", "Test", "Prüfung"},       {"what", "What it does", "Was sie tut"}, {"last", "Last run", "Zuletzt"},
        {"outcome", "Outcome", "Ergebnis"}, {"program", "Version", "Version"},       {"detail", "Detail", "Genaueres"},
    };
    flow_proof_section(draft, "drills", flow_proof_say(draft, "Tests that were run", "Prüfungen, die gelaufen sind"),
                       flow_proof_say(draft, "Noted by the command that ran them, in this instance.",
                                      "Aufgeschrieben von dem Befehl, der sie ausgeführt hat, in dieser Instanz."));
    flow_proof_columns(draft, columns, ARRAY_LEN(columns));
    for (size_t i = 0; i < ARRAY_LEN(drills); i++) {
        struct store_drill drill;
        bool found;
        if (store_drill_last(draft->flow->store, drills[i].kind, draft->arena, &drill, &found, err) < 0)
            return -1;
        const struct str cells[ARRAY_LEN(columns)] = {
            flow_proof_say(draft, drills[i].title[0], drills[i].title[1]),
            flow_proof_say(draft, drills[i].what[0], drills[i].what[1]),
            found ? flow_time_text(drill.at, draft->arena) : flow_proof_say(draft, "never", "nie"),
            !found         ? STR_NONE
            : drill.passed ? flow_proof_say(draft, "passed", "bestanden")
                           : flow_proof_say(draft, "failed", "nicht bestanden"),
            found ? drill.program : STR_NONE,
            found && draft->tx ? drill.detail : STR_NONE,
        };
        flow_proof_row(draft, cells);
    }
    return 0;
}

/* ---- Scopes ---- */

static struct str reason_of(const struct proof_draft *draft, const char *key)
{
    for (const struct proof_word *word = proof_scope_words; word->key; word++)
        if (strcmp(word->key, key) == 0)
            return flow_proof_say(draft, word->text[0], word->text[1]);
    return str_c(key);
}

static const struct proof_column scope_columns[] = {
    {"kind", "Connection", "Verbindung"}, {"scope", "Permission", "Erlaubnis"}, {"reason", "Reason", "Grund"}};

/* "{url}/user_impersonation" as "…/user_impersonation": what stands there is the connection's own. */
static struct str scope_name(const struct proof_draft *draft, const char *name)
{
    struct strbuf out = {.arena = draft->arena};
    for (const char *open; (open = strchr(name, '{')); name = strchr(open, '}') + 1)
        strbuf_printf(&out, "%.*s…", (int)(open - name), name);
    strbuf_add_c(&out, name);
    return strbuf_str(&out);
}

static void scope_rows(struct proof_draft *draft, const struct crm_connector *connector)
{
    for (size_t i = 0; connector->oauth && i < connector->oauth->n_scopes; i++) {
        const struct crm_scope *scope = &connector->oauth->scopes[i];
        const struct str cells[ARRAY_LEN(scope_columns)] = {str_c(connector->name), scope_name(draft, scope->name),
                                                            reason_of(draft, scope->reason)};
        flow_proof_row(draft, cells);
    }
}

static void scopes(struct proof_draft *draft)
{
    const struct crm_connector *const *all = flow_connectors(draft->flow);
    flow_proof_section(draft, "scopes",
                       flow_proof_say(draft, "Permissions that are asked for", "Erlaubnisse, die erbeten werden"),
                       flow_proof_say(draft, "Of each kind of connection, and why. No other is asked for.",
                                      "Je Art von Verbindung, mit Grund. Keine andere wird erbeten."));
    flow_proof_columns(draft, scope_columns, ARRAY_LEN(scope_columns));
    for (size_t i = 0; all[i]; i++)
        scope_rows(draft, all[i]);
    for (size_t i = 0; crm_mailboxes[i]; i++)
        scope_rows(draft, crm_mailboxes[i]);
}

/* ---- Hosts ---- */

static bool listed(const struct json_list *rows, struct str host)
{
    for (size_t i = 0; i < rows->n; i++)
        if (str_eq_nocase(((const struct flow_egress_row *)rows->items)[i].at.host, host))
            return true;
    return false;
}

static int hosts(struct proof_draft *draft, struct err *err)
{
    static const struct proof_column columns[] = {
        {"host", "Host", "Host"},
        {"hours", "Hours with contact", "Stunden mit Kontakt"},
        {"first", "First", "Zuerst"},
        {"last", "Last", "Zuletzt"},
        {"listed", "On the list", "Auf der Liste"},
    };
    struct json_list met, rows;
    if (!draft->tx)
        return 0;
    if (store_egress_hosts(draft->tx, draft->arena, &met, err) < 0 ||
        flow_egress_rows(draft->flow, draft->tx, draft->arena, &rows, err) < 0)
        return -1;
    flow_proof_section(
        draft, "hosts",
        flow_proof_say(draft, "Hosts contacted in the last 30 days",
                       "Hosts, die in den letzten 30 Tagen angesprochen wurden"),
        flow_proof_say(draft,
                       "Names of hosts and in how many hours there was contact; nothing of what was said. \"No\": "
                       "it is no longer set up, or was only tried.",
                       "Namen von Hosts und in wie vielen Stunden es Kontakt gab; nichts davon, was gesagt wurde. "
                       "„Nein“: nicht mehr eingerichtet, oder nur getestet."));
    flow_proof_columns(draft, columns, ARRAY_LEN(columns));
    for (size_t i = 0; i < met.n; i++) {
        const struct store_egress_host *host = (const struct store_egress_host *)met.items + i;
        const struct str cells[ARRAY_LEN(columns)] = {
            host->host, str_printf(draft->arena, "%lld", (long long)host->hours),
            flow_time_text(host->first_at, draft->arena), flow_time_text(host->last_at, draft->arena),
            flow_proof_yes(draft, listed(&rows, host->host))};
        flow_proof_row(draft, cells);
    }
    return 0;
}

int flow_proof_privacy(struct proof_draft *draft, struct err *err)
{
    if (drill_rows(draft, err) < 0 || hosts(draft, err) < 0)
        return -1;
    scopes(draft);
    return 0;
}
