/* See page.h. */
#include "api/page.h"

#include "base/clock.h"
#include "base/limits.h"

enum { MAC = 16, TIME = 8 };

static struct crypto_hash mac(const struct crypto_key *key, struct str context, struct str payload, struct arena *arena)
{
    return crypto_hmac(key, str_printf(arena, "%zu|%.*s%.*s", context.n, STR_ARG(context), STR_ARG(payload)));
}

struct str api_cursor_write(const struct crypto_key *key, struct str context, struct str after, int64_t expires_ms,
                            struct arena *arena)
{
    char *p = arena_alloc(arena, MAC + TIME + after.n);
    for (int i = 0; i < TIME; i++)
        p[MAC + i] = (char)((uint64_t)expires_ms >> (56 - 8 * i));
    memcpy(p + MAC + TIME, after.p, after.n);
    struct crypto_hash tag = mac(key, context, crypto_hex((struct str){p + MAC, TIME + after.n}, arena), arena);
    memcpy(p, tag.b, MAC);
    return crypto_base64url((struct str){p, MAC + TIME + after.n}, arena);
}

int api_cursor_read(const struct crypto_key *key, struct str context, struct str cursor, struct arena *arena,
                    struct str *ret_after, struct err *err)
{
    struct str bytes;
    uint64_t expires = 0;
    if (crypto_base64url_decode(cursor, arena, &bytes, err) < 0 || bytes.n <= MAC + TIME)
        return err_set(err, ERR_BAD_CURSOR, "%s", "");
    struct str payload = str_slice(bytes, MAC, bytes.n);
    struct crypto_hash tag = mac(key, context, crypto_hex(payload, arena), arena);
    if (!crypto_equal(str_slice(bytes, 0, MAC), (struct str){(const char *)tag.b, MAC}))
        return err_set(err, ERR_BAD_CURSOR, "%s", "");
    for (int i = 0; i < TIME; i++)
        expires = expires << 8 | (unsigned char)payload.p[i];
    if ((int64_t)expires < clock_now_ms())
        return err_set(err, ERR_BAD_CURSOR, "%s", "");
    *ret_after = str_slice(payload, TIME, payload.n);
    return 0;
}

/* Appends &name=value of the filter (not limit, not cursor) as it was asked for. */
static void add_filter(struct strbuf *buf, const struct api_request *request)
{
    for (size_t i = 0; i < request->n_query; i++) {
        const struct api_param *param = &request->query[i];
        if (str_eq(param->name, STR("limit")) || str_eq(param->name, STR("cursor")))
            continue;
        strbuf_printf(buf, "&%.*s=", STR_ARG(param->name));
        for (size_t k = 0; k < param->value.n; k++) {
            unsigned char c = (unsigned char)param->value.p[k];
            bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
            if (plain)
                strbuf_add_char(buf, (char)c);
            else
                strbuf_printf(buf, "%%%02X", c);
        }
    }
}

static struct str context_of(const struct api_request *request)
{
    struct strbuf buf = {.arena = request->arena};
    strbuf_printf(&buf, "%s|%s|%.*s", request->who.actor.org.s, request->who.actor.user.s, STR_ARG(request->path));
    add_filter(&buf, request);
    return strbuf_str(&buf);
}

int api_page_read(const struct api *api, const struct api_request *request, struct flow_page *ret_page, struct err *err)
{
    struct flow_page page = {.limit = LIMIT_PAGE_DEFAULT};
    struct str limit = api_request_param(request, "limit"), cursor = api_request_param(request, "cursor");
    if (limit.p && !str_to_int(limit, 1, LIMIT_PAGE, &page.limit))
        return err_field(err, ERR_INVALID, "/limit", "limit is 1 to %d", LIMIT_PAGE);
    if (cursor.p &&
        api_cursor_read(&api->settings.cursor_key, context_of(request), cursor, request->arena, &page.after, err) < 0)
        return -1;
    *ret_page = page;
    return 0;
}

static struct str link_to(const struct api_request *request, struct str cursor)
{
    struct strbuf buf = {.arena = request->arena};
    struct str limit = api_request_param(request, "limit");
    strbuf_add(&buf, request->path);
    strbuf_printf(&buf, "?limit=%.*s", STR_ARG(limit.p ? limit : STR("50")));
    add_filter(&buf, request);
    if (cursor.p)
        strbuf_printf(&buf, "&cursor=%.*s", STR_ARG(cursor));
    return strbuf_str(&buf);
}

void api_page_give(const struct api *api, struct api_request *request, const struct json_shape *shape,
                   const struct flow_list *list)
{
    bool paged = request->route->flags & API_PAGED;
    struct strbuf buf = {.arena = request->arena}, header = {.arena = request->arena};
    struct str first = paged ? link_to(request, STR_NONE) : request->path, next = STR_NONE;
    if (paged && list->next.p) {
        int64_t expires = clock_now_ms() + API_CURSOR_SECONDS * 1000LL;
        next = link_to(request, api_cursor_write(&api->settings.cursor_key, context_of(request), list->next, expires,
                                                 request->arena));
    }
    strbuf_printf(&header, "<%.*s>; rel=\"first\"", STR_ARG(first));
    if (next.p)
        strbuf_printf(&header, ", <%.*s>; rel=\"next\"", STR_ARG(next));
    strbuf_add_c(&buf, "{\"items\":");
    strbuf_add(&buf, json_write_list(shape, list->items.items, list->items.n, request->arena));
    strbuf_add_c(&buf, ",\"links\":{\"first\":");
    json_quote(&buf, first);
    strbuf_add_c(&buf, ",\"next\":");
    json_quote(&buf, next);
    strbuf_add_c(&buf, "}}");
    api_answer_set(&request->answer, 200, "application/json", strbuf_str(&buf));
    api_answer_field(&request->answer, "Link", strbuf_str(&header));
}
