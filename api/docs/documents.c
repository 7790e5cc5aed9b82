/* docs/routes.md, docs/errors.md and the table that the role matrix is made from; see api.h. */
#include "api/api.h"
#include "api/bearer.h"
#include "api/docs/docs.h"
#include "api/problem.h"

static void flag_words(struct strbuf *buf, unsigned flags)
{
    static const struct {
        unsigned flag;
        const char *word;
    } words[] = {{API_OPEN, "open"}, {API_MATCH, "if-match"}, {API_KEY, "key"},     {API_UPLOAD, "upload"},
                 {API_MANY, "list"}, {API_PAGED, "paged"},    {API_EMPTY, "empty"}, {API_BYTES, "bytes"},
                 {API_PAGE, "page"}, {API_PATCHES, "patch"},  {API_FORM, "form"},   {API_HOOK, "hook"}};
    const char *blank = "";
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (flags & words[i].flag) {
            strbuf_printf(buf, "%s%s", blank, words[i].word);
            blank = " ";
        }
}

struct str api_routes_markdown(struct arena *arena)
{
    struct strbuf buf = {.arena = arena};
    strbuf_add_c(
        &buf,
        "# Routes\n\nMade from `api/routes.def`; a test compares. Right: the row (resource, action) of the "
        "table `rights`; scope: what an API token needs.\n\n| method | path | right | scope | needs | what it does "
        "|\n|---|---|---|---|---|---|\n");
    for (size_t i = 0; i < api_route_count; i++) {
        const struct api_route *route = &api_routes[i];
        strbuf_printf(&buf, "| %s | `%s` | ", api_method_words[route->method], route->path);
        if (route->resource[0])
            strbuf_printf(&buf, "%s, %s", route->resource, route->action);
        const char *scope = api_bearer_scope(route);
        strbuf_printf(&buf, " | %s | ", scope ? scope : "");
        flag_words(&buf, route->flags);
        strbuf_printf(&buf, " | %s |\n", route->summary);
    }
    return strbuf_str(&buf);
}

struct str api_errors_markdown(struct arena *arena)
{
    struct strbuf buf = {.arena = arena};
    strbuf_add_c(&buf, "# Problem types\n\nMade from `base/errors.def`; a test compares. Each has a page at "
                       "`/problems/{slug}`.\n\n| slug | HTTP | sentence | Satz |\n|---|---|---|---|\n");
    for (int code = 1; code < ERR_COUNT; code++) {
        struct err blank = {.code = (enum err_code)code, .param = "…"};
        strbuf_printf(&buf, "| `%s` | %d | **%s.** %.*s | **%s.** %.*s |\n", err_slug(blank.code),
                      api_problem_status(blank.code), err_title(blank.code, "en"),
                      STR_ARG(err_sentence(&blank, "en", arena)), err_title(blank.code, "de"),
                      STR_ARG(err_sentence(&blank, "de", arena)));
    }
    return strbuf_str(&buf);
}

struct str api_routes_table(struct arena *arena)
{
    struct strbuf buf = {.arena = arena};
    for (size_t i = 0; i < api_route_count; i++) {
        const struct api_route *route = &api_routes[i];
        const char *scope = api_bearer_scope(route);
        strbuf_printf(&buf, "%s\t%s\t%s\t%s\t%s\t", api_method_words[route->method], route->path, route->resource,
                      route->action, scope ? scope : "");
        flag_words(&buf, route->flags);
        strbuf_add_char(&buf, '\n');
    }
    return strbuf_str(&buf);
}
