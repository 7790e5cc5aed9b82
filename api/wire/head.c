/* See head.h. */
#include "api/wire/head.h"

const char *const api_method_words[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", NULL};

/* Fields that say one thing: sent twice, two readers could disagree about which one counts. */
static const char *const single[] = {"host",         "content-length", "transfer-encoding",
                                     "content-type", "authorization",  "idempotency-key",
                                     "x-csrf-token", "origin",         "cookie",
                                     "if-match",     "expect",         NULL};

static int malformed(struct err *err, const char *what)
{
    return err_set(err, ERR_MALFORMED, "%s", what);
}

size_t api_head_end(struct str bytes)
{
    for (size_t i = 0; i < bytes.n; i++) {
        if (bytes.p[i] == '\0')
            return i + 1;
        if (bytes.p[i] != '\n')
            continue;
        if (i == 0 || bytes.p[i - 1] != '\r')
            return i + 1;
        if (i == 1 || (i >= 3 && bytes.p[i - 2] == '\n'))
            return i + 1;
    }
    return 0;
}

/* tchar of RFC 9110 section 5.6.2. */
static bool is_token(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && (c == '\0' || !strchr("!#$%&'*+-.^_`|~", c)))
            return false;
    }
    return s.n > 0;
}

static enum api_method method_of(struct str word)
{
    int method = str_word(word, api_method_words);
    return method < 0 ? API_OTHER : (enum api_method)method;
}

static int read_line(struct str line, struct api_head *head, bool *ret_old, struct err *err)
{
    struct str rest = line, method, target;
    if (!str_split(&rest, ' ', &method) || !is_token(method) || !str_split(&rest, ' ', &target) || str_empty(target))
        return malformed(err, "request line");
    if (target.n > API_TARGET_BYTES)
        return err_set(err, ERR_HEAD_TOO_LARGE, "address of more than %d bytes", API_TARGET_BYTES);
    if (target.p[0] != '/')
        return malformed(err, "the address must begin with /");
    for (size_t i = 0; i < target.n; i++)
        if (target.p[i] < 0x21 || target.p[i] > 0x7e || target.p[i] == '#')
            return malformed(err, "byte in the address");
    if (!str_eq(rest, STR("HTTP/1.1")) && !str_eq(rest, STR("HTTP/1.0")))
        return str_starts(rest, STR("HTTP/")) && rest.n == 8 ? err_set(err, ERR_NOT_IMPLEMENTED, "this version of HTTP")
                                                             : malformed(err, "request line");
    *ret_old = rest.p[7] == '0';
    head->method = method_of(method);
    head->target = target;
    return 0;
}

static int read_field(struct str line, struct api_head *head, struct err *err)
{
    ptrdiff_t colon = str_find(line, STR(":"), 0);
    if (line.p[0] == ' ' || line.p[0] == '\t')
        return malformed(err, "folded header line");
    if (colon < 1 || !is_token(str_slice(line, 0, (size_t)colon)))
        return malformed(err, "name of a header");
    if (head->n == API_HEAD_FIELDS)
        return err_set(err, ERR_HEAD_TOO_LARGE, "more than %d fields", API_HEAD_FIELDS);
    struct api_field field = {str_slice(line, 0, (size_t)colon), str_trim(str_slice(line, (size_t)colon + 1, line.n))};
    for (size_t i = 0; i < field.value.n; i++) {
        unsigned char c = (unsigned char)field.value.p[i];
        if ((c < 0x20 && c != '\t') || c == 0x7f)
            return malformed(err, "control byte in a header");
    }
    if (!utf8_valid(field.value))
        return malformed(err, "header that is not UTF-8");
    for (int i = 0; single[i]; i++)
        if (str_eq_nocase(field.name, str_c(single[i])) && api_head_field(head, single[i]).p)
            return malformed(err, "header sent twice");
    head->fields[head->n++] = field;
    return 0;
}

static int read_framing(struct api_head *head, bool old, struct err *err)
{
    struct str length = api_head_field(head, "content-length"), coding = api_head_field(head, "transfer-encoding");
    struct str expect = api_head_field(head, "expect"), host = api_head_field(head, "host");
    if (!host.p && !old)
        return malformed(err, "no Host");
    if (host.p && (host.n > 255 || str_find(host, STR(" "), 0) >= 0 || str_find(host, STR(","), 0) >= 0))
        return malformed(err, "Host");
    if (length.p && coding.p)
        return malformed(err, "both Content-Length and Transfer-Encoding");
    if (coding.p && old)
        return malformed(err, "Transfer-Encoding in HTTP/1.0");
    if (coding.p && !str_eq_nocase(coding, STR("chunked")))
        return err_set(err, ERR_NOT_IMPLEMENTED, "a Transfer-Encoding other than chunked");
    for (size_t i = 0; length.p && i < length.n; i++)
        if (length.p[i] < '0' || length.p[i] > '9')
            return malformed(err, "Content-Length");
    if (length.p && !str_to_int(length, 0, (int64_t)1 << 40, &head->length))
        return malformed(err, "Content-Length");
    if (coding.p)
        head->length = -1;
    if (expect.p && !str_eq_nocase(expect, STR("100-continue")))
        return malformed(err, "Expect");
    head->expects_100 = expect.p && !old;
    return 0;
}

int api_head_read(struct str bytes, struct api_head *ret_head, struct err *err)
{
    struct api_head head = {.length = 0};
    bool old = false;
    size_t at = 0;
    if (bytes.n > API_HEAD_BYTES)
        return err_set(err, ERR_HEAD_TOO_LARGE, "more than %d bytes", API_HEAD_BYTES);
    for (int number = 0;; number++) {
        ptrdiff_t end = str_find(bytes, STR("\r\n"), at);
        if (end < 0)
            return malformed(err, "line end or NUL in the head");
        struct str line = str_slice(bytes, at, (size_t)end);
        if (memchr(line.p, '\n', line.n) || memchr(line.p, '\r', line.n) || memchr(line.p, '\0', line.n))
            return malformed(err, "line end or NUL in the head");
        at = (size_t)end + 2;
        if (line.n == 0 && number > 0)
            break;
        if ((number == 0 ? read_line(line, &head, &old, err) : read_field(line, &head, err)) < 0)
            return -1;
    }
    if (at != bytes.n || read_framing(&head, old, err) < 0)
        return at != bytes.n ? malformed(err, "head") : -1;
    *ret_head = head;
    return 0;
}

struct str api_head_field(const struct api_head *head, const char *name)
{
    for (size_t i = 0; i < head->n; i++)
        if (str_eq_nocase(head->fields[i].name, str_c(name)))
            return head->fields[i].value;
    return STR_NONE;
}
