/* See flow/proof.h and page.h: which pages there are, who sees which part of them, and their shape. */
#include "flow/proof/page.h"

#include "base/clock.h"
#include "base/limits.h"
#include "flow/common.h"
#include "flow/shape/rows.h"

#include <assert.h>

/* One page: file, title and what it says of itself. */
static const struct page {
    const char *name;
    flow_proof_fill *fill;
    const char *title[2], *words[2]; /* English, German */
} pages[] = {
    {"firewall",
     flow_proof_firewall,
     {"Firewall list", "Firewall-Liste"},
     {"Every host and port that may be contacted, and every one that is listened on. The program refuses all others: "
      "the list is made from the same rows that it enforces.",
      "Jeder Host und Port, der angesprochen werden darf, und jeder, auf dem gehört wird. Alle anderen weist das "
      "Programm ab: Die Liste entsteht aus denselben Zeilen, die es durchsetzt."}},
    {"privacy",
     flow_proof_privacy,
     {"Privacy proof", "Datenschutz-Nachweis"},
     {"What was contacted, what is asked for at other services and why, and when it was last tried that backups come "
      "back and nothing lies about in the open.",
      "Was angesprochen wurde, was bei anderen Diensten erbeten wird und warum, und wann zuletzt geprüft wurde, dass "
      "Sicherungen sich einspielen lassen und nichts offen herumliegt."}},
    {"inventory",
     flow_proof_inventory,
     {"Data inventory", "Datenverzeichnis"},
     {"Every column of every table: how it is kept, what it holds, how long. A test holds the list against the schema.",
      "Jede Spalte jeder Tabelle: wie sie aufbewahrt wird, was sie enthält, wie lange. Ein Test hält die Liste gegen "
      "das Schema."}},
    {"changes",
     flow_proof_changes,
     {"Security changes", "Sicherheitsänderungen"},
     {"What changed for security, by version.", "Was sich an der Sicherheit geändert hat, nach Version."}},
    {"components",
     flow_proof_components,
     {"Components", "Bestandteile"},
     {"What this instance is made of, with versions and licences; the same as CycloneDX: /proof/sbom.json.",
      "Woraus diese Instanz besteht, mit Versionen und Lizenzen; dasselbe als CycloneDX: /proof/sbom.json."}},
};

static const struct json_field flow_proof_column_rows[] = {
    TEXT(flow_proof_column, name, "For programs."),
    TEXT(flow_proof_column, title, "For people."),
};
SHAPE(flow_proof_column, "ProofColumn");
static const struct json_field flow_proof_row_rows[] = {
    TEXTS(flow_proof_row, cells, "As many as columns; empty: nothing known."),
};
SHAPE(flow_proof_row, "ProofRow");
static const struct json_field flow_proof_section_rows[] = {
    TEXT(flow_proof_section, kind, "For programs."),
    TEXT(flow_proof_section, title, "For people."),
    TEXT(flow_proof_section, words, "What the table says; null: nothing more."),
    MANY(flow_proof_section, columns, flow_proof_column_shape, NULL),
    MANY(flow_proof_section, rows, flow_proof_row_shape, NULL),
};
SHAPE(flow_proof_section, "ProofSection");
static const struct json_field flow_proof_page_rows[] = {
    TEXT(flow_proof_page, page, "Name of the page."),
    TEXT(flow_proof_page, title, "For people."),
    TEXT(flow_proof_page, words, "What the page says."),
    TEXT(flow_proof_page, language, "de or en."),
    TEXT(flow_proof_page, made_at, "RFC 3339."),
    TEXT(flow_proof_page, program, "Version of the program."),
    YES(flow_proof_page, public, "The instance's facts alone, nothing of an organisation."),
    MANY(flow_proof_page, sections, flow_proof_section_shape, NULL),
};
SHAPE(flow_proof_page, "ProofPage");

/* ---- Putting together ---- */

static bool german(const struct flow_actor *actor)
{
    return actor->language && strcmp(actor->language, "de") == 0;
}

struct str flow_proof_say(const struct proof_draft *draft, const char *en, const char *de)
{
    return str_c(flow_say(draft->actor, en, de));
}

struct str flow_proof_yes(const struct proof_draft *draft, bool yes)
{
    return yes ? flow_proof_say(draft, "yes", "ja") : flow_proof_say(draft, "no", "nein");
}

void flow_proof_section(struct proof_draft *draft, const char *kind, struct str title, struct str words)
{
    assert(draft->n < PROOF_SECTIONS);
    draft->sections[draft->n++] = (struct flow_proof_section){.kind = str_c(kind), .title = title, .words = words};
}

static struct flow_proof_section *last(const struct proof_draft *draft)
{
    assert(draft->n > 0);
    return &draft->sections[draft->n - 1];
}

