/* E-mail addresses on cards: found around the at sign however it was read, repaired towards a domain that exists. */
#include "contact/email.h"
#include "contact/text.h"
#include "ocr/fields/domain.h"
#include "ocr/fields/lexicon.h"

/* Where an at sign stands in a text. */
struct mark {
    size_t from, to;
    bool sure; /* a real @ */
};

enum { SITES = 6 };

struct sites {
    struct str host[SITES]; /* without "www." */
    size_t n;
};

/* "Mail", "E-Mail:", "e" at the start of a line. */
static bool mail_label(const struct ocr_look *look, struct str lower)
{
    static const char *const labels[] = {"mail", "email", "e mail", "e", "courriel", "correo"};
    struct str fold = contact_text_fold(lower, look->arena);
    for (size_t i = 0; i < ARRAY_LEN(labels); i++)
        if (str_starts(fold, str_c(labels[i])) && fold.n > strlen(labels[i]) && fold.p[strlen(labels[i])] == ' ')
            return true;
    return false;
}

/* "e-mail", "correo": no mailbox. */
static bool label_word(const struct ocr_look *look, struct str local)
{
    static const char *const words[] = {"email",  "e mail",  "mail",  "e",     "courriel",
                                        "correo", "e posta", "posta", "eposta"};
    return ocr_word_in(contact_text_fold(local, look->arena), words, ARRAY_LEN(words));
}

static bool local_char(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) ||
           (c && strchr("._%+-'", c));
}

static bool next_mark(struct str s, size_t from, struct mark *ret_mark)
{
    static const struct {
        const char *text;
        bool sure;
    } marks[] = {{"(@)", true},  {"(@", true},   {"@", true},   {"(at)", true}, {"[at]", true}, {"{at}", true},
                 {"(AT)", true}, {"(a)", false}, {"ĝð", false}, {"ĝ", false},   {"ð", false},   {"Ø", false},
                 {"©", false},   {"®", false},   {"€", false},  {"¢", false}};
    bool any = false, begun = false;
    for (size_t i = from; i < s.n && !begun; i++)
        begun = strchr("(@[{\xc2\xc3\xc4\xe2", s.p[i]) != NULL;
    for (size_t i = 0; begun && i < ARRAY_LEN(marks); i++) {
        ptrdiff_t hit = str_find(s, str_c(marks[i].text), from);
        if (hit < 0 || (any && (size_t)hit >= ret_mark->from))
            continue;
        *ret_mark = (struct mark){(size_t)hit, (size_t)hit + strlen(marks[i].text), marks[i].sure};
        any = true;
    }
    return any;
}

static size_t walk_left(struct str s, size_t at)
{
    size_t i = at;
    if (i > 1 && s.p[i - 1] == ' ' && local_char(s.p[i - 2]))
        i--;
    while (i > 0) {
        char c = s.p[i - 1];
        bool joint = c == ' ' && i > 1 && i < s.n && (strchr("._-", s.p[i]) || strchr("._-", s.p[i - 2])) &&
                     local_char(s.p[i - 2]);
        bool comma = c == ',' && i > 1 && local_char(s.p[i - 2]) && local_char(s.p[i]); /* "anna,muster@" */
        if (!local_char(c) && !joint && !comma)
            break;
        i--;
    }
    while (i < at && strchr(" .-'_%+", s.p[i]))
        i++;
    return i;
}

static void found(struct ocr_look *look, const struct ocr_piece *piece, size_t from, size_t to, struct str address,
                  double belief)
{
    struct contact_email email;
    if (!contact_email_parse(address, look->arena, &email))
        return;
    struct ocr_span span = ocr_piece_span(look, piece, from, to);
    struct ocr_find find = ocr_find_new(look, span, email.address, belief);
    find.kind = contact_domain_free_mail(email.domain) ? -1 : CONTACT_WORK;
    if (ocr_find_add(&look->emails, &find))
        ocr_look_take(look, span);
}

/* The printed website when an address runs out of the picture or of the reader's eyes: "anna@muster-ba" beside
 * "www.muster-bau.example". */
