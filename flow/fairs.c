/* See fairs.h. */
#include "flow/fairs.h"

#include "flow/common.h"
#include "flow/idempotency.h"
#include "store/fair.h"

enum { OPEN, CLOSED };

static struct flow_fair fair_of(const struct store_fair *row, struct arena *arena)
{
    return (struct flow_fair){
        .id = flow_id_text(&row->id, arena),
        .name = row->name,
        .tag = row->tag,
        .list_id = flow_id_text(&row->list, arena),
        .legal_basis = str_word(row->legal_basis, flow_legal_basis_words),
        .created_by = flow_id_text(&row->created_by, arena),
        .created_at = flow_time_text(row->created_at, arena),
        .state = row->closed_at ? CLOSED : OPEN,
        .contacts = row->contacts,
        .version = row->version,
    };
}

int flow_fair_list(const struct flow *flow, const struct flow_actor *actor, struct arena *arena,
                   struct flow_list *ret_list, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct json_list rows;
    if (flow_begin(flow, actor, &tx, err) < 0 || store_fair_list(tx, flow_only(actor), arena, &rows, err) < 0)
        return -1;
    struct flow_fair *items = arena_array(arena, rows.n, sizeof *items);
    for (size_t i = 0; i < rows.n; i++)
        items[i] = fair_of((const struct store_fair *)rows.items + i, arena);
    *ret_list = (struct flow_list){{items, rows.n}, STR_NONE};
    return 0;
}

static int fair_fresh(struct store_tx *tx, const struct id *id, struct arena *arena, struct flow_fair *ret_fair,
                      struct err *err)
{
    struct store_fair row;
    if (store_fair_get(tx, id, arena, &row, err) < 0)
        return -1;
    *ret_fair = fair_of(&row, arena);
    return 0;
}

/* What the input says goes into the row; the rest of it stays. A list must be one that the actor may fill. */
static int fair_take(struct store_tx *tx, const struct flow_actor *actor, const struct flow_fair_input *input,
                     struct store_fair *row, struct err *err)
{
    struct str name = str_trim(input->name), tag = str_trim(input->tag);
    if (input->name.p)
        row->name = name;
    if (str_empty(row->name))
        return err_field(err, ERR_INVALID, "/name", "this field is required");
    if (input->tag.p)
        row->tag = str_empty(tag) ? STR_NONE : tag;
    if (input->legal_basis >= 0)
        row->legal_basis = str_c(flow_legal_basis_words[input->legal_basis]);
    if (input->state >= 0)
        row->closed_at = input->state == CLOSED;
    if (input->list_id.p && str_empty(input->list_id))
        row->list = (struct id){""};
    else if (input->list_id.p && (flow_id_read(input->list_id, "/list_id", &row->list, err) < 0 ||
                                  flow_reach(tx, actor, &row->list, true, err) < 0))
        return -1;
    return 0;
}

int flow_fair_create(const struct flow *flow, const struct flow_actor *actor, const struct flow_fair_input *input,
                     struct arena *arena, struct flow_fair *ret_fair, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_fair row = {.created_by = actor->user};
    struct flow_fair fresh;
    struct id id;
    struct flow_deed deed = {.action = "fair.create", .kind = "fair", .subject = &id};
    if (input->legal_basis < 0)
        return err_field(err, ERR_INVALID, "/legal_basis", "this field is required");
    if (flow_begin(flow, actor, &tx, err) < 0 || fair_take(tx, actor, input, &row, err) < 0 ||
        store_fair_add(tx, &row, &id, err) < 0 || fair_fresh(tx, &id, arena, &fresh, err) < 0)
        return -1;
    struct flow_idempotency_answer answer = {.status = 201,
                                             .location = str_printf(arena, "/v1/fairs/%s", id.s),
                                             .body = json_write(&flow_fair_shape, &fresh, arena)};
    flow_tell(tx, actor, &deed);
    if (flow_once(tx, actor, &answer, err) < 0 || store_commit(&tx, err) < 0)
        return -1;
    *ret_fair = fresh;
    return 0;
}

/* The fair, if the actor may change it: whoever made it, or who reaches everything. What one does not reach is not
 * there. */
static int fair_own(struct store_tx *tx, const struct flow_actor *actor, const struct id *id, struct arena *arena,
                    struct store_fair *ret_row, struct err *err)
{
    if (store_fair_get(tx, id, arena, ret_row, err) < 0 ||
        (!id_none(&ret_row->list) && flow_reach(tx, actor, &ret_row->list, false, err) < 0))
        return -1;
    if (!actor->any && !id_eq(&ret_row->created_by, &actor->user))
        return err_set(err, ERR_FORBIDDEN, "who made the fair only");
    return 0;
}

int flow_fair_change(const struct flow *flow, const struct flow_actor *actor, const struct flow_fair_patch *patch,
                     struct arena *arena, struct flow_fair *ret_fair, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_fair row;
    struct flow_deed deed = {.action = "fair.update", .kind = "fair", .subject = &patch->fair};
    if (flow_begin(flow, actor, &tx, err) < 0 || fair_own(tx, actor, &patch->fair, arena, &row, err) < 0 ||
        fair_take(tx, actor, &patch->input, &row, err) < 0)
        return -1;
    row.version = patch->version;
    if (store_fair_save(tx, &row, err) < 0 || fair_fresh(tx, &patch->fair, arena, ret_fair, err) < 0)
        return -1;
    flow_tell(tx, actor, &deed);
    return store_commit(&tx, err);
}
