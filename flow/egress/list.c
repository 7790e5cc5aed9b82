/* See list.h. */
#include "flow/egress/list.h"

#include "flow/common.h"
#include "flow/crm/crm.h"
#include "flow/oidc/oidc.h"
#include "flow/shape/rows.h"
#include "store/audit/egress.h"

static const struct json_field flow_egress_entry_rows[] = {
    TEXT(flow_egress_entry, host, "Name or address."),
    WHOLE(flow_egress_entry, port, "TCP."),
    WORD(flow_egress_entry, purpose, crm_reach_words, "What for."),
    TEXT(flow_egress_entry, kind, "Of the connector, mailbox or provider."),
    TEXT(flow_egress_entry, name, "As people call the connection or provider."),
    YES(flow_egress_entry, private, "It may be inside the operator's network, and without TLS."),
};
SHAPE(flow_egress_entry, "EgressEntry");

struct flow_egress_entry flow_egress_entry_of(const struct flow_egress_row *row)
{
    return (struct flow_egress_entry){row->at.host, row->at.port, (int)row->at.purpose,
                                      row->kind,    row->name,    row->private};
}

/* A list that grows. */
struct rows {
    const char *allow;
    struct arena *arena;
    struct flow_egress_row *items;
    size_t n, room;
};

static void add(struct rows *rows, struct crm_reach_list list, struct str kind, struct str name)
{
    for (size_t i = 0; i < list.n; i++) {
        if (rows->n == rows->room) {
            struct flow_egress_row *more = arena_array(rows->arena, rows->room * 2 + 8, sizeof *more);
            if (rows->n)
                memcpy(more, rows->items, rows->n * sizeof *more);
            rows->items = more;
            rows->room = rows->room * 2 + 8;
        }
        const struct crm_reach *at = &list.rows[i];
        rows->items[rows->n++] =
            (struct flow_egress_row){*at, kind, name, crm_egress_listed(rows->allow, at->host, at->port)};
    }
}

static void add_own(const struct flow *flow, struct rows *rows)
{
    if (flow->mail)
        add(rows, crm_reach_mail(flow->mail, rows->allow, rows->arena), STR_NONE, STR_NONE);
}

struct json_list flow_egress_own(const struct flow *flow, struct arena *arena)
{
    struct rows rows = {.allow = flow_egress_allow(flow), .arena = arena};
    add_own(flow, &rows);
    return (struct json_list){rows.items, rows.n};
}

static int add_sources(const struct flow *flow, struct store_tx *tx, struct rows *rows, struct err *err)
{
    struct json_list sources;
    if (store_egress_sources(tx, rows->arena, &sources, err) < 0)
        return -1;
    for (size_t i = 0; i < sources.n; i++) {
        const struct store_egress_source *source = (const struct store_egress_source *)sources.items + i;
        const struct crm_connector *connector = flow_connector_find(flow, source->kind);
        if (connector && !flow_book_keeps(source->kind))
            add(rows, flow_reach_of(flow, connector, source->settings, source->base, rows->arena), source->kind,
                source->mailbox ? STR_NONE : source->name);
    }
    return 0;
}

static int add_providers(const struct flow *flow, struct store_tx *tx, struct rows *rows, struct err *err)
{
    struct json_list providers;
    if (store_provider_list(tx, rows->arena, &providers, err) < 0)
        return -1;
    for (size_t i = 0; i < providers.n; i++) {
        const struct store_provider *row = (const struct store_provider *)providers.items + i;
        struct flow_provider_settings settings;
        if (flow_oidc_settings(row, rows->arena, &settings, err) < 0)
            return -1;
        add(rows, flow_oidc_reach(flow, row, rows->arena), row->kind, settings.name);
    }
    return 0;
}

int flow_egress_rows(const struct flow *flow, struct store_tx *tx, struct arena *arena, struct json_list *ret_rows,
                     struct err *err)
{
    struct rows rows = {.allow = flow_egress_allow(flow), .arena = arena};
    add_own(flow, &rows);
    if (add_sources(flow, tx, &rows, err) < 0 || add_providers(flow, tx, &rows, err) < 0)
        return -1;
    *ret_rows = (struct json_list){rows.items, rows.n};
    return 0;
}

int flow_egress_list(const struct flow *flow, const struct flow_actor *actor, struct arena *arena,
                     struct flow_list *ret_list, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct json_list rows;
    if (flow_may(flow, actor, "proof", "read", err) < 0 || flow_begin(flow, actor, &tx, err) < 0 ||
        flow_egress_rows(flow, tx, arena, &rows, err) < 0)
        return -1;
    struct flow_egress_entry *entries = arena_array(arena, rows.n, sizeof *entries);
    for (size_t i = 0; i < rows.n; i++)
        entries[i] = flow_egress_entry_of((const struct flow_egress_row *)rows.items + i);
    *ret_list = (struct flow_list){{entries, rows.n}, STR_NONE};
    return 0;
}
