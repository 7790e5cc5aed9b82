/* See demand.h. */
#include "api/demand.h"

#include "api/upload.h"
#include "base/clock.h"
#include "base/limits.h"
#include "flow/idempotency.h"

int64_t api_etag_version(struct str header)
{
    int64_t version = 0;
    if (header.n < 4 || !str_starts(header, STR("\"v")) || !str_ends(header, STR("\"")))
        return 0;
    return str_to_int(str_slice(header, 2, header.n - 1), 1, INT64_MAX, &version) ? version : 0;
}

struct str api_idempotency_key(struct str header)
{
    bool quoted = header.n >= 2 && header.p[0] == '"' && header.p[header.n - 1] == '"';
    return quoted ? str_slice(header, 1, header.n - 1) : header;
}

static bool param_known(const struct api_route *route, struct str name)
{
    struct str rest = str_c(route->query), word;
    while (rest.n && str_split(&rest, ' ', &word))
        if (str_eq(word, name))
            return true;
    return (route->flags & API_PAGED) && (str_eq(name, STR("limit")) || str_eq(name, STR("cursor")));
}

static int check_query(const struct api_request *request, struct err *err)
{
    for (size_t i = 0; i < request->n_query; i++) {
        if (request->route->flags & API_PAGE)
            continue;
        if (!param_known(request->route, request->query[i].name))
            return err_set(err, ERR_INVALID, "%s", "unknown query parameter");
        for (size_t k = 0; k < i; k++)
            if (str_eq(request->query[i].name, request->query[k].name))
                return err_set(err, ERR_INVALID, "%s", "query parameter sent twice");
    }
    return 0;
}

static int check_body(const struct api_request *request, struct err *err)
{
    const struct api_route *route = request->route;
    struct str type = api_request_field(request, "content-type"), plain = type;
    int64_t length = request->head.length;
    if (length == 0 || (route->flags & API_UPLOAD))
        return 0;
    if (route->method == API_GET || route->method == API_DELETE)
        return err_set(err, ERR_MALFORMED, "%s", "this method takes no body");
    if (length > LIMIT_JSON_BYTES)
        return err_set(err, ERR_TOO_LARGE, "%d KB", LIMIT_JSON_BYTES / 1024);
    if (type.p)
        (void)str_split(&type, ';', &plain);
    plain = str_trim(plain);
    if (route->flags & API_HOOK)
        return 0;
    if (route->flags & API_FORM)
        return str_eq_nocase(plain, STR("application/x-www-form-urlencoded"))
                   ? 0
                   : err_set(err, ERR_MEDIA_TYPE, "%s", "application/x-www-form-urlencoded");
    if ((route->flags & API_PATCHES) && str_eq_nocase(plain, STR("application/merge-patch+json")))
        return 0;
    return str_eq_nocase(plain, STR("application/json")) ? 0 : err_set(err, ERR_MEDIA_TYPE, "%s", "application/json");
}

/* Prefer: wait=5 (RFC 7240), among other preferences. */
static void read_prefer(struct api_request *request)
{
    struct str rest = api_request_field(request, "prefer"), piece;
    while (rest.n && str_split(&rest, ',', &piece)) {
        int64_t seconds = 0;
        piece = str_trim(piece);
        if (str_starts(piece, STR("wait=")) && str_to_int(str_slice(piece, 5, piece.n), 1, 3600, &seconds)) {
            seconds = seconds < API_WAIT_SECONDS ? seconds : API_WAIT_SECONDS;
            request->wait_until_ms = clock_mono_ms() + seconds * 1000;
        }
    }
}

int api_demand_head(struct api_request *request, struct err *err)
{
    const struct api_route *route = request->route;
    struct str match = api_request_field(request, "if-match");
    if (check_query(request, err) < 0)
        return -1;
    if ((route->flags & API_KEY) && str_empty(api_request_field(request, "idempotency-key")))
        return err_set(err, ERR_NEED_KEY, "%s", "");
    if ((route->flags & API_MATCH) && str_empty(match))
        return err_set(err, ERR_NEED_MATCH, "%s", "");
    request->version = api_etag_version(match);
    if ((route->flags & API_MATCH) && request->version == 0)
        return err_set(err, ERR_STALE, "%s", "");
    read_prefer(request);
    return check_body(request, err);
}

