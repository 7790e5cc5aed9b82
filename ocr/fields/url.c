/* Web addresses on cards: with scheme, with www., or a bare domain; repaired and checked against the e-mail's domain.
 */
#include "contact/email.h"
#include "contact/text.h"
#include "ocr/fields/domain.h"

/* Length of "www." at the start as readers see it: "wwww.", "ww.", "vvww,", "www "; 0 when it is none. */
static size_t www_length(struct str s)
{
    size_t n = 0;
    while (n < s.n && n < 6 && strchr("wvWV", s.p[n]))
        n++;
    size_t letters = n;
    while (n < s.n && n < 8 && strchr("., ", s.p[n]))
        n++;
    if (letters == 3 && n == letters && str_starts(s, STR("www")) && n + 5 < s.n && memchr(s.p + n, '.', s.n - n) &&
        !strchr("-_@", s.p[n]))
        return n; /* "wwwmuster.de" */
    struct str rest = str_slice(s, n, s.n), word;
    bool cut = letters == 1 && n == 2 && (s.p[0] | 32) == 'w' && s.p[1] == '.' && str_split(&rest, ' ', &word);
    if (cut && memchr(word.p, '.', word.n) && !memchr(word.p, '@', word.n))
        return n;                                                        /* the end of "www.muster.example" */
    bool blank = n == letters + 1 && s.p[letters] == ' ' && letters < 3; /* "VW PLASTURGIE" is no address */
    if (blank && (!str_split(&rest, ' ', &word) || !memchr(word.p, '.', word.n)))
        return 0;
    return letters >= 2 && n > letters && n < s.n ? n : 0;
}

/* "nttps:", "htp:": bytes up to the "p" when a colon or stroke follows, else 0. */
static size_t like_http(struct str s)
{
    size_t n = 1;
    while (n < s.n && n < 4 && (s.p[n] | 32) == 't')
        n++;
    bool p = n > 1 && n < s.n && (s.p[n] | 32) == 'p' && strchr("hnbHNB", s.p[0]);
    size_t end = p ? n + 1 : 0, after = p && end < s.n && (s.p[end] | 32) == 's' ? end + 1 : end;
    return p && after + 1 < s.n && strchr(":;/", s.p[after]) && strchr(":/", s.p[after + 1]) ? end : 0;
}

/* Length of "https://" and the like at the start, with the blanks and slips of a reader; 0 when it is none. */
static size_t scheme_length(struct str s)
{
    size_t n = str_eq_nocase(str_slice(s, 0, 4), STR("http")) ? 4 : like_http(s);
    if (!n)
        return 0;
    if (n < s.n && (s.p[n] == 's' || s.p[n] == 'S'))
        n++;
    size_t letters = n;
    while (n < s.n && strchr(":;/. ", s.p[n]))
        n++;
    return n > letters ? n : 0;
}

static size_t path_end(struct str s, size_t from)
{
    size_t i = from;
    if (i >= s.n || s.p[i] != '/')
        return from;
    while (i < s.n && s.p[i] != ' ' && s.p[i] != '|' && s.p[i] != ',' && s.p[i] != ')')
        i++;
    while (i > from && strchr(".;/", s.p[i - 1]))
        i--;
    return i;
}

static bool on_mail_domain(const struct ocr_look *look, struct str host)
{
    for (size_t i = 0; i < look->emails.n; i++)
        if (str_ends(look->emails.items[i].value, host))
            return true;
    return false;
}

/* A bare word with dots is a web address only when nothing else is likely: "Dr.med", "z.B.", "Ltd.Co" are not. */
static bool credible_bare(const struct ocr_look *look, struct str printed, struct str host)
{
    const char *dot = memrchr(host.p, '.', host.n);
    struct str top = str_slice(host, (size_t)(dot - host.p) + 1, host.n);
    struct str label = ocr_domain_label(host, look->arena);
    struct str lower = contact_text_lower(printed, look->arena);
    if (on_mail_domain(look, host))
        return true;
    return label.n >= 3 && ocr_domain_common(top) && (str_eq(lower, printed) || top.n > 2);
}

