/* Repair of domain names; see domain.h. */
#include "ocr/fields/domain.h"

#include "contact/email.h"
#include "contact/text.h"
#include "ocr/fields/lexicon.h"

static const char *const common[] = {"com", "de",  "net",  "org", "at",  "ch", "eu", "info",    "fr",  "it",
                                     "uk",  "nl",  "be",   "es",  "io",  "ai", "co", "biz",     "us",  "ca",
                                     "au",  "in",  "sg",   "vn",  "tr",  "pl", "cz", "se",      "dk",  "no",
                                     "fi",  "ie",  "lu",   "li",  "pt",  "hk", "jp", "cn",      "br",  "ru",
                                     "edu", "gov", "tech", "app", "dev", "me", "tv", "example", "test"};

/* What readers see instead of a top-level domain that does exist elsewhere or nowhere. */
static const struct {
    const char *seen, *meant;
} misread[] = {
    {"corn", "com"},  {"c0m", "com"},   {"oom", "com"},  {"eom", "com"}, {"conn", "com"}, {"comn", "com"},
    {"cotn", "com"},  {"con", "com"},   {"corm", "com"}, {"dc", "de"},   {"cle", "de"},   {"d3", "de"},
    {"dé", "de"},     {"oe", "de"},     {"eh", "ch"},    {"cb", "ch"},   {"ip", "jp"},    {"jp.", "jp"},
    {"äi", "ai"},     {"al.", "ai"},    {"nct", "net"},  {"nel", "net"}, {"0rg", "org"},  {"orq", "org"},
    {"aı", "ai"},     {"lt.", "it"},    {"1t", "it"},    {"lo", "io"},   {"i0", "io"},    {"lnfo", "info"},
    {"1nfo", "info"}, {"inf0", "info"}, {"vm", "vn"},    {"sq", "sg"},   {"uķ", "uk"},
};

static bool domain_char(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) || c == '-';
}

static bool in_common(struct str top)
{
    return ocr_word_in(top, common, ARRAY_LEN(common));
}

bool ocr_domain_common(struct str top)
{
    return in_common(top);
}

static size_t last_dot(struct str s)
{
    const char *dot = str_empty(s) ? NULL : memrchr(s.p, '.', s.n);
    return dot ? (size_t)(dot - s.p) : s.n;
}

static struct str with_top(struct str domain, size_t dot, struct str top, struct arena *arena)
{
    return str_printf(arena, "%.*s.%.*s", STR_ARG(str_slice(domain, 0, dot)), STR_ARG(top));
}

/* "mustercom" and "muster-com": the dot was too small to be seen. */
static struct str insert_dot(struct str domain, struct arena *arena)
{
    for (size_t i = 0; i < ARRAY_LEN(common); i++) {
        struct str top = str_c(common[i]);
        if (top.n < 2 || domain.n < top.n + 3 || !str_ends(domain, top))
            continue;
        size_t cut = domain.n - top.n;
        if (domain.p[cut - 1] == '-' || domain.p[cut - 1] == '_')
            cut--;
        return with_top(domain, cut, top, arena);
    }
    struct str end = str_slice(domain, domain.n > 2 ? domain.n - 2 : 0, domain.n);
    bool io = str_eq(end, STR("jo")) || str_eq(end, STR("lo")); /* with its dot, "werk.io" */
    return io && domain.n >= 7 ? with_top(domain, domain.n - 2, STR("io"), arena) : STR_NONE;
}

static struct str repair_top(struct str domain, struct arena *arena)
{
    size_t dot = last_dot(domain);
    struct str top = str_slice(domain, dot + 1, domain.n);
    for (size_t i = 0; i < ARRAY_LEN(misread); i++)
        if (str_eq(top, str_c(misread[i].seen)))
            return with_top(domain, dot, str_c(misread[i].meant), arena);
    for (size_t i = 0; i < ARRAY_LEN(common); i++) /* something stuck to its end, or one letter off */
        if (top.n >= 3 && strlen(common[i]) >= 3 && ocr_distance(top, str_c(common[i]), 1) == 1)
            return with_top(domain, dot, str_c(common[i]), arena);
    return STR_NONE;
}

struct str ocr_domain_repair(struct str domain, struct arena *arena, bool *ret_repaired)
{
    struct str s = contact_text_lower(domain, arena);
    char *p = str_z(arena, s);
    *ret_repaired = false;
    for (size_t i = 0; i + 2 < s.n; i++)
        if (p[i] == ',' || p[i] == ';' || (p[i] == '_' && in_common(str_slice(s, i + 1, s.n)))) {
            p[i] = '.';
            *ret_repaired = true;
        }
    s = (struct str){p, s.n};
    while (str_ends(s, STR(".")) || str_ends(s, STR("-")) || str_ends(s, STR(",")))
        s.n--;
    while (str_starts(s, STR(".")) || str_starts(s, STR("-")))
        s = str_slice(s, 1, s.n);
    if (contact_domain_valid(s) && contact_domain_known(s))
        return s;
    *ret_repaired = true;
    struct str fixed = last_dot(s) < s.n ? repair_top(s, arena) : insert_dot(s, arena);
    if (!fixed.p && last_dot(s) < s.n)
        fixed = insert_dot(s, arena);
    return fixed.p && contact_domain_valid(fixed) && contact_domain_known(fixed) ? fixed : STR_NONE;
}

