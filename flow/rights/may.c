/* What a role may; see flow/rights.h. */
#include "flow/rights.h"

#include "store/people.h"

static enum store_ownership ownership(const struct flow *flow, const struct flow_actor *actor, const char *resource,
                                      const char *action)
{
    if (!flow_is_person(actor))
        return actor->role ? STORE_ANY : STORE_NOTHING;
    return store_right(flow->store, str_c(actor->role), str_c(resource), str_c(action));
}

int flow_may(const struct flow *flow, const struct flow_actor *actor, const char *resource, const char *action,
             struct err *err)
{
    return ownership(flow, actor, resource, action) != STORE_NOTHING ? 0 : err_set(err, ERR_FORBIDDEN, "%s", resource);
}

int flow_admit(const struct flow *flow, struct flow_actor *actor, const char *resource, const char *action,
               struct err *err)
{
    if (flow_may(flow, actor, resource, action, err) < 0)
        return -1;
    actor->any = ownership(flow, actor, resource, action) == STORE_ANY;
    return 0;
}

struct str flow_user_name(const struct json_list *users, const struct id *id)
{
    for (size_t i = 0; i < users->n; i++) {
        const struct store_user *user = (const struct store_user *)users->items + i;
        if (id_eq(&user->id, id))
            return user->name;
    }
    return STR_NONE;
}

/* ---- The table as people read it ---- */

/* Where a role's column is in a row; NULL: a role that this program does not know. */
static struct str *column_of(struct flow_right *right, struct str role)
{
    const struct json_shape *shape = &flow_right_shape;
    for (size_t i = 2; i < shape->n; i++) /* behind resource and action */
        if (str_eq(str_c(shape->fields[i].name), role))
            return (struct str *)((char *)right + shape->fields[i].offset);
    return NULL;
}

static struct flow_right *row_of(struct flow_right *rows, size_t *n, const struct store_right *right)
{
    for (size_t i = 0; i < *n; i++)
        if (str_eq(rows[i].resource, right->resource) && str_eq(rows[i].action, right->action))
            return &rows[i];
    rows[*n] = (struct flow_right){.resource = right->resource, .action = right->action};
    return &rows[(*n)++];
}

static int by_name(const void *a, const void *b)
{
    const struct flow_right *left = a, *right = b;
    int order = str_cmp(left->resource, right->resource);
    return order ? order : str_cmp(left->action, right->action);
}

int flow_right_list(const struct flow *flow, const struct flow_actor *actor, struct arena *arena,
                    struct flow_list *ret_list, struct err *err)
{
    if (flow_may(flow, actor, "role", "list", err) < 0)
        return -1;
    struct json_list all = store_rights(flow->store);
    struct flow_right *rows = arena_array(arena, all.n, sizeof *rows);
    size_t n = 0;
    for (size_t i = 0; i < all.n; i++) {
        const struct store_right *right = (const struct store_right *)all.items + i;
        struct str *column = column_of(row_of(rows, &n, right), right->role);
        if (column)
            *column = right->ownership == STORE_ANY ? STR("any") : STR("own");
    }
    qsort(rows, n, sizeof *rows, by_name);
    *ret_list = (struct flow_list){{rows, n}, STR_NONE};
    return 0;
}
