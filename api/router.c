/* See router.h. */
#include "api/router.h"

#include "api/shapes.h"

const struct api_route api_routes[] = {
#define X(method, path, handler, resource, action, flags, query, input, output, summary)                               \
    {API_##method, path, api_##handler, #handler, resource, action, flags, query, input, output, summary},
#include "api/routes.def"
#undef X
};
const size_t api_route_count = ARRAY_LEN(api_routes);

static bool path_fits(struct str pattern, struct str path, struct str ids[API_IDS])
{
    struct str want, have;
    size_t n = 0;
    if (path.n == 0 || path.p[0] != '/' || (path.n > 1 && path.p[path.n - 1] == '/'))
        return false;
    while (pattern.n) {
        if (str_eq(pattern, STR("{path}"))) {
            ids[n] = path;
            return path.n > 0;
        }
        bool more = str_split(&pattern, '/', &want);
        if (!more || !str_split(&path, '/', &have))
            return false;
        bool hole = want.n > 0 && want.p[0] == '{';
        if (hole ? have.n == 0 || n == API_IDS : !str_eq(want, have))
            return false;
        if (hole)
            ids[n++] = have;
    }
    return path.n == 0;
}

static void add_method(char *list, size_t size, const char *word)
{
    size_t n = strlen(list);
    if (!strstr(list, word))
        (void)snprintf(list + n, size - n, "%s%s", n ? ", " : "", word);
}

int api_route_find(enum api_method method, struct str path, struct str ret_ids[API_IDS],
                   const struct api_route **ret_route, struct err *err)
{
    char allowed[80] = "";
    enum api_method sought = method == API_HEAD ? API_GET : method;
    for (size_t i = 0; i < api_route_count; i++) {
        struct str ids[API_IDS] = {STR_NONE};
        const struct api_route *route = &api_routes[i];
        if (!path_fits(str_c(route->path), path, ids))
            continue;
        if (route->method == sought) {
            memcpy(ret_ids, ids, sizeof ids);
            *ret_route = route;
            return 0;
        }
        add_method(allowed, sizeof allowed, api_method_words[route->method]);
        if (route->method == API_GET)
            add_method(allowed, sizeof allowed, "HEAD");
    }
    return allowed[0] ? err_set(err, ERR_METHOD, "%s", allowed) : err_set(err, ERR_NOT_FOUND, "%s", "");
}
