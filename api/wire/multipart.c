/* See multipart.h. The delimiter is CR LF "--" boundary, and CR stands nowhere else in it: so after a mismatch only the
 * present byte can begin a new match, and no byte is ever looked at twice. */
#include "api/wire/multipart.h"

enum state { IN_DATA, AFTER_DELIMITER, IN_HEAD, AT_END };

struct api_multipart {
    struct api_multipart_hooks hooks;
    struct arena *arena;
    enum state state;
    struct str delimiter;
    size_t matched; /* bytes of the delimiter seen */
    bool in_part;   /* false before the first delimiter */
    int parts;
    char after[2];
    size_t n_after;
    char head[API_PART_HEAD];
    size_t n_head;
};

static int malformed(struct err *err)
{
    return err_set(err, ERR_MALFORMED, "%s", "multipart/form-data");
}

struct str api_header_param(struct str header, const char *name, struct arena *arena)
{
    size_t at = 0, want = strlen(name);
    while (at < header.n) {
        ptrdiff_t semicolon = str_find(header, STR(";"), at);
        if (semicolon < 0)
            return STR_NONE;
        struct str rest = str_trim(str_slice(header, (size_t)semicolon + 1, header.n));
        at = (size_t)semicolon + 1;
        if (rest.n <= want || rest.p[want] != '=' || !str_eq_nocase(str_slice(rest, 0, want), str_c(name)))
            continue;
        rest = str_slice(rest, want + 1, rest.n);
        if (rest.n == 0 || rest.p[0] != '"') {
            ptrdiff_t end = str_find(rest, STR(";"), 0);
            return str_trim(str_slice(rest, 0, end < 0 ? rest.n : (size_t)end));
        }
        struct strbuf value = {.arena = arena};
        for (size_t i = 1; i < rest.n && rest.p[i] != '"'; i++) {
            if (rest.p[i] == '\\' && i + 1 < rest.n)
                i++;
            strbuf_add_char(&value, rest.p[i]);
        }
        return strbuf_str(&value);
    }
    return STR_NONE;
}

int api_multipart_new(struct str content_type, const struct api_multipart_hooks *hooks, struct arena *arena,
                      struct api_multipart **ret_multipart, struct err *err)
{
    struct str rest = content_type, type;
    if (!str_split(&rest, ';', &type) || !str_eq_nocase(str_trim(type), STR("multipart/form-data")))
        return err_set(err, ERR_MEDIA_TYPE, "%s", "multipart/form-data");
    struct str boundary = api_header_param(content_type, "boundary", arena);
    if (boundary.n < 1 || boundary.n > API_BOUNDARY)
        return malformed(err);
    for (size_t i = 0; i < boundary.n; i++)
        if (boundary.p[i] < 0x20 || boundary.p[i] > 0x7e)
            return malformed(err);
    struct api_multipart *m = arena_one(arena, struct api_multipart);
    *m = (struct api_multipart){.hooks = *hooks, .arena = arena, .state = IN_DATA};
    m->delimiter = str_printf(arena, "\r\n--%.*s", STR_ARG(boundary));
    m->matched = 2; /* the body begins as if a line had just ended */
    *ret_multipart = m;
    return 0;
}

static int emit(struct api_multipart *m, struct str bytes, struct err *err)
{
    if (bytes.n == 0)
        return 0;
    return m->in_part ? m->hooks.data(m->hooks.self, bytes, err) : malformed(err);
}

/* Data up to the next delimiter; *at moves behind what was taken. */
static int feed_data(struct api_multipart *m, struct str bytes, size_t *at, struct err *err)
{
    while (*at < bytes.n) {
        if (m->matched == 0) {
            const char *cr = memchr(bytes.p + *at, '\r', bytes.n - *at);
            size_t end = cr ? (size_t)(cr - bytes.p) : bytes.n;
            if (emit(m, str_slice(bytes, *at, end), err) < 0)
                return -1;
            *at = end;
            if (!cr)
                return 0;
        }
        if (bytes.p[*at] != m->delimiter.p[m->matched]) {
            size_t seen = m->matched;
            m->matched = 0;
            if (emit(m, str_slice(m->delimiter, 0, seen), err) < 0)
                return -1;
            continue;
        }
        (*at)++;
        if (++m->matched < m->delimiter.n)
            continue;
        m->matched = 0;
        m->state = AFTER_DELIMITER;
        m->n_after = 0;
        return m->in_part ? m->hooks.end(m->hooks.self, err) : 0;
    }
    return 0;
}

static int feed_after(struct api_multipart *m, char c, struct err *err)
{
    m->after[m->n_after++] = c;
    if (m->n_after < 2)
        return 0;
    if (m->after[0] == '-' && m->after[1] == '-') {
        m->state = AT_END;
        return 0;
    }
    if (m->after[0] != '\r' || m->after[1] != '\n')
        return malformed(err);
    m->state = IN_HEAD;
    m->n_head = 0;
    return 0;
}

static int begin_part(struct api_multipart *m, struct err *err)
{
    struct str head = {m->head, m->n_head - 4}, disposition = STR_NONE;
    if (!utf8_valid(head) || ++m->parts > API_PARTS)
        return malformed(err);
    for (size_t at = 0; at < head.n;) {
        ptrdiff_t end = str_find(head, STR("\r\n"), at);
        struct str line = str_slice(head, at, end < 0 ? head.n : (size_t)end), name;
        at = end < 0 ? head.n : (size_t)end + 2;
        if (!str_split(&line, ':', &name))
            return malformed(err);
        if (str_eq_nocase(name, STR("content-transfer-encoding")) && !str_eq_nocase(str_trim(line), STR("binary")))
            return malformed(err);
        if (!str_eq_nocase(name, STR("content-disposition")))
            continue;
        if (disposition.p)
            return malformed(err);
        disposition = str_trim(line);
    }
    struct str name = api_header_param(disposition, "name", m->arena);
    if (!str_starts(disposition, STR("form-data;")) || str_empty(name))
        return malformed(err);
    m->in_part = true;
    m->state = IN_DATA;
    m->matched = 0;
    return m->hooks.part(m->hooks.self, name, api_header_param(disposition, "filename", m->arena).p != NULL, err);
}

/* One byte of a part's head; 1 when the hook wants a pause. */
static int feed_head(struct api_multipart *m, char c, struct err *err)
{
    if (m->n_head == sizeof m->head)
        return malformed(err);
    m->head[m->n_head++] = c;
    bool ends = m->n_head >= 4 && memcmp(m->head + m->n_head - 4, "\r\n\r\n", 4) == 0;
    return ends ? begin_part(m, err) : 0;
}

int api_multipart_feed(struct api_multipart *m, struct str bytes, size_t *ret_taken, struct err *err)
{
    size_t at = 0;
    int r = 0;
    while (at < bytes.n && r == 0) {
        if (m->state == IN_DATA)
            r = feed_data(m, bytes, &at, err);
        else if (m->state == AFTER_DELIMITER)
            r = feed_after(m, bytes.p[at++], err);
        else if (m->state == IN_HEAD)
            r = feed_head(m, bytes.p[at++], err);
        else
            at = bytes.n; /* an epilogue says nothing */
    }
    if (r < 0)
        return -1;
    *ret_taken = at;
    return 0;
}

bool api_multipart_complete(const struct api_multipart *m)
{
    return m->state == AT_END;
}
