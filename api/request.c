/* See request.h. */
#include "api/request.h"

#include "base/clock.h"
#include "base/limits.h"

#include <assert.h>

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 32);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool api_percent_decode(struct str text, bool plus, struct arena *arena, struct str *ret_text)
{
    char *p = arena_alloc(arena, text.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (c == '%') {
            int high = i + 2 < text.n ? hex(text.p[i + 1]) : -1, low = i + 2 < text.n ? hex(text.p[i + 2]) : -1;
            if (high < 0 || low < 0)
                return false;
            c = (char)(high * 16 + low);
            i += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        p[n++] = c;
    }
    *ret_text = (struct str){p, n};
    return utf8_valid(*ret_text);
}

static int read_query(struct api_request *request, struct str query, struct err *err)
{
    struct str pair;
    while (query.n && str_split(&query, '&', &pair)) {
        ptrdiff_t equals = str_find(pair, STR("="), 0);
        size_t cut = equals < 0 ? pair.n : (size_t)equals;
        struct api_param *param = &request->query[request->n_query];
        if (request->n_query == API_PARAMS)
            return err_set(err, ERR_MALFORMED, "more than %d parameters", API_PARAMS);
        if (!api_percent_decode(str_slice(pair, 0, cut), true, request->arena, &param->name) ||
            !api_percent_decode(str_slice(pair, cut + (equals >= 0), pair.n), true, request->arena, &param->value))
            return err_set(err, ERR_MALFORMED, "query");
        request->n_query++;
    }
    return 0;
}

static int read_target(struct api_request *request, struct err *err)
{
    struct str target = request->head.target;
    ptrdiff_t mark = str_find(target, STR("?"), 0);
    size_t cut = mark < 0 ? target.n : (size_t)mark;
    if (!api_percent_decode(str_slice(target, 0, cut), false, request->arena, &request->path))
        return err_set(err, ERR_MALFORMED, "address");
    return mark < 0 ? 0 : read_query(request, str_slice(target, cut + 1, target.n), err);
}

/* The caller's X-Request-Id when it is one plain word, so that one number follows a request through all logs. */
static void name_request(struct api_request *request)
{
    struct str given = api_request_field(request, "x-request-id");
    bool plain = given.n >= 8 && given.n < sizeof request->id;
    for (size_t i = 0; plain && i < given.n; i++) {
        char c = given.p[i];
        plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
    }
    struct id fresh = id_new();
    struct str id = plain ? given : id_str(&fresh);
    memcpy(request->id, id.p, id.n);
}

/* The front door appends the address it saw, so the last one counts. */
static struct str client_address(const struct api_request *request)
{
    struct str rest = api_request_field(request, "x-forwarded-for"), piece, last = STR_NONE;
    while (rest.n && str_split(&rest, ',', &piece))
        last = str_trim(piece);
    return last.n && last.n <= 45 ? last : STR_NONE;
}

int api_request_new(struct str head, struct api_request **ret_request, struct err *err)
{
    struct arena *arena = arena_new_wiping(LIMIT_ARENA_REQUEST);
    struct api_request *request = arena_one(arena, struct api_request);
    request->arena = arena;
    request->body.arena = arena;
    request->started_us = clock_mono_ms() * 1000;
    request->language = "en";
    if (api_head_read(str_dup(arena, head), &request->head, err) < 0 || read_target(request, err) < 0) {
        arena_free(arena);
        return -1;
    }
    name_request(request);
    request->address = client_address(request);
    request->language = api_accept_language(api_request_field(request, "accept-language"));
    *ret_request = request;
    return 0;
}

void api_request_free(struct api_request *request)
{
    if (request)
        arena_free(request->arena);
}

struct str api_request_field(const struct api_request *request, const char *name)
{
    return api_head_field(&request->head, name);
}

struct str api_request_param(const struct api_request *request, const char *name)
{
    for (size_t i = 0; i < request->n_query; i++)
        if (str_eq(request->query[i].name, str_c(name)))
            return request->query[i].value;
    return STR_NONE;
}

const char *const api_common_fields[][2] = {
    {"Strict-Transport-Security", "max-age=63072000; includeSubDomains"},
    {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(self), geolocation=(), microphone=()"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Cache-Control", "no-store"},
};
const size_t api_common_count = ARRAY_LEN(api_common_fields);

size_t api_request_count(const struct api_request *request, const char *name)
{
    size_t n = 0;
    for (size_t i = 0; i < request->n_query; i++)
        n += str_eq(request->query[i].name, str_c(name));
    return n;
}

bool api_request_is_visit(const struct api_request *request)
{
    struct str to = api_request_field(request, "sec-fetch-dest"), mode = api_request_field(request, "sec-fetch-mode");
    return request->head.method != API_HEAD && (!to.p || str_eq(to, STR("document"))) &&
           (!mode.p || str_eq(mode, STR("navigate"))) && !api_request_field(request, "sec-purpose").p &&
           !api_request_field(request, "purpose").p;
}

struct str api_cookie(struct str header, const char *name)
{
    struct str piece, found = STR_NONE;
    while (header.n && str_split(&header, ';', &piece)) {
        piece = str_trim(piece);
        ptrdiff_t equals = str_find(piece, STR("="), 0);
        if (equals < 0 || !str_eq(str_slice(piece, 0, (size_t)equals), str_c(name)))
            continue;
        if (found.p)
            return STR_NONE;
        found = str_slice(piece, (size_t)equals + 1, piece.n);
    }
    return found;
}

/* "q=0.8" of the parameters of one element, in thousandths. */
static int quality(struct str params)
{
    struct str piece;
    while (params.n && str_split(&params, ';', &piece)) {
        piece = str_trim(piece);
        if (piece.n < 3 || (piece.p[0] | 32) != 'q' || piece.p[1] != '=')
            continue;
        int value = piece.p[2] == '1' ? 1000 : 0, unit = 100;
        for (size_t i = 4; value == 0 && i < piece.n && i < 7; i++, unit /= 10)
            value += piece.p[i] >= '0' && piece.p[i] <= '9' ? (piece.p[i] - '0') * unit : 0;
        return value;
    }
    return 1000;
}

/* How exactly a media range names the type: 3 the type, 2 "text/" and a star, 1 both stars, 0 not at all. */
static int closeness(struct str range, struct str type)
{
    ptrdiff_t slash = str_find(type, STR("/"), 0);
    if (str_eq_nocase(range, type))
        return 3;
    if (str_eq(range, STR("*/*")))
        return 1;
    return slash > 0 && str_ends(range, STR("/*")) && range.n == (size_t)slash + 2 &&
                   str_eq_nocase(str_slice(range, 0, (size_t)slash), str_slice(type, 0, (size_t)slash))
               ? 2
               : 0;
}

static int wanted(struct str header, struct str type)
{
    struct str element;
    int best = 0, q = 0;
    while (header.n && str_split(&header, ',', &element)) {
        struct str params = element, range;
        if (!str_split(&params, ';', &range))
            continue;
        int close = closeness(str_trim(range), type);
        if (close > best) {
            best = close;
            q = quality(params);
        }
    }
    return q;
}

int api_accept(struct str header, const char *const *types, size_t n)
{
    int best = -1, most = 0;
    if (str_empty(header))
        return 0;
    for (size_t i = 0; i < n; i++) {
        int q = wanted(header, str_c(types[i]));
        if (q > most) {
            most = q;
            best = (int)i;
        }
    }
    return best;
}

const char *api_accept_language(struct str header)
{
    struct str element;
    int de = -1, en = -1;
    while (header.n && str_split(&header, ',', &element)) {
        struct str params = element, range;
        if (!str_split(&params, ';', &range))
            continue;
        range = str_trim(range);
        int *of = range.n >= 2 && str_eq_nocase(str_slice(range, 0, 2), STR("de"))   ? &de
                  : range.n >= 2 && str_eq_nocase(str_slice(range, 0, 2), STR("en")) ? &en
                                                                                     : NULL;
        int q = quality(params);
        if (of && q > *of)
            *of = q;
    }
    return de > 0 && de > en ? "de" : "en";
}

void api_answer_field(struct api_answer *answer, const char *name, struct str value)
{
    assert(answer->n < API_ANSWER_FIELDS);
    for (size_t i = 0; i < value.n; i++)
        assert((unsigned char)value.p[i] >= 0x20 && value.p[i] != 0x7f);
    answer->fields[answer->n++] = (struct api_field){str_c(name), value};
}

void api_answer_set(struct api_answer *answer, int status, const char *type, struct str body)
{
    answer->status = status;
    answer->body = body;
    if (type)
        api_answer_field(answer, "Content-Type", str_c(type));
}
