/* kartei-api without its own checks, for one question: does row level security alone keep organisations apart? The
 * linker puts these in place of the real ones (--wrap), and statements come without their "org_id = $1"
 * (unfiltered_sql.py). It is a test's program; no switch of the product leads here. KARTEI_BARE says which checks are
 * off: "all", "reach" (who reaches what lies in a list), or "" for none. */
#include "flow/common.h"
#include "store/contact.h"

typedef int may(const struct flow *, const struct flow_actor *, const char *, const char *, struct err *);
typedef int admit(const struct flow *, struct flow_actor *, const char *, const char *, struct err *);
typedef int reach(struct store_tx *, const struct flow_actor *, const struct id *, bool, struct err *);
typedef const struct id *only(const struct flow_actor *);
typedef int load(struct store_tx *, const struct flow_actor *, const struct id *, struct arena *,
                 struct store_contact *, struct err *);
may __real_flow_may, __wrap_flow_may;
admit __real_flow_admit, __wrap_flow_admit;
reach __real_flow_reach, __wrap_flow_reach;
only __real_flow_only, __wrap_flow_only;
load __real_flow_contact_load, __wrap_flow_contact_load, __real_flow_contact_own, __wrap_flow_contact_own;

static bool off(const char *what)
{
    const char *mode = getenv("KARTEI_BARE");
    return mode && (strcmp(mode, "all") == 0 || strcmp(mode, what) == 0);
}

int __wrap_flow_may(const struct flow *flow, const struct flow_actor *actor, const char *resource, const char *action,
                    struct err *err)
{
    return off("may") ? 0 : __real_flow_may(flow, actor, resource, action, err);
}

int __wrap_flow_admit(const struct flow *flow, struct flow_actor *actor, const char *resource, const char *action,
                      struct err *err)
{
    if (!off("may"))
        return __real_flow_admit(flow, actor, resource, action, err);
    actor->any = true;
    return 0;
}

int __wrap_flow_reach(struct store_tx *tx, const struct flow_actor *actor, const struct id *list, bool change,
                      struct err *err)
{
    return off("reach") ? 0 : __real_flow_reach(tx, actor, list, change, err);
}

const struct id *__wrap_flow_only(const struct flow_actor *actor)
{
    return off("reach") ? NULL : __real_flow_only(actor);
}

int __wrap_flow_contact_load(struct store_tx *tx, const struct flow_actor *actor, const struct id *id,
                             struct arena *arena, struct store_contact *ret_row, struct err *err)
{
    return off("reach") ? store_contact_get(tx, id, arena, ret_row, err)
                        : __real_flow_contact_load(tx, actor, id, arena, ret_row, err);
}

int __wrap_flow_contact_own(struct store_tx *tx, const struct flow_actor *actor, const struct id *id,
                            struct arena *arena, struct store_contact *ret_row, struct err *err)
{
    return off("reach") ? store_contact_get(tx, id, arena, ret_row, err)
                        : __real_flow_contact_own(tx, actor, id, arena, ret_row, err);
}