struct str ocr_domain_label(struct str domain, struct arena *arena)
{
    struct str site = contact_domain_site(domain, arena);
    if (str_empty(site))
        return STR_NONE;
    bool reserved = str_starts(site, STR("example.")) && domain.n > site.n; /* RFC 2606: a suffix like any other */
    if (reserved) {
        struct str rest = str_slice(domain, 0, domain.n - site.n - 1);
        const char *last = memrchr(rest.p, '.', rest.n);
        return last ? str_slice(rest, (size_t)(last - rest.p) + 1, rest.n) : rest;
    }
    const char *dot = memchr(site.p, '.', site.n);
    return dot ? str_slice(site, 0, (size_t)(dot - site.p)) : STR_NONE;
}

/* " com" of "werk com sg", ".co" of "werk.co uk". */
static bool second_level(struct str end)
{
    return str_ends(end, STR("com")) || str_ends(end, STR(".co")) || str_ends(end, STR(" co"));
}

/* The word at `at`. */
static struct str word_at(struct str s, size_t at)
{
    size_t end = at;
    while (end < s.n && domain_char(s.p[end]))
        end++;
    return str_slice(s, at, end);
}

struct str ocr_domain_join(struct str s, struct arena *arena)
{
    struct strbuf buf = {.arena = arena};
    for (size_t i = 0; i < s.n; i++) {
        bool dotted = i == 0 || i + 1 == s.n || strchr(".,-", s.p[i - 1]) || strchr(".,-", s.p[i + 1]);
        if (s.p[i] == '.' && buf.n && buf.p[buf.n - 1] == '.')
            continue; /* "muster. .example" */
        if (s.p[i] != ' ')
            strbuf_add_char(&buf, s.p[i]);
        else if (!dotted && in_common(contact_text_lower(word_at(s, i + 1), arena)))
            strbuf_add_char(&buf, '.');
    }
    return strbuf_str(&buf);
}

/* "muster - bau.de", "muster- bau.de": behind the hyphen the rest of the name and its end follow. */
static bool hyphen_goes_on(struct str s, size_t from, size_t at)
{
    while (at < s.n && s.p[at] == ' ')
        at++;
    struct str name = word_at(s, at);
    if (memchr(s.p + from, '.', at - from) || str_empty(name) || at + name.n >= s.n || s.p[at + name.n] != '.')
        return false;
    return ocr_domain_common(word_at(s, at + name.n + 1));
}

/* A blank inside a domain: before or behind a dot, when what follows makes it a known domain. */
static bool blank_inside(struct str s, size_t from, size_t at)
{
    struct str next = word_at(s, at + 1);
    bool dot_before = at > from && (s.p[at - 1] == '.' || s.p[at - 1] == ',');
    if (at + 2 < s.n && s.p[at + 1] == '.' && domain_char(s.p[at + 2]))
        return true;
    bool before = at > from && s.p[at - 1] == '-', behind = at + 1 < s.n && s.p[at + 1] == '-';
    if (before || behind)
        return hyphen_goes_on(s, from, at + (behind ? 2 : 1));
    if (str_empty(next))
        return false;
    bool reserved = at >= from + 8 && str_ends(str_slice(s, from, at), STR(".example")); /* RFC 2606: example.com */
    if (reserved && (str_eq(next, STR("com")) || str_eq(next, STR("net")) || str_eq(next, STR("org"))))
        return true;
    bool top = ocr_domain_common(next);
    bool seen_dot = memchr(s.p + from, '.', at - from) != NULL || memchr(s.p + from, ' ', at - from) != NULL;
    if (top && next.n == 2 && at > from + 3 && second_level(str_slice(s, at - 3, at)))
        return true; /* "werk com sg" */
    if (dot_before)
        return top || (at + 1 + next.n < s.n && s.p[at + 1 + next.n] == '.');
    return top && !seen_dot;
}

size_t ocr_domain_walk(struct str s, size_t from)
{
    size_t i = from;
    while (i < s.n) {
        char c = s.p[i];
        bool comma = (c == ',' || c == ';') && i + 2 < s.n && ocr_domain_common(word_at(s, i + 1));
        if (!domain_char(c) && c != '.' && !comma && !(c == ' ' && blank_inside(s, from, i)))
            break;
        i++;
    }
    return i;
}

struct str ocr_domain_close(struct str s, struct arena *arena)
{
    struct strbuf buf = {.arena = arena};
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != ' ')
            strbuf_add_char(&buf, s.p[i]);
    return strbuf_str(&buf);
}