static struct str complete(const struct sites *sites, struct str seen)
{
    for (size_t i = 0; i < sites->n; i++) {
        struct str site = sites->host[i];
        size_t same = 0;
        while (same < seen.n && same < site.n && seen.p[same] == site.p[same])
            same++;
        if (same >= 4 && same + 2 >= seen.n && seen.n <= site.n && !str_eq(seen, site))
            return site;
    }
    return STR_NONE;
}

/* Commas are dots. */
static struct str with_dots(struct str local, struct arena *arena)
{
    char *p = str_z(arena, local);
    for (size_t i = 0; i < local.n; i++)
        p[i] = p[i] == ',' ? '.' : p[i];
    return (struct str){p, local.n};
}

/* A small letter alone in front of byte `left` that is no label. */
static bool lone_initial(struct str s, size_t left)
{
    char c = left > 2 && s.p[left - 1] == ' ' && s.p[left - 3] == ' ' ? s.p[left - 2] : '\0';
    return c >= 'a' && c <= 'z' && !strchr("emw", c);
}

/* "gwail.com", "yah0o.com": one letter from a provider that everybody uses. */
static struct str provider(struct str domain)
{
    static const char *const providers[] = {"gmail.com",   "googlemail.com", "hotmail.com", "hotmail.de",
                                            "outlook.com", "outlook.de",     "yahoo.com",   "yahoo.de",
                                            "yahoo.co.in", "icloud.com",     "t-online.de", "freenet.de"};
    for (size_t i = 0; i < ARRAY_LEN(providers); i++) {
        struct str meant = str_c(providers[i]);
        size_t other = 0;
        for (size_t k = 0; k < meant.n && meant.n == domain.n; k++)
            other += meant.p[k] != domain.p[k];
        if (other == 1)
            return meant;
    }
    return STR_NONE;
}

/* Tries one at sign; returns where to look on. */
static size_t try_mark(struct ocr_look *look, const struct ocr_piece *piece, struct mark mark,
                       const struct sites *sites)
{
    struct str s = piece->text;
    bool repaired = false;
    size_t left = walk_left(s, mark.from);
    size_t start = mark.to;
    while (start < s.n && strchr(" )@.", s.p[start]))
        start++;
    size_t right = ocr_domain_walk(s, start);
    struct str local = contact_text_lower(ocr_domain_close(str_slice(s, left, mark.from), look->arena), look->arena);
    local = with_dots(local, look->arena);
    if (lone_initial(s, left)) { /* "s muster@": the dot was too small to be seen */
        local = str_printf(look->arena, "%c.%.*s", s.p[left - 2], STR_ARG(local));
        left -= 2;
        repaired = true;
    }
    struct str seen = contact_text_lower(ocr_domain_join(str_slice(s, start, right), look->arena), look->arena);
    struct str domain = ocr_domain_repair(seen, look->arena, &repaired);
    bool handle = mark.from > 0 && s.p[mark.from - 1] == ' ' && start == mark.to && !memchr(seen.p, '.', seen.n);
    if (handle)
        return mark.to; /* "Instagram @muster" */
    struct str free_mail = provider(domain);
    domain = free_mail.p ? free_mail : domain;
    repaired = repaired || free_mail.p;
    struct str whole = str_empty(domain) || repaired ? complete(sites, seen) : STR_NONE;
    domain = whole.p ? whole : domain;
    repaired = repaired || whole.p;
    while (str_ends(local, STR(".")) || str_ends(local, STR("-")))
        local.n--;
    if (str_empty(local) || str_empty(domain) || (!mark.sure && local.n < 2))
        return mark.to;
    struct str address = str_printf(look->arena, "%.*s@%.*s", STR_ARG(local), STR_ARG(domain));
    found(look, piece, left, right, address, !mark.sure ? 0.7 : repaired ? 0.8 : 0.99);
    return right > mark.to ? right : mark.to;
}

/* What an at sign in front of a domain is taken for: bytes of it that `local` ends with, 0 when it is none. */
static size_t false_mark(struct str local)
{
    static const char *const marks[] = {"gd", "æ", "&", "e", "a", "q", "0", "o", "g", "2", "4", "6", "8", "9", "c"};
    for (size_t i = 0; i < ARRAY_LEN(marks); i++)
        if (str_ends(local, str_c(marks[i])))
            return strlen(marks[i]);
    return 0;
}

