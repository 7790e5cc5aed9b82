/* Organisations, users and what they may; see people.h. */
#include "flow/people.h"

#include "base/limits.h"
#include "contact/email.h"
#include "flow/audit/audit.h"
#include "flow/common.h"
#include "flow/crm/book.h"
#include "flow/idempotency.h"
#include "flow/sign_in/password.h"
#include "store/connection.h"
#include "store/people.h"

int flow_org_create(const struct flow *flow, struct str name, struct id *ret_org, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_connection book = {
        .kind = STR(FLOW_BOOK_KIND),
        .name = STR("Kartei"),
        .settings = STR("{}"),
        .secret = STR("{}"),
        .policy = STR("confirm"),
    };
    struct id org, id;
    if (str_empty(str_trim(name)))
        return err_field(err, ERR_INVALID, "/name", "this field is required");
    if (store_org_create(flow->store, name, &org, err) < 0 || store_begin(flow->store, &org, &tx, err) < 0 ||
        store_connection_add(tx, &book, &id, err) < 0 || store_connection_health(tx, &id, "ok", NULL, NULL, err) < 0 ||
        store_connection_cursor(tx, &id, STR_NONE, true, err) < 0 || store_commit(&tx, err) < 0)
        return -1;
    *ret_org = org;
    return 0;
}

static int org_of(const struct flow *flow, const struct id *id, struct arena *arena, struct flow_org *ret_org,
                  struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    if (store_begin(flow->store, id, &tx, err) < 0 || store_org_name(tx, arena, &ret_org->name, err) < 0)
        return -1;
    ret_org->id = flow_id_text(id, arena);
    return 0;
}

int flow_org_list(const struct flow *flow, struct arena *arena, struct flow_list *ret_list, struct err *err)
{
    struct json_list ids;
    if (store_orgs(flow->store, arena, &ids, err) < 0)
        return -1;
    struct flow_org *items = arena_array(arena, ids.n, sizeof *items);
    for (size_t i = 0; i < ids.n; i++)
        if (org_of(flow, (const struct id *)ids.items + i, arena, &items[i], err) < 0)
            return -1;
    *ret_list = (struct flow_list){{items, ids.n}, STR_NONE};
    return 0;
}

static struct flow_user user_of(const struct store_user *row, struct arena *arena)
{
    return (struct flow_user){
        .id = flow_id_text(&row->id, arena),
        .email = row->email,
        .name = row->name,
        .role = str_word(row->role, flow_role_words),
        .state = str_word(row->state, flow_user_words),
        .language = row->language,
        .theme = row->theme,
        .created_at = flow_time_text(row->created_at, arena),
        .version = row->version,
    };
}

int flow_user_list(const struct flow *flow, const struct flow_actor *actor, struct arena *arena,
                   struct flow_list *ret_list, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct json_list rows;
    if (flow_begin(flow, actor, &tx, err) < 0 || store_user_list(tx, arena, &rows, err) < 0)
        return -1;
    struct flow_user *items = arena_array(arena, rows.n, sizeof *items);
    for (size_t i = 0; i < rows.n; i++) {
        const struct store_user *row = (const struct store_user *)rows.items + i;
        items[i] = user_of(row, arena);
        flow_read(actor, "user", &row->id);
    }
    *ret_list = (struct flow_list){{items, rows.n}, STR_NONE};
    return 0;
}

int flow_colleague_list(const struct flow *flow, const struct flow_actor *actor, struct arena *arena,
                        struct flow_list *ret_list, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct json_list rows;
    if (flow_may(flow, actor, "colleague", "list", err) < 0 || flow_begin(flow, actor, &tx, err) < 0 ||
        store_user_colleagues(tx, arena, &rows, err) < 0)
        return -1;
    struct flow_colleague *items = arena_array(arena, rows.n, sizeof *items);
    for (size_t i = 0; i < rows.n; i++) {
        const struct store_user *user = (const struct store_user *)rows.items + i;
        items[i] = (struct flow_colleague){flow_id_text(&user->id, arena), user->name};
    }
    *ret_list = (struct flow_list){{items, rows.n}, STR_NONE};
    return 0;
}

static int user_language(struct str language, struct str *ret_language, struct err *err)
{
    if (language.p && !str_eq(language, STR("de")) && !str_eq(language, STR("en")))
        return err_field(err, ERR_INVALID, "/language", "de or en");
    if (language.p)
        *ret_language = language;
    return 0;
}

/* Support comes in by a grant, which says why and until when. */
static int role_check(int role, struct err *err)
{
    return role == FLOW_ROLE_SUPPORT ? err_field(err, ERR_INVALID, "/role", "support is let in by a support grant") : 0;
}

