/* See bearer.h. */
#include "api/bearer.h"

#include "flow/rights.h"
#include "flow/token.h"

#define ALL_ADMIN "admin:*"

/* What is not here is no token's business: sign-in, tokens, second factors, mailboxes, support, and changing users, by
 * which a token could make itself another way in. */
static const struct scope_row {
    const char *resource, *look, *change;
} rows[] = {
    {"scan", "scans:read", "scans:write"},
    {"job", "jobs:read", "jobs:write"},
    {"event", "events:read", NULL},
    {"list", "lists:read", "lists:write"},
    {"fair", "lists:read", "lists:write"},
    {"colleague", "lists:read", NULL},
    {"contact", "contacts:read", "contacts:write"},
    {"candidate", "duplicates:read", "duplicates:decide"},
    {"duplicate", "duplicates:read", "duplicates:decide"},
    {"inbox", "duplicates:read", "duplicates:decide"},
    {"batch", "crm:read", "crm:write"},
    {"preview", "crm:read", "crm:write"},
    {"write_back", "crm:read", "crm:write"},
    {"connector", "crm:read", NULL},
    {"connection", "crm:read", "admin:connections"},
    {"mapping", "admin:mapping", "admin:mapping"},
    {"matching_rule", "admin:rules", "admin:rules"},
    {"export", "admin:exports", "admin:exports"},
    {"user", "admin:users", NULL},
    {"role", "admin:users", NULL},
    {"audit", "admin:audit", NULL},
    {"alert", "admin:audit", "admin:audit"},
};

const char *api_bearer_scope(const struct api_route *route)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (strcmp(rows[i].resource, route->resource) == 0)
            return route->method == API_GET ? rows[i].look : rows[i].change;
    return NULL;
}

static bool covers(struct str held, const char *wanted)
{
    return str_eq(held, str_c(wanted)) || (str_eq(held, STR(ALL_ADMIN)) && strncmp(wanted, "admin:", 6) == 0);
}

static bool usable(const struct api *api, const struct flow_actor *actor, struct str scope)
{
    struct err ignored;
    for (size_t i = 0; i < api_route_count; i++) {
        const struct api_route *route = &api_routes[i];
        const char *wanted = api_bearer_scope(route);
        if (wanted && covers(scope, wanted) &&
            flow_may(api->flow, actor, route->resource, route->action, &ignored) == 0)
            return true;
    }
    return false;
}

static size_t add_scope(struct api_scope *scopes, size_t n, const char *scope)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(scopes[i].scope, str_c(scope)))
            return n;
    scopes[n].scope = str_c(scope);
    return n + 1;
}

struct json_list api_bearer_scopes(const struct api *api, const struct flow_actor *actor, struct arena *arena)
{
    struct api_scope *scopes = arena_array(arena, 2 * ARRAY_LEN(rows) + 1, sizeof *scopes);
    size_t n = 0;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        n = add_scope(scopes, n, rows[i].look);
        if (rows[i].change)
            n = add_scope(scopes, n, rows[i].change);
    }
    n = add_scope(scopes, n, ALL_ADMIN);
    for (size_t i = 0; i < n; i++)
        scopes[i].usable = usable(api, actor, scopes[i].scope);
    return (struct json_list){scopes, n};
}

struct str api_bearer_header(const struct api_request *request)
{
    return api_request_field(request, "authorization");
}

static bool held(struct str scopes, const char *wanted)
{
    struct str scope;
    while (scopes.n && str_split(&scopes, ' ', &scope))
        if (covers(scope, wanted))
            return true;
    return false;
}

int api_bearer(const struct api *api, struct api_request *request, struct err *err)
{
    struct str token = api_bearer_header(request), scheme;
    const char *wanted = api_bearer_scope(request->route);
    struct flow_bearer bearer;
    if (!str_split(&token, ' ', &scheme) || !str_eq_nocase(scheme, STR("Bearer")))
        return err_set(err, ERR_INVALID_TOKEN, "%s", "");
    if (flow_bearer_find(api->flow, str_trim(token), request->address, request->arena, &bearer, err) < 0)
        return -1;
    request->who = bearer.who;
    request->language = bearer.who.actor.language;
    if (!wanted || !held(bearer.scopes, wanted))
        return err_set(err, ERR_INSUFFICIENT_SCOPE, "%s", wanted ? wanted : "(none)");
    return 0;
}
