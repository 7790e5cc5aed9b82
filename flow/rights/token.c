/* See flow/token.h. */
#include "flow/token.h"

#include "base/clock.h"
#include "base/limits.h"
#include "flow/audit/audit.h"
#include "store/rights/token.h"

enum {
    RANDOM_BYTES = 32,
    DAY_MS = 24 * 3600 * 1000,
    USED_EVERY_MS = 60 * 1000, /* a busy program is no reason to write with each of its requests */
    MOST_SCOPES = 32,
};

/* ---- The form ---- */

/* CRC-32 of ISO 3309, as zlib has it. */
static uint32_t crc32_of(struct str text)
{
    uint32_t crc = 0xffffffffU;
    for (size_t i = 0; i < text.n; i++) {
        crc ^= (unsigned char)text.p[i];
        for (int bit = 0; bit < 8; bit++)
            crc = (crc >> 1) ^ (0xedb88320U & (0U - (crc & 1U)));
    }
    return ~crc;
}

static struct str token_new(struct arena *arena)
{
    char bytes[RANDOM_BYTES];
    crypto_random(bytes, sizeof bytes);
    struct str digits = crypto_hex((struct str){bytes, sizeof bytes}, arena);
    crypto_wipe(bytes, sizeof bytes);
    return str_printf(arena, FLOW_TOKEN_PREFIX "%.*s_%08x", STR_ARG(digits), crc32_of(digits));
}

static bool token_sound(struct str token)
{
    const size_t prefix = sizeof FLOW_TOKEN_PREFIX - 1, digits = 2 * (size_t)RANDOM_BYTES;
    char sum[10];
    if (token.n != prefix + digits + 9 || !str_starts(token, STR(FLOW_TOKEN_PREFIX)))
        return false;
    (void)snprintf(sum, sizeof sum, "_%08x", crc32_of(str_slice(token, prefix, prefix + digits)));
    return str_ends(token, str_c(sum));
}

/* ---- As a resource ---- */

static struct json_list scopes_of(struct str scopes, struct arena *arena)
{
    struct str *items = arena_array(arena, MOST_SCOPES, sizeof *items), word;
    size_t n = 0;
    while (n < MOST_SCOPES && scopes.n && str_split(&scopes, ' ', &word))
        items[n++] = word;
    return (struct json_list){items, n};
}

static struct flow_token token_of(const struct store_token *row, int64_t now, struct arena *arena)
{
    return (struct flow_token){
        .id = flow_id_text(&row->id, arena),
        .name = row->name,
        .user_id = flow_id_text(&row->user, arena),
        .scopes = scopes_of(row->scopes, arena),
        .state = row->ended_at            ? 2
                 : row->expires_at <= now ? 1
                                          : 0,
        .created_at = flow_time_text(row->created_at, arena),
        .expires_at = flow_time_text(row->expires_at, arena),
        .used_at = flow_time_text(row->used_at, arena),
        .used_from = row->used_from,
    };
}

static int token_fresh(struct store_tx *tx, const struct id *id, struct arena *arena, struct flow_token *ret_token,
                       struct err *err)
{
    struct store_token row;
    struct store_user user;
    if (store_token_get(tx, id, arena, &row, err) < 0 || store_user_get(tx, &row.user, arena, &user, err) < 0)
        return -1;
    *ret_token = token_of(&row, store_tx_now(tx), arena);
    ret_token->user_name = user.name;
    return 0;
}

/* ---- Use cases ---- */

static int check_new(const struct flow_token_new *input, struct arena *arena, struct store_token *row, struct err *err)
{
    struct strbuf scopes = {.arena = arena};
    const struct str *words = input->scopes.items;
    if (str_empty(str_trim(input->name)))
        return err_field(err, ERR_INVALID, "/name", "this field is required");
    if (input->days < 1 || input->days > FLOW_TOKEN_DAYS)
        return err_field(err, ERR_INVALID, "/days", "1 to %d", FLOW_TOKEN_DAYS);
    if (input->scopes.n == 0 || input->scopes.n > MOST_SCOPES)
        return err_field(err, ERR_INVALID, "/scopes", "one at least");
    for (size_t i = 0; i < input->scopes.n; i++)
        strbuf_printf(&scopes, "%s%.*s", i ? " " : "", STR_ARG(words[i]));
    row->name = str_trim(input->name);
    row->scopes = strbuf_str(&scopes);
    return 0;
}

