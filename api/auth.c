/* See auth.h. The organisation and the user come from the session or the token alone, never from what was sent. */
#include "api/auth.h"

#include "api/bearer.h"
#include "flow/audit/audit.h"
#include "flow/people.h"
#include "flow/support.h"

static bool is_safe(enum api_method method)
{
    return method == API_GET || method == API_HEAD;
}

int api_auth_origin(const struct api_request *request, const char *public_url, struct err *err)
{
    struct str site = api_request_field(request, "sec-fetch-site"), origin = api_request_field(request, "origin");
    if (site.p && !str_eq(site, STR("same-origin")) && !str_eq(site, STR("none")))
        return err_set(err, ERR_CSRF, "%s", "");
    if (origin.p && !str_eq(origin, str_c(public_url)))
        return err_set(err, ERR_CSRF, "%s", "");
    return 0;
}

static int find_session(const struct api *api, struct api_request *request, struct err *err)
{
    struct str token = api_cookie(api_request_field(request, "cookie"), API_COOKIE);
    if (str_empty(token))
        return err_set(err, ERR_UNAUTHENTICATED, "%s", "");
    if (flow_session_find(api->flow, token, request->arena, &request->who, err) < 0)
        return -1;
    request->token = token;
    request->who.actor.origin.session = request->who.session_id;
    request->language = request->who.actor.language;
    return 0;
}

/* What the audit trail wants to know of a request. */
static void watch(struct api_request *request)
{
    request->who.actor.request = request->id;
    request->who.actor.origin.address = request->address;
    request->who.actor.reads = flow_reads_new(request->arena);
}

/* An open route works without a session, and says so in the reader's language when there is one. */
static int judge_open(const struct api *api, struct api_request *request, struct err *err)
{
    struct err none;
    if ((request->route->flags & API_PAGE) && find_session(api, request, &none) == 0)
        watch(request);
    return is_safe(request->head.method) || (request->route->flags & API_CROSS)
               ? 0
               : api_auth_origin(request, api->settings.public_url, err);
}

int api_auth(const struct api *api, struct api_request *request, struct err *err)
{
    const struct api_route *route = request->route;
    if (route->flags & API_OPEN)
        return judge_open(api, request, err);
    bool program = api_bearer_header(request).p;
    if ((program ? api_bearer(api, request, err) : find_session(api, request, err)) < 0)
        return -1;
    watch(request);
    if (flow_support_note(api->flow, &request->who.actor, route->name, err) < 0 ||
        flow_admit(api->flow, &request->who.actor, route->resource, route->action, err) < 0)
        return -1;
    if (program || is_safe(request->head.method))
        return 0; /* no browser adds a token by itself */
    if (api_auth_origin(request, api->settings.public_url, err) < 0)
        return -1;
    return flow_session_check_csrf(&request->who, api_request_field(request, "x-csrf-token"), err);
}

struct str api_auth_cookie(struct str token, struct arena *arena)
{
    return str_printf(arena, API_COOKIE "=%.*s; Path=/; Max-Age=%d; Secure; HttpOnly; SameSite=Lax", STR_ARG(token),
                      FLOW_SESSION_ABSOLUTE_SECONDS);
}

struct str api_auth_cookie_gone(void)
{
    return STR(API_COOKIE "=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax");
}

struct str api_auth_door_cookie(struct str token, struct arena *arena)
{
    return str_printf(arena, API_COOKIE_DOOR "=%.*s; Path=/; Max-Age=%d; Secure; HttpOnly; SameSite=Lax",
                      STR_ARG(token), FLOW_PENDING_SECONDS);
}

struct str api_auth_door_cookie_gone(void)
{
    return STR(API_COOKIE_DOOR "=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax");
}

int api_auth_check_routes(const struct api *api, struct err *err)
{
    const struct flow_actor admin = {.role = flow_role_words[FLOW_ROLE_ADMIN], .language = "en"};
    for (size_t i = 0; i < api_route_count; i++) {
        const struct api_route *route = &api_routes[i];
        struct err why;
        if ((route->flags & API_OPEN) || flow_may(api->flow, &admin, route->resource, route->action, &why) == 0)
            continue;
        (void)err_set(err, ERR_INTERNAL, "%s", "a route without a right");
        return err_detail(err, "%s %s: no row (%s, %s) in the rights table", api_method_words[route->method],
                          route->path, route->resource, route->action);
    }
    return 0;
}
