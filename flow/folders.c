/* Lists: folders of contacts, who owns them and who may look or edit; see people.h. */
#include "base/limits.h"
#include "flow/common.h"
#include "flow/idempotency.h"
#include "flow/people.h"
#include "store/list.h"
#include "store/people.h"

static struct flow_folder folder_of(const struct store_list *row, struct arena *arena)
{
    struct flow_list_member *members = arena_array(arena, row->members.n, sizeof *members);
    for (size_t i = 0; i < row->members.n; i++) {
        const struct store_list_member *member = (const struct store_list_member *)row->members.items + i;
        members[i] =
            (struct flow_list_member){flow_id_text(&member->user, arena), str_eq(member->role, STR("editor")) ? 0 : 1};
    }
    return (struct flow_folder){
        .id = flow_id_text(&row->id, arena),
        .name = row->name,
        .owner_id = flow_id_text(&row->owner, arena),
        .contacts = row->contacts,
        .members = {members, row->members.n},
        .created_at = flow_time_text(row->created_at, arena),
        .version = row->version,
    };
}

int flow_folder_list(const struct flow *flow, const struct flow_actor *actor, struct arena *arena,
                     struct flow_list *ret_list, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct json_list rows;
    if (flow_begin(flow, actor, &tx, err) < 0 || store_list_all(tx, flow_only(actor), arena, &rows, err) < 0)
        return -1;
    struct flow_folder *items = arena_array(arena, rows.n, sizeof *items);
    for (size_t i = 0; i < rows.n; i++)
        items[i] = folder_of((const struct store_list *)rows.items + i, arena);
    *ret_list = (struct flow_list){{items, rows.n}, STR_NONE};
    return 0;
}

static int folder_fresh(struct store_tx *tx, const struct id *id, struct arena *arena, struct flow_folder *ret_folder,
                        struct err *err)
{
    struct store_list row;
    if (store_list_get(tx, id, arena, &row, err) < 0)
        return -1;
    *ret_folder = folder_of(&row, arena);
    return 0;
}

int flow_folder_get(const struct flow *flow, const struct flow_actor *actor, struct id list, struct arena *arena,
                    struct flow_folder *ret_folder, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    if (flow_begin(flow, actor, &tx, err) < 0 || flow_reach(tx, actor, &list, false, err) < 0)
        return -1;
    return folder_fresh(tx, &list, arena, ret_folder, err);
}

/* Members are users of the organisation, each once, and not the owner. */
static int folder_members(struct store_tx *tx, const struct flow_folder_input *input, struct arena *arena,
                          struct json_list *ret_members, struct err *err)
{
    struct store_list_member *members = arena_array(arena, input->members.n, sizeof *members);
    const struct flow_list_member *given = input->members.items;
    struct store_user user;
    for (size_t i = 0; i < input->members.n; i++) {
        const char *pointer = str_z(arena, str_printf(arena, "/members/%zu/user_id", i));
        if (flow_id_read(given[i].user_id, pointer, &members[i].user, err) < 0)
            return -1;
        if (store_user_get(tx, &members[i].user, arena, &user, err) < 0)
            return err->code == ERR_NOT_FOUND ? err_field(err, ERR_INVALID, pointer, "no such user") : -1;
        for (size_t k = 0; k < i; k++)
            if (id_eq(&members[k].user, &members[i].user))
                return err_field(err, ERR_INVALID, pointer, "named twice");
        members[i].role = str_c(flow_list_right_words[given[i].right]);
    }
    *ret_members = (struct json_list){members, input->members.n};
    return 0;
}

int flow_folder_create(const struct flow *flow, const struct flow_actor *actor, const struct flow_folder_input *input,
                       struct arena *arena, struct flow_folder *ret_folder, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_list row;
    struct flow_folder fresh;
    struct json_list members;
    struct id id;
    struct flow_deed deed = {.action = "list.create", .kind = "list", .subject = &id};
    if (str_empty(str_trim(input->name)))
        return err_field(err, ERR_INVALID, "/name", "this field is required");
    if (flow_begin(flow, actor, &tx, err) < 0 || folder_members(tx, input, arena, &members, err) < 0 ||
        store_list_add(tx, &actor->user, str_trim(input->name), &id, err) < 0 ||
        store_list_get(tx, &id, arena, &row, err) < 0)
        return -1;
    row.members = members;
    if ((members.n && store_list_save(tx, &row, err) < 0) || folder_fresh(tx, &id, arena, &fresh, err) < 0)
        return -1;
    struct flow_idempotency_answer answer = {.status = 201,
                                             .location = str_printf(arena, "/v1/lists/%s", id.s),
                                             .body = json_write(&flow_folder_shape, &fresh, arena)};
    flow_tell(tx, actor, &deed);
    if (flow_once(tx, actor, &answer, err) < 0 || store_commit(&tx, err) < 0)
        return -1;
    *ret_folder = fresh;
    return 0;
}

/* Only owners and administrators decide about a list itself. */
static int folder_own(struct store_tx *tx, const struct flow_actor *actor, const struct id *list, struct arena *arena,
                      struct store_list *ret_row, struct err *err)
{
    if (flow_reach(tx, actor, list, false, err) < 0 || store_list_get(tx, list, arena, ret_row, err) < 0)
        return -1;
    if (!actor->any && !id_eq(&ret_row->owner, &actor->user))
        return err_set(err, ERR_FORBIDDEN, "the owner of the list only");
    return 0;
}

int flow_folder_patch(const struct flow *flow, const struct flow_actor *actor, const struct flow_folder_patch *patch,
                      struct arena *arena, struct flow_folder *ret_folder, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_list row;
    struct flow_deed deed = {.action = "list.update", .kind = "list", .subject = &patch->list};
    if (patch->input.name.p && str_empty(str_trim(patch->input.name)))
        return err_field(err, ERR_INVALID, "/name", "this field is required");
    if (flow_begin(flow, actor, &tx, err) < 0 || folder_own(tx, actor, &patch->list, arena, &row, err) < 0 ||
        (patch->members && folder_members(tx, &patch->input, arena, &row.members, err) < 0))
        return -1;
    row.version = patch->version;
    if (patch->input.name.p)
        row.name = str_trim(patch->input.name);
    if (store_list_save(tx, &row, err) < 0 || folder_fresh(tx, &patch->list, arena, ret_folder, err) < 0)
        return -1;
    flow_tell(tx, actor, &deed);
    return store_commit(&tx, err);
}

int flow_folder_delete(const struct flow *flow, const struct flow_actor *actor, struct id list, int64_t version,
                       struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct store_list row;
    struct flow_deed deed = {.action = "list.delete", .kind = "list", .subject = &list};
    if (flow_begin(flow, actor, &tx, err) < 0 || folder_own(tx, actor, &list, arena, &row, err) < 0 ||
        store_list_delete(tx, &list, version, err) < 0)
        return -1;
    flow_tell(tx, actor, &deed);
    return store_commit(&tx, err);
}