int api_demand_input(struct api_request *request, struct err *err)
{
    const struct api_route *route = request->route;
    struct str text = str_trim(strbuf_str(&request->body));
    if (route->flags & API_UPLOAD)
        return api_upload_whole(request, err);
    if (route->flags & (API_FORM | API_PATCHES | API_HOOK))
        return route->flags & API_PATCHES && !str_starts(text, STR("{")) ? err_set(err, ERR_BAD_JSON, "an object") : 0;
    if (!route->input)
        return text.n == 0 || str_eq(text, STR("{}")) ? 0 : err_set(err, ERR_BAD_JSON, "no content is expected");
    void *input = arena_alloc(request->arena, route->input->size);
    if (json_read(route->input, text.n ? text : STR_NONE, request->arena, input, err) < 0)
        return -1;
    request->input = input;
    return 0;
}

/* What was asked for, as one hash: the address, the version seen, the content. */
static struct str fingerprint(const struct api_request *request)
{
    struct str content =
        request->route->flags & API_UPLOAD ? api_upload_fingerprint(request) : strbuf_str(&request->body);
    struct str canonical = content;
    struct err none;
    if (!(request->route->flags & API_UPLOAD) && content.n &&
        json_canonical(content, request->arena, &canonical, &none) < 0)
        canonical = content;
    struct strbuf all = {.arena = request->arena};
    strbuf_printf(&all, "%.*s\n%lld\n", STR_ARG(request->path), (long long)request->version);
    strbuf_add(&all, canonical);
    struct crypto_hash hash = crypto_sha256(strbuf_str(&all));
    return str_dup(request->arena, crypto_hash_str(&hash));
}

static void give_again(struct api_request *request, const struct flow_idempotency_state *state)
{
    api_answer_set(&request->answer, (int)state->status, state->body.n ? "application/json" : NULL, state->body);
    if (state->location.n)
        api_answer_field(&request->answer, "Location", state->location);
    api_answer_field(&request->answer, "Idempotent-Replayed", STR("true"));
}

int api_demand_key(const struct api *api, struct api_request *request, bool *ret_done, struct err *err)
{
    const struct api_route *route = request->route;
    struct flow_idempotency_state state = {.replay = false};
    *ret_done = false;
    if (!(route->flags & API_KEY))
        return 0;
    request->once = (struct flow_idempotency){
        .key = api_idempotency_key(api_request_field(request, "idempotency-key")),
        .route = str_printf(request->arena, "%s %s", api_method_words[route->method], route->path),
        .fingerprint = fingerprint(request),
    };
    if (flow_idempotency_begin(api->flow, &request->who.actor, &request->once, request->arena, &state, err) < 0)
        return -1;
    if (state.replay)
        give_again(request, &state);
    else
        request->who.actor.once = &request->once;
    *ret_done = state.replay;
    return 0;
}

void api_demand_settle(const struct api *api, struct api_request *request, int r)
{
    const struct api_answer *answer = &request->answer;
    struct flow_idempotency_answer keep = {.status = answer->status, .body = answer->body};
    struct err none;
    if (!request->who.actor.once)
        return;
    for (size_t i = 0; i < answer->n; i++)
        if (str_eq(answer->fields[i].name, STR("Location")))
            keep.location = answer->fields[i].value;
    /* Failing to keep it is no failure of what was done: a repetition then does what the use case does twice. */
    if (r < 0)
        (void)flow_idempotency_forget(api->flow, &request->who.actor, &request->once, &none);
    else if (answer->status)
        (void)flow_idempotency_finish(api->flow, &request->who.actor, &request->once, &keep, &none);
}