static int user_new(const struct flow_user_new *input, struct arena *arena, struct store_user *ret_user,
                    struct err *err)
{
    struct contact_email email;
    struct store_user user = {.name = str_trim(input->name),
                              .language = STR("de"),
                              .theme = STR("system"),
                              .role = str_c(flow_role_words[input->role < 0 ? FLOW_ROLE_USER : input->role]),
                              .state = STR("active")};
    if (!contact_email_parse(str_trim(input->email), arena, &email))
        return err_field(err, ERR_INVALID, "/email", "an e-mail address is expected");
    user.email = email.address;
    if (str_empty(user.name))
        return err_field(err, ERR_INVALID, "/name", "this field is required");
    if (role_check(input->role, err) < 0 || user_language(input->language, &user.language, err) < 0)
        return -1;
    *ret_user = user;
    return 0;
}

int flow_user_create(const struct flow *flow, const struct flow_actor *actor, const struct flow_user_new *input,
                     struct arena *arena, struct flow_user *ret_user, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_user row;
    struct id id;
    struct flow_deed deed = {.action = "user.create", .kind = "user", .subject = &id};
    if (flow_may(flow, actor, "user", "create", err) < 0 || user_new(input, arena, &row, err) < 0 ||
        flow_begin(flow, actor, &tx, err) < 0 || flow_password_set(tx, &row, input->password, arena, err) < 0 ||
        store_user_add(tx, &row, &id, err) < 0 || store_user_get(tx, &id, arena, &row, err) < 0)
        return -1;
    struct flow_user fresh = user_of(&row, arena);
    struct flow_idempotency_answer answer = {.status = 201, .body = json_write(&flow_user_shape, &fresh, arena)};
    answer.location = str_printf(arena, "/v1/users/%s", id.s);
    flow_tell(tx, actor, &deed);
    if (flow_once(tx, actor, &answer, err) < 0 || store_commit(&tx, err) < 0)
        return -1;
    *ret_user = fresh;
    return 0;
}

static bool leads(const struct store_user *user)
{
    return str_eq(user->role, str_c(flow_role_words[FLOW_ROLE_ADMIN])) && str_eq(user->state, STR("active"));
}

/* An organisation keeps an administrator who can sign in. `before` and `after`: the same user. */
static int admin_left(struct store_tx *tx, const struct store_user *before, const struct store_user *after,
                      struct err *err)
{
    int others;
    if (!leads(before) || leads(after))
        return 0;
    if (store_user_admins(tx, &after->id, &others, err) < 0)
        return -1;
    return others ? 0 : err_set(err, ERR_CONFLICT, "the last administrator");
}

static int user_change(const struct flow_user_change *change, struct store_user *user, struct err *err)
{
    if (change->name.p && str_empty(str_trim(change->name)))
        return err_field(err, ERR_INVALID, "/name", "this field is required");
    if (role_check(change->role, err) < 0)
        return -1;
    if (change->name.p)
        user->name = str_trim(change->name);
    if (change->role >= 0 && !str_eq(user->role, str_c(flow_role_words[change->role]))) {
        if (str_eq(user->role, str_c(flow_role_words[FLOW_ROLE_SUPPORT])))
            return role_check(FLOW_ROLE_SUPPORT, err);
        user->role = str_c(flow_role_words[change->role]);
    }
    if (change->state >= 0)
        user->state = str_c(flow_user_words[change->state]);
    return user_language(change->language, &user->language, err);
}

int flow_user_patch(const struct flow *flow, const struct flow_actor *actor, const struct flow_user_patch *patch,
                    struct arena *arena, struct flow_user *ret_user, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_user row, before;
    struct flow_deed deed = {.action = "user.update", .kind = "user", .subject = &patch->user};
    if (flow_may(flow, actor, "user", "update", err) < 0 || flow_begin(flow, actor, &tx, err) < 0 ||
        store_user_get(tx, &patch->user, arena, &before, err) < 0)
        return -1;
    if (id_eq(&patch->user, &actor->user))
        store_act_as(tx, NULL, NULL);
    row = before;
    row.version = patch->version;
    if (user_change(&patch->change, &row, err) < 0 ||
        flow_password_set(tx, &row, patch->change.password, arena, err) < 0 || admin_left(tx, &before, &row, err) < 0 ||
        store_user_save(tx, &row, err) < 0 || store_user_get(tx, &patch->user, arena, &row, err) < 0)
        return -1;
    *ret_user = user_of(&row, arena);
    flow_tell(tx, actor, &deed);
    return store_commit(&tx, err);
}
