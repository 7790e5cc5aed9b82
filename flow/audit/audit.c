/* See audit.h. */
#include "flow/audit/audit.h"

#include "base/limits.h"

enum { KINDS = 8 };

struct kind {
    const char *name; /* a literal; NULL = free */
    struct id *ids;
    size_t n, room;
};

struct flow_reads {
    struct arena *arena;
    struct kind kinds[KINDS];
};

struct store_audit flow_audit_entry(const struct flow_actor *actor, const struct flow_deed *deed)
{
    return (struct store_audit){.user = actor->user,
                                .action = deed->action,
                                .kind = deed->kind,
                                .subject = *deed->subject,
                                .request = actor->request,
                                .note = deed->note,
                                .origin = actor->origin,
                                .records = deed->records,
                                .n = deed->n};
}

int flow_audit(const struct flow *flow, const struct flow_actor *actor, const struct flow_deed *deed, struct err *err)
{
    struct store_audit entry = flow_audit_entry(actor, deed);
    return store_audit_append(flow->store, &actor->org, &entry, 1, err);
}

struct flow_reads *flow_reads_new(struct arena *arena)
{
    struct flow_reads *reads = arena_one(arena, struct flow_reads);
    reads->arena = arena;
    return reads;
}

static struct kind *kind_of(struct flow_reads *reads, const char *name)
{
    size_t at = 0;
    while (at < KINDS - 1 && reads->kinds[at].name && strcmp(reads->kinds[at].name, name) != 0)
        at++;
    if (!reads->kinds[at].name)
        reads->kinds[at].name = name;
    return &reads->kinds[at];
}

static void kind_grow(struct kind *kind, struct arena *arena)
{
    size_t room = kind->room ? kind->room * 2 : 8;
    struct id *ids = arena_array(arena, room, sizeof *ids);
    if (kind->n)
        memcpy(ids, kind->ids, kind->n * sizeof *ids);
    kind->ids = ids;
    kind->room = room;
}

void flow_read(const struct flow_actor *actor, const char *kind, const struct id *id)
{
    if (!actor->reads || id_none(id))
        return;
    struct kind *into = kind_of(actor->reads, kind);
    for (size_t i = into->n; i > 0 && into->n - i < LIMIT_PAGE; i--)
        if (id_eq(&into->ids[i - 1], id))
            return;
    if (into->n == into->room)
        kind_grow(into, actor->reads->arena);
    into->ids[into->n++] = *id;
}

int flow_audit_reads(const struct flow *flow, const struct flow_actor *actor, const char *note, struct err *err)
{
    struct store_audit entries[KINDS];
    struct flow_reads *reads = actor->reads;
    size_t n = 0;
    for (; reads && n < KINDS && reads->kinds[n].name; n++) {
        const struct kind *kind = &reads->kinds[n];
        bool one = kind->n == 1;
        struct flow_deed deed = {.action = str_printf(reads->arena, "%s.read", kind->name).p,
                                 .kind = kind->name,
                                 .subject = one ? kind->ids : &(const struct id){""},
                                 .note = note,
                                 .records = one ? NULL : kind->ids,
                                 .n = one ? 0 : kind->n};
        entries[n] = flow_audit_entry(actor, &deed);
    }
    return store_audit_append(flow->store, &actor->org, entries, n, err);
}
