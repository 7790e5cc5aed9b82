/* See rest.h. */
#include "crm-connectors/rest/rest.h"

enum { HEADERS_MAX = 12 };

void crm_rest_escape(struct strbuf *out, struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                     c == '.' || c == '_' || c == '~';
        if (plain)
            strbuf_add_char(out, (char)c);
        else
            strbuf_printf(out, "%%%02X", c);
    }
}

struct str crm_rest_escaped(struct str text, struct arena *arena)
{
    struct strbuf out = {.arena = arena};
    crm_rest_escape(&out, text);
    return strbuf_str(&out);
}

void crm_rest_broken(bool changes, struct crm_result *ret)
{
    *ret = (struct crm_result){.outcome = changes ? CRM_UNCERTAIN : CRM_REJECTED, .not_sent = !changes};
    ret->sentence = STR("The server answered with something that is no record.");
}

/* "https://host:port" of an URL. */
static struct str origin(struct str url)
{
    ptrdiff_t scheme = str_find(url, STR("://"), 0);
    ptrdiff_t slash = scheme < 0 ? -1 : str_find(url, STR("/"), (size_t)scheme + 3);
    ptrdiff_t query = scheme < 0 ? -1 : str_find(url, STR("?"), (size_t)scheme + 3);
    if (slash < 0 || (query >= 0 && query < slash))
        slash = query;
    return slash < 0 ? url : str_slice(url, 0, (size_t)slash);
}

static int address_of(const struct crm_rest *rest, const struct crm_call *call, struct str *ret_url, struct err *err)
{
    bool whole = str_find(call->path, STR("://"), 0) > 0 && !str_starts(call->path, STR("/"));
    if (whole && !str_eq_nocase(origin(call->path), origin(rest->base)))
        return err_set(err, ERR_HOST_REFUSED, "%s", "the next page lies on another server");
    *ret_url = whole ? call->path : str_printf(rest->arena, "%.*s%.*s", STR_ARG(rest->base), STR_ARG(call->path));
    return 0;
}

static void add_header(struct crm_header *list, size_t *n, const char *name, struct str value)
{
    list[(*n)++] = (struct crm_header){str_c(name), value};
}

static size_t headers_of(const struct crm_rest *rest, const struct crm_call *call, struct str token,
                         struct crm_header *list)
{
    size_t n = 0;
    add_header(list, &n, "Accept", str_c(call->accept ? call->accept : "application/json"));
    if (token.p)
        add_header(list, &n, "Authorization", str_printf(rest->arena, "Bearer %.*s", STR_ARG(token)));
    if (call->body.p)
        add_header(list, &n, "Content-Type", str_c(call->type ? call->type : "application/json"));
    const struct json_list both[] = {rest->headers, call->headers};
    for (size_t k = 0; k < ARRAY_LEN(both); k++)
        for (size_t i = 0; i < both[k].n && n < HEADERS_MAX; i++)
            list[n++] = ((const struct crm_header *)both[k].items)[i];
    return n;
}

/* The access token to use; `refused`: the one that the server has just refused. 0 with a result when there is none. */
static int token_of(const struct crm_rest *rest, struct str refused, struct str *ret_token, struct crm_result *ret,
                    struct err *err)
{
    const struct crm_bearer *bearer = rest->lent->bearer;
    struct err failure = {.code = ERR_NONE};
    if (!bearer) {
        *ret_token = rest->token;
        return 1;
    }
    if (bearer->token(bearer->self, refused, rest->arena, ret_token, &failure) == 0)
        return 1;
    if (failure.code == ERR_CRM_REAUTHORISE || failure.code == ERR_CRM_DOWN) {
        *ret = (struct crm_result){.outcome = failure.code == ERR_CRM_DOWN ? CRM_DOWN : CRM_REAUTHORISE,
                                   .sentence = str_dup(rest->arena, str_c(failure.param)),
                                   .not_sent = true};
        return 0;
    }
    return crm_fault_transport(&failure, false, ret, err) < 0 ? -1 : 0;
}

/* "api-usage=18/5000" */
static void quota_used(struct str text, struct crm_quota *quota)
{
    ptrdiff_t equals = str_find(text, STR("api-usage="), 0);
    struct str rest = equals < 0 ? STR_NONE : str_slice(text, (size_t)equals + strlen("api-usage="), text.n), used;
    int64_t n, limit;
    if (str_split(&rest, '/', &used) && str_to_int(str_trim(used), 0, INT64_MAX, &n) &&
        str_to_int(str_trim(rest), n, INT64_MAX, &limit))
        *quota = (struct crm_quota){limit - n, limit};
}

static void note_quota(const struct crm_rest *rest, const struct crm_answer *answer)
{
    const struct crm_quota_headers *names = rest->quota;
    struct crm_quota *quota = rest->lent->quota;
    int64_t n;
    if (!names || !quota)
        return;
    if (names->used)
        quota_used(crm_answer_header(answer, names->used), quota);
    if (names->left && str_to_int(crm_answer_header(answer, names->left), 0, INT64_MAX, &n))
        quota->left = n;
    if (names->limit && str_to_int(crm_answer_header(answer, names->limit), 0, INT64_MAX, &n))
        quota->limit = n;
}

static int send_once(const struct crm_rest *rest, const struct crm_call *call, struct str token,
                     struct crm_answer *ret_answer, struct crm_result *ret, struct err *err)
{
    struct crm_header headers[2 * HEADERS_MAX];
    struct crm_request request = {
        .method = call->method, .body = call->body, .changes = call->changes, .into = call->into};
    struct err failure = {.code = ERR_NONE};
    if (address_of(rest, call, &request.url, err) < 0)
        return -1;
    request.headers = (struct json_list){headers, headers_of(rest, call, token, headers)};
    request.user = rest->user;
    request.password = rest->password;
    if (crm_http_send(rest->lent->http, &request, rest->arena, ret_answer, &failure) < 0)
        return crm_fault_transport(&failure, call->changes, ret, err) < 0 ? -1 : 0;
    note_quota(rest, ret_answer);
    return 1;
}

int crm_rest_call(const struct crm_rest *rest, const struct crm_call *call, struct crm_answer *ret_answer,
                  struct crm_result *ret, struct err *err)
{
    struct str token;
    int r = token_of(rest, STR_NONE, &token, ret, err);
    if (r == 1)
        r = send_once(rest, call, token, ret_answer, ret, err);
    if (r == 1 && ret_answer->status == 401 && rest->lent->bearer) {
        r = token_of(rest, token, &token, ret, err);
        if (r == 1)
            r = send_once(rest, call, token, ret_answer, ret, err);
    }
    if (r < 1)
        return r;
    if (ret_answer->status >= 200 && ret_answer->status < 300)
        return 1;
    bool sent_on = ret_answer->status >= 300 && ret_answer->status < 400; /* no vendor says anything by that */
    if (sent_on || !rest->judge || !rest->judge(ret_answer, call->changes, rest->arena, ret))
        crm_fault_status(ret_answer, call->changes, rest->lent->now_ms, ret);
    if (rest->lent->bearer && ret->outcome == CRM_REAUTHORISE) {
        /* Whether a grant is over is the provider's to say when it is asked for a token, and it just gave one. */
        ret->outcome = CRM_DOWN;
        ret->not_sent = true;
    }
    int64_t said = crm_answer_retry_after(ret_answer, rest->lent->now_ms);
    if (said) /* else what the vendor's file makes of it */
        ret->retry_after_ms = said;
    return 0;
}
