/* Tryton's JSON-RPC: sessions, calls, and what its answers mean. Application errors come as HTTP 200 with an array
 * [class, details] in `error`; trytond/exceptions.py and protocols/dispatcher.py are the reference. */
#include "base/crypto.h"
#include "crm-connectors/fault.h"
#include "crm-connectors/tryton/tryton.h"

static struct str member(struct str json, const char *name, struct arena *arena)
{
    struct err err;
    struct str value = STR_NONE;
    if (str_empty(json) || json_member(json, name, arena, &value, &err) < 0)
        return STR_NONE;
    return value;
}

static struct str setting(struct str json, const char *name, struct arena *arena)
{
    struct str value = member(json, name, arena);
    return value.p ? json_unquote(value, arena) : STR_NONE;
}

static bool plain_name(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= 'A' && s.p[i] <= 'Z') ||
              (s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '_' || s.p[i] == '-'))
            return false;
    return s.n > 0 && s.n <= 64;
}

int crm_tryton_open(struct crm_lent *lent, struct arena *arena, struct crm_tryton_door *ret_door, struct err *err)
{
    struct crm_tryton_door door = {.lent = lent, .arena = arena};
    struct str url = setting(lent->settings, "url", arena), database = setting(lent->settings, "database", arena);
    door.user = setting(lent->settings, "user", arena);
    door.password = setting(lent->secret, "password", arena);
    if (str_empty(url) || str_find(url, STR("?"), 0) >= 0)
        return err_field(err, ERR_INVALID, "/settings/url", "the address of the server");
    if (!plain_name(database))
        return err_field(err, ERR_INVALID, "/settings/database", "the name of the database");
    if (str_empty(door.user) || str_find(door.user, STR(":"), 0) >= 0)
        return err_field(err, ERR_INVALID, "/settings/user", "the user name");
    if (!door.password.p)
        return err_field(err, ERR_INVALID, "/secret/password", "the password");
    const char *slash = str_ends(url, STR("/")) ? "" : "/";
    door.url = str_printf(arena, "%.*s%s%.*s/", STR_ARG(url), slash, STR_ARG(database));
    *ret_door = door;
    return 0;
}

/* One POST: 1 with the answer, 0 with a result, -1 with an error. */
static int post(const struct crm_tryton_door *door, const struct crm_tryton_ask *ask, struct crm_answer *ret_answer,
                struct crm_result *ret_result, struct err *err)
{
    struct crm_header headers[2] = {{STR("Content-Type"), STR("application/json")}};
    size_t n = 1;
    if (door->lent->session.p) {
        struct str pair = str_printf(door->arena, "%.*s:%.*s", STR_ARG(door->user), STR_ARG(door->lent->session));
        struct str code = crypto_base64(pair, door->arena);
        headers[n++] =
            (struct crm_header){STR("Authorization"), str_printf(door->arena, "Session %.*s", STR_ARG(code))};
    }
    const struct crm_request request = {
        .method = "POST",
        .url = door->url,
        .headers = {headers, n},
        .body =
            str_printf(door->arena, "{\"id\":1,\"method\":\"%s\",\"params\":%.*s}", ask->method, STR_ARG(ask->params)),
        .changes = ask->changes,
    };
    struct err failure = {0};
    if (crm_http_send(door->lent->http, &request, door->arena, ret_answer, &failure) == 0)
        return 1;
    return crm_fault_transport(&failure, ask->changes, ret_result, err);
}

static void status_fault(const struct crm_tryton_door *door, const struct crm_answer *answer, bool changes,
                         struct crm_result *ret)
{
    crm_fault_status(answer, changes, door->lent->now_ms, ret);
    if (ret->outcome == CRM_GONE) { /* the database, not a record */
        ret->outcome = CRM_REJECTED;
        ret->sentence = STR("There is no such database at this address.");
    } else if (ret->outcome == CRM_REJECTED) {
        ret->sentence = str_printf(door->arena, "HTTP %d", answer->status);
    }
}

/* First text in ["UserError",["text","details",null]] or ["Class","text"]. */
static struct str error_text(struct str details, struct arena *arena)
{
    struct json_list items;
    struct err err;
    struct str text = json_unquote(details, arena);
    if (!text.p && json_items(details, arena, &items, &err) == 0 && items.n > 0)
        text = json_unquote(((const struct str *)items.items)[0], arena);
    return crm_fault_sentence(text, arena);
}

/* A warning asks the person whether to go on: its first text is a name, the second is for people. */
static struct str warning_text(struct str details, struct arena *arena)
{
    struct json_list items;
    struct err err;
    if (json_items(details, arena, &items, &err) < 0 || items.n < 2)
        return STR_NONE;
    return crm_fault_sentence(json_unquote(((const struct str *)items.items)[1], arena), arena);
}