/* "anna.schmidtemuster.example", "Mail anna.schmidt muster.example": the sign was read as something else or not at all,
 * but a domain follows that the card names. Both readings are kept: "dangelo" may end with its own letter. */
static void lost_mark(struct ocr_look *look, const struct ocr_piece *piece, struct str site)
{
    struct str s = contact_text_lower(piece->text, look->arena);
    ptrdiff_t hit = str_find(s, site, 1);
    if (s.n != piece->text.n || hit < 3)
        return;
    size_t cut = (size_t)hit, to = cut;
    bool blank = s.p[to - 1] == ' ' && mail_label(look, s);
    to -= blank;
    size_t mark = blank ? 0 : false_mark(str_slice(s, 0, to)), left = to - mark;
    while (left > 0 && local_char(s.p[left - 1]))
        left--;
    struct str local = str_slice(s, left, to - mark), whole = str_slice(s, left, to);
    if (whole.n < 4 || str_empty(local) || str_find(local, STR("www"), 0) >= 0 || str_ends(local, STR(".")) ||
        label_word(look, local))
        return;
    struct str address = str_printf(look->arena, "%.*s@%.*s", STR_ARG(local), STR_ARG(site));
    size_t before = look->emails.n;
    found(look, piece, left, cut + site.n, address, 0.6);
    if (mark && look->emails.n > before)
        look->emails.items[before].alternative = str_printf(look->arena, "%.*s@%.*s", STR_ARG(whole), STR_ARG(site));
}

static void add_site(const struct ocr_look *look, struct sites *sites, struct str word)
{
    struct str s = contact_text_lower(word, look->arena);
    ptrdiff_t scheme = str_find(s, STR("://"), 0);
    size_t from = scheme >= 0 ? (size_t)scheme + 3 : 0, start = from;
    while (from < s.n && s.p[from] == 'w' && from - start < 4)
        from++;
    bool www = from > start && from < s.n && s.p[from] == '.';
    from = www ? from + 1 : start;
    struct str host = str_slice(s, from, ocr_domain_walk(s, from));
    const char *dot = host.n ? memrchr(host.p, '.', host.n) : NULL;
    bool sure = www || scheme >= 0 || (dot && ocr_domain_common(str_slice(host, (size_t)(dot - host.p) + 1, host.n)));
    if (sure && sites->n < SITES && contact_domain_valid(host) && contact_domain_known(host) &&
        !str_empty(contact_domain_site(host, look->arena)) && !contact_domain_free_mail(host))
        sites->host[sites->n++] = host;
}

/* "annamuster.example" beside "www.muster.example" is an address that lost its sign. */
static void drop_glued(struct sites *sites)
{
    size_t kept = 0;
    for (size_t i = 0; i < sites->n; i++) {
        bool glued = false;
        for (size_t k = 0; k < sites->n; k++) {
            struct str longer = sites->host[i], shorter = sites->host[k];
            glued = glued ||
                    (longer.n > shorter.n && str_ends(longer, shorter) && longer.p[longer.n - shorter.n - 1] != '.');
        }
        if (!glued)
            sites->host[kept++] = sites->host[i];
    }
    sites->n = kept;
}

/* Websites named on the card. */
static void find_sites(const struct ocr_look *look, struct sites *sites)
{
    for (size_t i = 0; i < look->n; i++)
        for (size_t k = 0; k < look->lines[i].n; k++)
            if (!memchr(look->lines[i].words[k].word->text.p, '@', look->lines[i].words[k].word->text.n))
                add_site(look, sites, look->lines[i].words[k].word->text);
    drop_glued(sites);
}

void ocr_fields_email(struct ocr_look *look)
{
    struct sites sites = {0};
    find_sites(look, &sites);
    for (size_t i = 0; i < look->n; i++) {
        struct ocr_piece *pieces;
        size_t n = ocr_look_pieces(look, i, true, &pieces);
        for (size_t k = 0; k < n; k++) {
            struct mark mark = {0};
            size_t before = look->emails.n;
            for (size_t at = 0; next_mark(pieces[k].text, at, &mark);)
                at = try_mark(look, &pieces[k], mark, &sites);
            for (size_t m = 0; m < sites.n && look->emails.n == before; m++)
                lost_mark(look, &pieces[k], sites.host[m]);
        }
    }
}