void flow_proof_columns(struct proof_draft *draft, const struct proof_column *columns, size_t n)
{
    struct flow_proof_column *all = arena_array(draft->arena, n, sizeof *all);
    assert(n <= PROOF_COLUMNS);
    for (size_t i = 0; i < n; i++)
        all[i] =
            (struct flow_proof_column){str_c(columns[i].name), flow_proof_say(draft, columns[i].en, columns[i].de)};
    last(draft)->columns = (struct json_list){all, n};
}

void flow_proof_row(struct proof_draft *draft, const struct str *cells)
{
    struct flow_proof_section *section = last(draft);
    size_t n = section->columns.n;
    struct str *copy = arena_array(draft->arena, n, sizeof *copy);
    if ((section->rows.n & (section->rows.n - 1)) == 0) { /* room is doubled at 0, 1, 2, 4 … */
        struct flow_proof_row *more =
            arena_array(draft->arena, section->rows.n ? section->rows.n * 2 : 1, sizeof *more);
        if (section->rows.n)
            memcpy(more, section->rows.items, section->rows.n * sizeof *more);
        section->rows.items = more;
    }
    for (size_t i = 0; i < n; i++)
        copy[i] = cells[i].p ? cells[i] : STR("");
    ((struct flow_proof_row *)section->rows.items)[section->rows.n++].cells = (struct json_list){copy, n};
}

/* ---- Who sees what ---- */

static const struct page *page_find(struct str name)
{
    for (size_t i = 0; i < ARRAY_LEN(pages); i++)
        if (str_eq(str_c(pages[i].name), name))
            return &pages[i];
    return NULL;
}

static bool is_public(const struct flow_posture *posture, const char *name)
{
    struct str rest = str_c(posture->proof_public), word;
    while (rest.n && str_split(&rest, ' ', &word))
        if (str_eq(word, str_c(name)))
            return true;
    return false;
}

bool flow_proof_public_valid(const char *list)
{
    struct str rest = str_c(list), word;
    while (rest.n && str_split(&rest, ' ', &word))
        if (!str_empty(word) && !page_find(word))
            return false;
    return true;
}

/* Whoever may reads it whole; others the instance's facts, where the operator lets everybody. Nothing else is said. */
static int admit(const struct flow *flow, const struct flow_actor *actor, const struct flow_posture *posture,
                 const char *name, bool *ret_whole, struct err *err)
{
    struct err why;
    *ret_whole = actor->role && flow_may(flow, actor, "proof", "read", &why) == 0;
    if (*ret_whole || is_public(posture, name))
        return 0;
    return err_set(err, actor->role ? ERR_FORBIDDEN : ERR_UNAUTHENTICATED, "%s", "");
}

int flow_proof_page(const struct flow *flow, const struct flow_actor *actor, const struct flow_proof_query *query,
                    struct arena *arena, struct flow_proof_page *ret_page, struct err *err)
{
    const struct flow_posture *posture = query->posture;
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    const struct page *page = page_find(query->page);
    bool whole;
    struct proof_draft draft = {.flow = flow, .actor = actor, .posture = posture, .arena = arena};
    if (!page)
        return err_set(err, ERR_NOT_FOUND, "%s", "");
    if (admit(flow, actor, posture, page->name, &whole, err) < 0 || (whole && flow_begin(flow, actor, &tx, err) < 0))
        return -1;
    draft.tx = tx;
    draft.sections = arena_array(arena, PROOF_SECTIONS, sizeof *draft.sections);
    if (page->fill(&draft, err) < 0)
        return -1;
    *ret_page = (struct flow_proof_page){.page = str_c(page->name),
                                         .title = str_c(page->title[german(actor)]),
                                         .words = str_c(page->words[german(actor)]),
                                         .language = german(actor) ? STR("de") : STR("en"),
                                         .made_at = clock_text(clock_now_ms(), arena),
                                         .program = str_c(posture->program),
                                         .public = !whole,
                                         .sections = {draft.sections, draft.n}};
    return 0;
}

size_t flow_proof_pages(const struct flow *flow, const struct flow_actor *actor, const struct flow_posture *posture,
                        struct flow_proof_link ret[FLOW_PROOF_PAGE_COUNT])
{
    size_t n = 0;
    struct err ignored;
    bool whole;
    _Static_assert(ARRAY_LEN(pages) == FLOW_PROOF_PAGE_COUNT, "as many as there are");
    for (size_t i = 0; i < ARRAY_LEN(pages); i++) {
        if (admit(flow, actor, posture, pages[i].name, &whole, &ignored) < 0)
            continue;
        ret[n++] = (struct flow_proof_link){str_c(pages[i].name), str_c(pages[i].title[german(actor)]),
                                            str_c(pages[i].words[german(actor)])};
    }
    return n;
}

int flow_proof_sbom(const struct flow *flow, const struct flow_actor *actor, const struct flow_posture *posture,
                    struct arena *arena, struct str *ret_json, struct err *err)
{
    bool whole;
    if (admit(flow, actor, posture, "components", &whole, err) < 0)
        return -1;
    return flow_proof_sbom_read(posture, arena, ret_json, err);
}
