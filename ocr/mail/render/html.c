/* Tags and text; see html.h. */
#include "ocr/mail/render/html.h"

#include "ocr/mail/lines.h"

enum { NESTED_QUOTES = 32, TAG_NAME = 16, TAG_LOOK = 512 };

struct tag {
    char name[TAG_NAME]; /* lower case, cut */
    struct str whole;    /* between < and > */
    bool end, self_closing;
};

struct render {
    struct strbuf out;
    char last; /* that people see; marks are not */
    struct str rest;
    int skip, pre; /* open elements that are not shown; that keep their blanks */
    struct {
        char name[TAG_NAME];
        int open; /* elements of the name, inside and with it */
    } quotes[NESTED_QUOTES];
    size_t quotes_n;
};

static bool is(const struct tag *tag, const char *name)
{
    return strcmp(tag->name, name) == 0;
}

static bool among(const struct tag *tag, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (is(tag, names[i]))
            return true;
    return false;
}

static void put(struct render *r, char c)
{
    strbuf_add_char(&r->out, c);
    r->last = c;
}

static void new_line(struct render *r)
{
    if (r->last && r->last != '\n')
        put(r, '\n');
}

static bool letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

/* A character reference at the start of `s`; how many bytes it took, 0 when it is none. */
static size_t reference(struct str s, uint32_t *ret_char)
{
    size_t i = 1;
    uint32_t c = 0;
    if (s.n > 2 && s.p[1] == '#') {
        bool hex = s.p[2] == 'x' || s.p[2] == 'X';
        size_t from = i = hex ? 3 : 2;
        for (; i < s.n && i < from + 7; i++) {
            uint32_t d = digit(s.p[i])                                   ? (uint32_t)(s.p[i] - '0')
                         : hex && letter(s.p[i]) && (s.p[i] | 32) <= 'f' ? (uint32_t)((s.p[i] | 32) - 'a' + 10)
                                                                         : 99;
            if (d == 99)
                break;
            c = c * (hex ? 16 : 10) + d;
        }
        if (i == from)
            return 0;
    } else {
        while (i < s.n && i < 10 && (letter(s.p[i]) || digit(s.p[i])))
            i++;
        c = ocr_mail_entity(str_slice(s, 1, i));
        if (!c)
            return 0;
    }
    *ret_char = c < ' ' || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000) ? ' ' : c;
    return i + (i < s.n && s.p[i] == ';');
}

static void put_text(struct render *r, struct str text)
{
    bool blank = false, start = r->last == '\n';
    if (r->skip)
        return;
    for (size_t i = 0; i < text.n;) {
        char c = text.p[i];
        bool white = c == ' ' || c == '\t' || c == '\r' || c == '\n';
        if (white && !r->pre) {
            blank = true;
            i++;
            continue;
        }
        if (blank && !start)
            put(r, ' ');
        blank = start = false;
        uint32_t code = 0;
        size_t n = c == '&' ? reference(str_slice(text, i, text.n), &code) : 0;
        if (n) {
            utf8_put(&r->out, code);
            r->last = 'x';
        } else if ((unsigned char)c >= ' ' || white) {
            put(r, c);
        }
        i += n ? n : 1;
    }
    if (blank && !start)
        put(r, ' ');
}

static void begin_quote(struct render *r, const struct tag *tag)
{
    if (r->quotes_n == NESTED_QUOTES || tag->self_closing)
        return;
    strbuf_add_char(&r->out, OCR_MAIL_QUOTE_BEGIN);
    memcpy(r->quotes[r->quotes_n].name, tag->name, TAG_NAME);
    r->quotes[r->quotes_n++].open = 1;
}

/* Whether the element holds what the mail answers to, by the words of mail programs. */
static bool quote_element(const struct tag *tag)
{
    static const char *const marks[] = {"gmail_quote",    "moz-cite-prefix", "yahoo_quoted", "protonmail_quote",
                                        "tutanota_quote", "zmail_extra",     "name=\"quote", "replyHeader",
                                        "_quoted_header", "reply-quote-head"};
    struct str look = str_slice(tag->whole, 0, TAG_LOOK);
    if (is(tag, "blockquote"))
        return true;
    if (!is(tag, "div") && !is(tag, "table") && !is(tag, "span"))
        return false;
    for (size_t i = 0; i < ARRAY_LEN(marks); i++)
        if (str_find(look, str_c(marks[i]), 0) >= 0)
            return true;
    return false;
}

/* Whether all that follows is what the mail answers to: Outlook puts it behind, not into, these. */
static bool quote_from_here(const struct tag *tag)
{
    static const char *const marks[] = {"divRplyFwdMsg", "appendonsend", "OLK_SRC_BODY_SECTION", "stopSpelling",
                                        "mail-editor-reference-message-container"};
    struct str look = str_slice(tag->whole, 0, TAG_LOOK);
    for (size_t i = 0; i < ARRAY_LEN(marks); i++)
        if ((is(tag, "div") || is(tag, "hr") || is(tag, "span")) && str_find(look, str_c(marks[i]), 0) >= 0)
            return true;
    return false;
}

static void track_quotes(struct render *r, const struct tag *tag)
{
    if (r->quotes_n == 0 || tag->self_closing || strcmp(r->quotes[r->quotes_n - 1].name, tag->name) != 0)
        return;
    r->quotes[r->quotes_n - 1].open += tag->end ? -1 : 1;
    if (r->quotes[r->quotes_n - 1].open == 0) {
        r->quotes_n--;
        new_line(r);
        strbuf_add_char(&r->out, OCR_MAIL_QUOTE_END);
    }
}