/* Reads one address that begins at byte `from` of the piece, `s` in lower case; returns where to look on. */
static size_t try_at(struct ocr_look *look, const struct ocr_piece *piece, struct str s, size_t from)
{
    bool repaired = false;
    size_t scheme = scheme_length(str_slice(s, from, s.n));
    size_t www = www_length(str_slice(s, from + scheme, s.n));
    size_t start = from + scheme + www;
    size_t end = ocr_domain_walk(s, start);
    if (end == start)
        return start;
    struct str seen = str_slice(piece->text, start, end); /* "7 rue de Madrid" has no dot to lose */
    if (!scheme && !www && (!memchr(seen.p, '.', seen.n) || seen.p[0] == '.'))
        return end; /* a word, or the end of an address */
    struct str printed = scheme || www ? ocr_domain_join(seen, look->arena) : ocr_domain_close(seen, look->arena);
    struct str host = ocr_domain_repair(printed, look->arena, &repaired);
    bool explicit = scheme || www;
    if (str_empty(host) || str_empty(ocr_domain_label(host, look->arena)))
        return end;
    if (!explicit && (repaired || !credible_bare(look, printed, host)))
        return end;
    struct str path = str_slice(piece->text, end, path_end(s, end));
    struct str value =
        str_printf(look->arena, "http%s://%s%.*s%.*s", str_starts(str_slice(s, from, s.n), STR("http:")) ? "" : "s",
                   www ? "www." : "", STR_ARG(host), STR_ARG(path));
    struct ocr_span span = ocr_piece_span(look, piece, from, end + path.n);
    struct ocr_find find = ocr_find_new(look, span, value, repaired ? 0.8 : explicit ? 0.97 : 0.9);
    if (ocr_find_add(&look->urls, &find))
        ocr_look_take(look, span);
    return end + path.n;
}

/* Labels stuck to an address: "Web:www…", "Internet:muster.example". */
static size_t after_label(struct str s, size_t from)
{
    size_t end = from;
    while (end < s.n && end - from < 10 && ((s.p[end] | 32) - 'a') >= 0 && ((s.p[end] | 32) - 'a') < 26)
        end++;
    bool scheme = end - from >= 4 && str_eq_nocase(str_slice(s, from, from + 4), STR("http"));
    return end > from && end + 1 < s.n && s.p[end] == ':' && s.p[end + 1] != '/' && !scheme ? end + 1 : from;
}

/* "www: www.muster.example", "w. www.muster.example": a label that looks like the beginning of the address. */
static size_t after_www(struct str s, size_t from)
{
    size_t at = from;
    while (at < s.n && at - from < 3 && (s.p[at] | 32) == 'w')
        at++;
    size_t letters = at;
    while (at < s.n && strchr(".: ", s.p[at]))
        at++;
    bool begins =
        str_eq_nocase(str_slice(s, at, at + 4), STR("www.")) || str_eq_nocase(str_slice(s, at, at + 4), STR("http"));
    bool letter = letters == from + 1 && at == letters + 2 && s.p[letters] == '.'; /* "W. muster.example" */
    return letters > from && at > letters && (begins || letter) ? at : from;
}

static void read_piece(struct ocr_look *look, const struct ocr_piece *piece)
{
    struct str s = piece->text, lower = contact_text_lower(s, look->arena);
    if (lower.n != s.n) /* lower case of other length: places would not fit */
        lower = s;
    for (size_t at = 0; at < s.n;) {
        while (at + 1 < s.n && strchr(":;(", s.p[at]))
            at++; /* "Website :www.muster.example" */
        at = after_www(s, after_label(s, at));
        size_t next = try_at(look, piece, lower, at);
        at = next > at ? next : at;
        while (at < s.n && s.p[at] != ' ')
            at++;
        while (at < s.n && s.p[at] == ' ')
            at++;
    }
}

void ocr_fields_url(struct ocr_look *look)
{
    for (size_t i = 0; i < look->n; i++) {
        struct ocr_piece *pieces;
        size_t n = ocr_look_pieces(look, i, true, &pieces);
        for (size_t k = 0; k < n; k++)
            read_piece(look, &pieces[k]);
    }
}
