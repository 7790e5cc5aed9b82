/* Domains whose people may sign up; see flow/sign_up.h. */
#include "flow/common.h"
#include "flow/idempotency.h"
#include "flow/sign_up/joining.h"
#include "store/sign_in/sign_up.h"

#define RESOURCE "sign_up_domain"

int flow_joining_domain(struct str typed, struct arena *arena, struct str *ret_domain, struct err *err)
{
    struct str domain = str_lower(arena, str_trim(typed));
    if (!contact_domain_valid(domain) || !contact_domain_known(domain) || !contact_domain_site(domain, arena).p)
        return err_field(err, ERR_INVALID, "/domain", "a domain like example.com");
    if (contact_domain_free_mail(domain))
        return err_field(err, ERR_INVALID, "/domain", "anybody can have a mailbox there");
    *ret_domain = domain;
    return 0;
}

static struct flow_sign_up_domain domain_of(const struct flow *flow, const struct flow_actor *actor,
                                            const struct store_sign_up_domain *row, struct arena *arena)
{
    return (struct flow_sign_up_domain){
        .id = flow_id_text(&row->id, arena),
        .domain = row->domain,
        .role = str_word(row->role, flow_role_words),
        .sign_up_url = str_printf(arena, "%s/sign-up/%s", flow->public_url ? flow->public_url : "", actor->org.s),
        .created_at = flow_time_text(row->created_at, arena),
    };
}

int flow_sign_up_domain_list(const struct flow *flow, const struct flow_actor *actor, struct arena *arena,
                             struct flow_list *ret_list, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct json_list rows;
    if (flow_may(flow, actor, RESOURCE, "list", err) < 0 || flow_begin(flow, actor, &tx, err) < 0 ||
        store_sign_up_domain_list(tx, arena, &rows, err) < 0)
        return -1;
    struct flow_sign_up_domain *items = arena_array(arena, rows.n, sizeof *items);
    for (size_t i = 0; i < rows.n; i++)
        items[i] = domain_of(flow, actor, (const struct store_sign_up_domain *)rows.items + i, arena);
    *ret_list = (struct flow_list){{items, rows.n}, STR_NONE};
    return 0;
}

int flow_sign_up_domain_create(const struct flow *flow, const struct flow_actor *actor,
                               const struct flow_sign_up_domain_new *input, struct arena *arena,
                               struct flow_sign_up_domain *ret_domain, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_sign_up_domain row;
    struct json_list others;
    struct id id;
    struct flow_deed deed = {.action = "sign_up_domain.create", .kind = "sign_up_domain", .subject = &id};
    if (flow_may(flow, actor, RESOURCE, "create", err) < 0 ||
        flow_joining_domain(input->domain, arena, &row.domain, err) < 0 ||
        flow_joining_role(input->role, &row.role, err) < 0 || flow_begin(flow, actor, &tx, err) < 0 ||
        store_sign_up_domain_list(tx, arena, &others, err) < 0)
        return -1;
    if (others.n >= FLOW_SIGN_UP_DOMAINS)
        return err_set(err, ERR_CONFLICT, "at most %d", FLOW_SIGN_UP_DOMAINS);
    if (store_sign_up_domain_add(tx, &row, &actor->user, &id, err) < 0 ||
        store_sign_up_domain_get(tx, &id, arena, &row, err) < 0)
        return -1;
    struct flow_sign_up_domain fresh = domain_of(flow, actor, &row, arena);
    struct flow_idempotency_answer answer = {.status = 201,
                                             .body = json_write(&flow_sign_up_domain_shape, &fresh, arena),
                                             .location = str_printf(arena, "/v1/sign-up-domains/%s", id.s)};
    deed.note = str_z(arena, row.role);
    flow_tell(tx, actor, &deed);
    if (flow_once(tx, actor, &answer, err) < 0 || store_commit(&tx, err) < 0)
        return -1;
    *ret_domain = fresh;
    return 0;
}

int flow_sign_up_domain_delete(const struct flow *flow, const struct flow_actor *actor, struct id domain,
                               struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct flow_deed deed = {.action = "sign_up_domain.delete", .kind = "sign_up_domain", .subject = &domain};
    if (flow_may(flow, actor, RESOURCE, "delete", err) < 0 || flow_begin(flow, actor, &tx, err) < 0 ||
        store_sign_up_domain_drop(tx, &domain, err) < 0)
        return -1;
    flow_tell(tx, actor, &deed);
    return store_commit(&tx, err);
}