/* What `error` of an answer with status 200 says. Only Tryton's own classes promise that nothing was written; any other
 * is an accident of the server, perhaps after its commit. */
static void rpc_fault(struct str error, bool changes, struct arena *arena, struct crm_result *ret)
{
    struct json_list items;
    struct err err;
    *ret = (struct crm_result){.outcome = changes ? CRM_UNCERTAIN : CRM_DOWN, .not_sent = !changes};
    if (json_items(error, arena, &items, &err) < 0 || items.n < 1)
        return;
    const struct str *parts = items.items;
    struct str kind = json_unquote(parts[0], arena), details = items.n > 1 ? parts[1] : STR_NONE;
    static const struct {
        const char *kind;
        enum crm_outcome outcome;
    } known[] = {{"UserError", CRM_REJECTED},
                 {"UserWarning", CRM_REJECTED},
                 {"ConcurrencyException", CRM_CONFLICT},
                 {"LoginException", CRM_REAUTHORISE},
                 {"RateLimitException", CRM_QUOTA}};
    for (size_t i = 0; i < ARRAY_LEN(known); i++)
        if (str_eq(kind, str_c(known[i].kind)))
            *ret = (struct crm_result){.outcome = known[i].outcome, .not_sent = true};
    if (ret->outcome == CRM_REJECTED)
        ret->sentence = str_eq(kind, STR("UserWarning")) ? warning_text(details, arena) : error_text(details, arena);
}

/* Takes the result out of {"id":1,"result":…}: 1, or 0 with a result. */
static int read_answer(const struct crm_tryton_door *door, const struct crm_answer *answer, bool changes,
                       struct str *ret_json, struct crm_result *ret)
{
    if (answer->status != 200) {
        status_fault(door, answer, changes, ret);
        return 0;
    }
    struct str error = member(answer->body, "error", door->arena);
    struct str id = member(answer->body, "id", door->arena);
    if (error.p) {
        rpc_fault(error, changes, door->arena, ret);
        return 0;
    }
    if (!str_eq(id, STR("1"))) { /* a page of a proxy, or another kind of server */
        *ret = (struct crm_result){.outcome = changes ? CRM_UNCERTAIN : CRM_REJECTED, .not_sent = !changes};
        ret->sentence = STR("The address does not lead to a Tryton server.");
        return 0;
    }
    struct str result = member(answer->body, "result", door->arena);
    *ret_json = result.p ? result : STR("null");
    return 1;
}

/* Opens a session: lent->session becomes "uid:key". */
static int sign_in(const struct crm_tryton_door *door, struct crm_result *ret, struct err *err)
{
    struct strbuf params = {.arena = door->arena};
    struct crm_answer answer = {0};
    struct str json = STR_NONE;
    struct json_list items;
    struct err broken;
    strbuf_add_c(&params, "[");
    json_quote(&params, door->user);
    strbuf_add_c(&params, ",{\"password\":");
    json_quote(&params, door->password);
    strbuf_add_c(&params, "},\"en\"]");
    const struct crm_tryton_ask ask = {"common.db.login", strbuf_str(&params), false};
    int sent = post(door, &ask, &answer, ret, err);
    if (sent == 1)
        sent = read_answer(door, &answer, false, &json, ret);
    if (sent <= 0)
        return sent;
    if (json_items(json, door->arena, &items, &broken) < 0 || items.n != 2) {
        *ret = (struct crm_result){.outcome = CRM_REAUTHORISE, .not_sent = true};
        return 0;
    }
    const struct str *parts = items.items;
    struct str key = json_unquote(parts[1], door->arena);
    door->lent->session = str_printf(door->arena, "%.*s:%.*s", STR_ARG(parts[0]), STR_ARG(key));
    return 1;
}

int crm_tryton_call(const struct crm_tryton_door *door, const struct crm_tryton_ask *ask, struct str *ret_json,
                    struct crm_result *ret_result, struct err *err)
{
    struct crm_answer answer;
    bool fresh = !door->lent->session.p;
    if (fresh) {
        int signed_in = sign_in(door, ret_result, err);
        if (signed_in <= 0)
            return signed_in;
    }
    int sent = post(door, ask, &answer, ret_result, err);
    if (sent <= 0)
        return sent;
    if (answer.status == 401 && !fresh) { /* the session has ended; nothing was done with it */
        door->lent->session = STR_NONE;
        return crm_tryton_call(door, ask, ret_json, ret_result, err);
    }
    return read_answer(door, &answer, ask->changes, ret_json, ret_result);
}