static void put_start(struct render *r, const struct tag *tag, bool block)
{
    if (is(tag, "br")) {
        put(r, '\n');
    } else if (is(tag, "hr")) {
        new_line(r);
        strbuf_add_c(&r->out, "________________________________");
        put(r, '\n');
    } else if (block && !tag->self_closing) {
        new_line(r);
    } else if ((is(tag, "td") || is(tag, "th")) && !tag->self_closing) {
        if (r->last && r->last != '\n' && r->last != '\t')
            put(r, '\t');
    }
}

static void put_tag(struct render *r, const struct tag *tag)
{
    static const char *const blocks[] = {"p",       "div",     "tr",   "li",     "ul",     "ol", "table", "h1",
                                         "h2",      "h3",      "h4",   "h5",     "h6",     "dl", "pre",   "section",
                                         "header",  "dt",      "body", "html",   "center", "dd", "title", "blockquote",
                                         "address", "article", "form", "footer", "option"};
    static const char *const unseen[] = {"style", "script", "head", "title"};
    bool block = among(tag, blocks, ARRAY_LEN(blocks));
    if (tag->self_closing && !is(tag, "br") && !is(tag, "hr"))
        return;
    if (is(tag, "body"))
        r->skip = 0; /* a head that was never closed */
    if (among(tag, unseen, ARRAY_LEN(unseen)))
        r->skip += !tag->end ? 1 : r->skip > 0 ? -1 : 0;
    if (is(tag, "pre"))
        r->pre += !tag->end ? 1 : r->pre > 0 ? -1 : 0;
    if (!tag->end) {
        put_start(r, tag, block);
        track_quotes(r, tag);
        if (quote_from_here(tag))
            strbuf_add_char(&r->out, OCR_MAIL_QUOTE_BEGIN);
        else if (quote_element(tag))
            begin_quote(r, tag);
        return;
    }
    if (block)
        new_line(r);
    if (is(tag, "p"))
        put(r, '\n');
    track_quotes(r, tag);
}

/* Bytes of the tag that begins at `s`, with > if there is one. */
static size_t read_tag(struct str s, struct tag *ret_tag)
{
    size_t i = 1, n = 0, from;
    *ret_tag = (struct tag){.end = s.n > 1 && s.p[1] == '/'};
    i += ret_tag->end;
    from = i;
    for (; i < s.n && (letter(s.p[i]) || digit(s.p[i]) || s.p[i] == ':' || s.p[i] == '-'); i++)
        if (n + 1 < TAG_NAME)
            ret_tag->name[n++] = (char)(letter(s.p[i]) ? s.p[i] | 32 : s.p[i]);
    char quote = '\0';
    for (; i < s.n && (quote || s.p[i] != '>'); i++)
        if (quote ? s.p[i] == quote : (s.p[i] == '"' || s.p[i] == '\'') && s.p[i - 1] == '=')
            quote = quote ? '\0' : s.p[i];
    ret_tag->whole = str_slice(s, from, i);
    ret_tag->self_closing = !ret_tag->end && i > from && i < s.n && s.p[i - 1] == '/';
    return i < s.n ? i + 1 : i;
}

/* Bytes of a comment, a declaration or an instruction at `s`. */
static size_t read_unseen(struct str s)
{
    bool comment = str_starts(s, STR("<!--"));
    ptrdiff_t end = comment ? str_find(s, STR("-->"), 4) : -1;
    if (end >= 0)
        return (size_t)end + 3;
    end = str_find(s, STR(">"), 1);
    return end >= 0 ? (size_t)end + 1 : s.n;
}

/* Behind <script> and <style> nothing is text or tag until they are closed. */
static void pass_raw(struct render *r, const struct tag *tag)
{
    if (tag->end || tag->self_closing || (!is(tag, "script") && !is(tag, "style")))
        return;
    size_t n = strlen(tag->name), at = 0;
    while (at < r->rest.n) {
        const char *found = memchr(r->rest.p + at, '<', r->rest.n - at);
        at = found ? (size_t)(found - r->rest.p) : r->rest.n;
        if (at + n + 2 <= r->rest.n && r->rest.p[at + 1] == '/' &&
            str_eq_nocase(str_slice(r->rest, at + 2, at + 2 + n), str_c(tag->name)))
            break;
        at += at < r->rest.n;
    }
    r->rest = str_slice(r->rest, at, r->rest.n);
}

struct str ocr_mail_html_text(struct str html, struct arena *arena)
{
    struct render r = {.out = {.arena = arena}, .rest = html};
    bool comments = true; /* one that is never closed is looked for once */
    while (r.rest.n > 0 && r.out.n < OCR_MAIL_TEXT) {
        char next = r.rest.n > 1 ? r.rest.p[1] : '\0';
        size_t n = 1;
        if (r.rest.p[0] != '<' || !(letter(next) || next == '/' || next == '!' || next == '?')) {
            while (n < r.rest.n && r.rest.p[n] != '<')
                n++;
            put_text(&r, str_slice(r.rest, 0, n));
            r.rest = str_slice(r.rest, n, r.rest.n);
        } else if (next == '!' || next == '?') {
            bool comment = str_starts(r.rest, STR("<!--"));
            comments = comments && (!comment || str_find(r.rest, STR("-->"), 4) >= 0);
            n = comment && !comments ? 4 : read_unseen(r.rest);
            r.rest = str_slice(r.rest, n, r.rest.n);
        } else {
            struct tag tag;
            n = read_tag(r.rest, &tag);
            r.rest = str_slice(r.rest, n, r.rest.n);
            put_tag(&r, &tag);
            pass_raw(&r, &tag);
        }
    }
    return r.out.n ? strbuf_str(&r.out) : STR("");
}
