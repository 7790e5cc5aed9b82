/* `kartei admin audit …`: questions to the audit trail, its export and its check. */
#include "base/limits.h"
#include "flow/audit/search.h"
#include "services/admin/admin.h"
#include "store/audit/head.h"
#include "store/keys/sign.h"

static struct flow_audit_query query_of(const struct admin_options *o)
{
    return (struct flow_audit_query){.session = o->session,
                                     .token = o->token,
                                     .grant = o->grant,
                                     .user = o->user,
                                     .record = o->record,
                                     .address = o->address,
                                     .action = o->action,
                                     .from = o->from,
                                     .to = o->to,
                                     .page = {.limit = LIMIT_PAGE, .after = STR_NONE}};
}

static void print_entry(const struct flow_audit_entry *entry)
{
    (void)printf("%lld  %.*s  %.*s  %.*s  %zu more  by %.*s  session %.*s  from %.*s  %.*s\n", (long long)entry->number,
                 STR_ARG(entry->at), STR_ARG(entry->action), STR_ARG(entry->subject_id), entry->records.n,
                 STR_ARG(entry->user_id), STR_ARG(entry->session_id), STR_ARG(entry->address), STR_ARG(entry->note));
}

/* All entries, page by page, newest first. */
static int find_entries(struct admin *admin, const struct flow_actor *actor, struct flow_audit_query *query,
                        struct err *err)
{
    do {
        _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
        struct flow_list list;
        if (flow_audit_list(admin->flow, actor, query, arena, &list, err) < 0)
            return -1;
        for (size_t i = 0; i < list.items.n; i++) {
            const struct flow_audit_entry *entry = (const struct flow_audit_entry *)list.items.items + i;
            if (admin->options.json)
                admin_print(json_write(&flow_audit_entry_shape, entry, arena));
            else
                print_entry(entry);
        }
        query->page.after = str_dup(admin->arena, list.next);
    } while (query->page.after.p);
    return 0;
}

int admin_audit_find(struct admin *admin, struct err *err)
{
    struct flow_audit_query query = query_of(&admin->options);
    struct flow_audit_records records;
    struct flow_actor actor;
    if (admin_actor(admin, &actor, err) < 0)
        return -1;
    if (admin->options.entries)
        return find_entries(admin, &actor, &query, err);
    if (flow_audit_touched(admin->flow, &actor, &query, admin->arena, &records, err) < 0)
        return -1;
    for (size_t i = 0; i < records.items.n; i++) {
        const struct flow_audit_record *record = (const struct flow_audit_record *)records.items.items + i;
        if (admin->options.json)
            admin_print(json_write(&flow_audit_record_shape, record, admin->arena));
        else
            (void)printf("%-10.*s %.*s  %lld times  %.*s to %.*s\n", STR_ARG(record->kind), STR_ARG(record->id),
                         (long long)record->times, STR_ARG(record->first_at), STR_ARG(record->last_at));
    }
    if (records.more)
        (void)fprintf(stderr, "There are more than %d: narrow the question.\n", FLOW_AUDIT_RECORDS);
    return 0;
}

int admin_audit_export(struct admin *admin, struct err *err)
{
    struct flow_actor actor;
    int64_t last = -1, next = 0;
    if (admin_actor(admin, &actor, err) < 0)
        return -1;
    while (next != last) {
        _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
        _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
        struct str lines;
        last = next;
        if (store_begin(admin->flow->store, &actor.org, &tx, err) < 0 ||
            store_audit_lines(tx, last, arena, &lines, &next, err) < 0)
            return -1;
        if (fwrite(lines.p ? lines.p : "", 1, lines.n, stdout) != lines.n)
            return err_set(err, ERR_DISK_FULL, "%s", "");
    }
    return 0;
}

int admin_audit_key(struct admin *admin, struct err *err)
{
    struct str hex;
    if (store_sign_key(admin->flow->store, STORE_SIGN_AUDIT, admin->arena, &hex, err) < 0)
        return -1;
    admin_print(hex);
    return 0;
}

int admin_audit_verify(struct admin *admin, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct flow_actor actor;
    int64_t n, bad;
    if (admin_actor(admin, &actor, err) < 0 || store_begin(admin->flow->store, &actor.org, &tx, err) < 0 ||
        store_audit_verify(tx, &n, &bad, err) < 0)
        return -1;
    (void)printf(admin->options.json ? "{\"entries\":%lld,\"first_bad\":%lld}\n"
                                     : "%lld entries, first bad one: %lld (0 = the chain is whole)\n",
                 (long long)n, (long long)bad);
    return bad ? err_set(err, ERR_CONFLICT, "the audit trail was changed at entry %lld", (long long)bad) : 0;
}