int flow_token_create(const struct flow *flow, const struct flow_actor *actor, const struct flow_token_new *input,
                      struct arena *arena, struct flow_token *ret_token, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_token row = {.user = actor->user};
    struct id id;
    struct flow_deed deed = {.action = "token.create", .kind = "token", .subject = &id};
    struct str token = token_new(arena);
    if (flow_may(flow, actor, "token", "create", err) < 0 || check_new(input, arena, &row, err) < 0 ||
        flow_begin(flow, actor, &tx, err) < 0 || store_token_add(tx, &row, token, input->days * DAY_MS, &id, err) < 0 ||
        token_fresh(tx, &id, arena, ret_token, err) < 0)
        return -1;
    deed.note = str_z(arena, str_printf(arena, "scopes=%.*s", STR_ARG(row.scopes)));
    flow_tell(tx, actor, &deed);
    if (store_commit(&tx, err) < 0)
        return -1;
    ret_token->token = token;
    return 0;
}

int flow_token_list(const struct flow *flow, const struct flow_actor *actor, struct arena *arena,
                    struct flow_list *ret_list, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct json_list rows, users;
    if (flow_may(flow, actor, "token", "list", err) < 0 || flow_begin(flow, actor, &tx, err) < 0 ||
        store_token_list(tx, flow_only(actor), arena, &rows, err) < 0 || store_user_list(tx, arena, &users, err) < 0)
        return -1;
    struct flow_token *items = arena_array(arena, rows.n, sizeof *items);
    for (size_t i = 0; i < rows.n; i++) {
        const struct store_token *row = (const struct store_token *)rows.items + i;
        items[i] = token_of(row, store_tx_now(tx), arena);
        items[i].user_name = flow_user_name(&users, &row->user);
    }
    *ret_list = (struct flow_list){{items, rows.n}, STR_NONE};
    return 0;
}

int flow_token_revoke(const struct flow *flow, const struct flow_actor *actor, struct id token, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct store_token row;
    struct flow_deed deed = {.action = "token.revoke", .kind = "token", .subject = &token};
    if (flow_may(flow, actor, "token", "revoke", err) < 0 || flow_begin(flow, actor, &tx, err) < 0 ||
        store_token_get(tx, &token, arena, &row, err) < 0)
        return -1;
    if (!actor->any && !id_eq(&row.user, &actor->user))
        return err_set(err, ERR_NOT_FOUND, "token");
    if (store_token_end(tx, &token, err) < 0)
        return -1;
    flow_tell(tx, actor, &deed);
    return store_commit(&tx, err);
}

int flow_token_give_back(const struct flow *flow, struct str token, struct err *err)
{
    struct flow_actor holder = {.language = "en"};
    struct id id;
    struct flow_deed deed = {.action = "token.revoke", .kind = "token", .subject = &id, .note = "by its holder"};
    if (!token_sound(token))
        return 0;
    if (store_token_give_back(flow->store, token, &holder.org, &id, &holder.user, err) < 0)
        return -1;
    if (id_none(&holder.org))
        return 0;
    holder.origin.token = id;
    return flow_audit(flow, &holder, &deed, err);
}

/* ---- Who comes with one ---- */

static int note_use(const struct flow *flow, const struct store_bearer *row, struct str address, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    if (row->used_at + USED_EVERY_MS > clock_now_ms())
        return 0;
    if (store_begin(flow->store, &row->org, &tx, err) < 0)
        return -1;
    return store_token_used(tx, &row->token, address, err) < 0 ? -1 : store_commit(&tx, err);
}

int flow_bearer_find(const struct flow *flow, struct str token, struct str address, struct arena *arena,
                     struct flow_bearer *ret_bearer, struct err *err)
{
    struct store_bearer row;
    if (!token_sound(token))
        return err_set(err, ERR_INVALID_TOKEN, "%s", "");
    if (store_token_find(flow->store, token, arena, &row, err) < 0)
        return err->code == ERR_UNAUTHENTICATED ? err_set(err, ERR_INVALID_TOKEN, "%s", "") : -1;
    if (note_use(flow, &row, address, err) < 0)
        return -1;
    const struct store_user *user = &row.user;
    *ret_bearer = (struct flow_bearer){.who = {.actor = {.org = row.org,
                                                         .user = user->id,
                                                         .role = str_z(arena, user->role),
                                                         .language = flow_language(user->language),
                                                         .origin = {.token = row.token, .address = address}},
                                               .session = {.user = flow_session_user_of(user, arena),
                                                           .org = {.id = flow_id_text(&row.org, arena)},
                                                           .expires_at = flow_time_text(row.expires_at, arena)}},
                                       .scopes = row.scopes};
    return 0;
}
