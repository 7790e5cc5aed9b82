/* E-mail addresses on cards: found around the at sign however it was read, repaired towards a domain that exists. */
#include "contact/email.h"
#include "contact/text.h"
#include "ocr/fields/domain.h"

/* Where an at sign stands in a text. */
struct mark {
    size_t from, to;
    bool sure; /* a real @ */
};

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
    } marks[] = {{"(@)", true},  {"(@", true},   {"@", true},  {"(at)", true}, {"[at]", true}, {"{at}", true},
                 {"(AT)", true}, {"(a)", false}, {"©", false}, {"®", false},   {"€", false},   {"¢", false}};
    bool any = false;
    for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
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
        if (!local_char(c) && !joint)
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

/* Tries one at sign; returns where to look on. */
static size_t try_mark(struct ocr_look *look, const struct ocr_piece *piece, struct mark mark)
{
    struct str s = piece->text;
    bool repaired = false;
    size_t left = walk_left(s, mark.from);
    size_t start = mark.to;
    while (start < s.n && (s.p[start] == ' ' || s.p[start] == ')'))
        start++;
    size_t right = ocr_domain_walk(s, start);
    struct str local = contact_text_lower(ocr_domain_close(str_slice(s, left, mark.from), look->arena), look->arena);
    struct str domain =
        ocr_domain_repair(ocr_domain_close(str_slice(s, start, right), look->arena), look->arena, &repaired);
    while (str_ends(local, STR(".")) || str_ends(local, STR("-")))
        local.n--;
    if (str_empty(local) || str_empty(domain) || (!mark.sure && local.n < 2))
        return mark.to;
    struct str address = str_printf(look->arena, "%.*s@%.*s", STR_ARG(local), STR_ARG(domain));
    found(look, piece, left, right, address, !mark.sure ? 0.7 : repaired ? 0.8 : 0.99);
    return right > mark.to ? right : mark.to;
}

/* "anna.schmidtemuster.example": the sign was read as a letter, but the word ends with a domain that the card names. */
static void lost_mark(struct ocr_look *look, const struct ocr_piece *piece, struct str site)
{
    struct str s = contact_text_lower(piece->text, look->arena);
    ptrdiff_t hit = str_find(s, site, 1);
    if (s.n != piece->text.n || hit < 3)
        return;
    size_t cut = (size_t)hit;
    size_t left = cut;
    while (left > 0 && local_char(s.p[left - 1]))
        left--;
    struct str local = str_slice(s, left, cut);
    if (local.n < 4 || str_find(local, STR("www"), 0) >= 0 || str_ends(local, STR(".")) || cut == left)
        return;
    if (strchr("eaq0og2", local.p[local.n - 1])) /* what an at sign is taken for */
        local.n--;
    struct str address = str_printf(look->arena, "%.*s@%.*s", STR_ARG(local), STR_ARG(site));
    found(look, piece, left, cut + site.n, address, 0.6);
}

/* Website named on the card ("www.muster.example"), for lost_mark(). */
static struct str printed_site(const struct ocr_look *look)
{
    for (size_t i = 0; i < look->n; i++)
        for (size_t k = 0; k < look->lines[i].n; k++) {
            struct str word = contact_text_lower(look->lines[i].words[k].word->text, look->arena);
            ptrdiff_t www = str_find(word, STR("www."), 0);
            if (www < 0)
                continue;
            size_t from = (size_t)www + 4;
            struct str host = contact_domain_site(str_slice(word, from, ocr_domain_walk(word, from)), look->arena);
            if (!str_empty(host))
                return host;
        }
    return STR_NONE;
}

void ocr_fields_email(struct ocr_look *look)
{
    struct str site = printed_site(look);
    for (size_t i = 0; i < look->n; i++) {
        struct ocr_piece *pieces;
        size_t n = ocr_look_pieces(look, i, true, &pieces);
        for (size_t k = 0; k < n; k++) {
            struct mark mark = {0};
            size_t before = look->emails.n;
            for (size_t at = 0; next_mark(pieces[k].text, at, &mark);)
                at = try_mark(look, &pieces[k], mark);
            if (look->emails.n == before && !str_empty(site))
                lost_mark(look, &pieces[k], site);
        }
    }
}

/* Letters that readers take for each other. */
static bool confusable(char a, char b)
{
    static const char *const groups[] = {"il1j|t", "o0", "qg9", "ce", "nu", "s5", "b8", "z2", "vy"};
    for (size_t i = 0; i < ARRAY_LEN(groups); i++)
        if (a && b && strchr(groups[i], a) && strchr(groups[i], b))
            return true;
    return false;
}

/* Letters as they look in small print: "rn" is "m", "vv" is "w", "l" is "i". */
static struct str looks(struct str s, struct arena *arena)
{
    static const struct {
        const char *seen, *like;
    } rows[] = {{"rn", "m"}, {"vv", "w"}, {"cl", "d"}, {"l", "i"}, {"1", "i"}, {"|", "i"}, {"0", "o"}, {"q", "g"}};
    struct strbuf buf = {.arena = arena};
    for (size_t i = 0; i < s.n;) {
        size_t row = 0;
        while (row < ARRAY_LEN(rows) && !str_starts(str_slice(s, i, s.n), str_c(rows[row].seen)))
            row++;
        if (row < ARRAY_LEN(rows))
            strbuf_add_c(&buf, rows[row].like);
        else
            strbuf_add_char(&buf, s.p[i]);
        i += row < ARRAY_LEN(rows) ? strlen(rows[row].seen) : 1;
    }
    return strbuf_str(&buf);
}

static bool one_misread(struct str seen, struct str meant)
{
    size_t different = 0;
    for (size_t i = 0; seen.n == meant.n && i < seen.n; i++) {
        if (seen.p[i] != meant.p[i] && !confusable(seen.p[i], meant.p[i]))
            return false;
        different += seen.p[i] != meant.p[i];
    }
    return seen.n == meant.n && seen.n >= 6 && different == 1;
}

/* What the local part should be if it is made of the two names; absent when it is as it should be, or is not. */
static struct str meant_local(const struct ocr_find *find, struct str local, struct str given, struct str family,
                              struct arena *arena)
{
    struct str both = str_printf(arena, "%.*s%.*s", STR_ARG(given), STR_ARG(family));
    bool dots_lost = str_find(find->raw, STR("."), 0) < 0; /* even the domain's */
    if (dots_lost && str_eq(local, both) && given.n > 1)
        return str_printf(arena, "%.*s.%.*s", STR_ARG(given), STR_ARG(family));
    struct str forms[] = {both,
                          family,
                          given,
                          str_printf(arena, "%.*s.%.*s", STR_ARG(given), STR_ARG(family)),
                          str_printf(arena, "%.*s.%.*s", STR_ARG(family), STR_ARG(given)),
                          str_printf(arena, "%.1s.%.*s", given.p, STR_ARG(family)),
                          str_printf(arena, "%.1s%.*s", given.p, STR_ARG(family))};
    for (size_t i = 0; i < ARRAY_LEN(forms); i++)
        if (str_eq(local, forms[i]))
            return STR_NONE;
    for (size_t i = 0; i < ARRAY_LEN(forms); i++)
        if (one_misread(local, forms[i]) || (local.n >= 6 && str_eq(looks(local, arena), looks(forms[i], arena))))
            return forms[i];
    return STR_NONE;
}

/* The larger print is read better: only a name set larger than the mail corrects it. */
static bool name_larger(const struct ocr_look *look, const struct ocr_find *mail)
{
    const struct ocr_find *name = &look->family_name;
    return name->n && mail->n &&
           look->lines[name->spans[0].line].line->height >= look->lines[mail->spans[0].line].line->height;
}

void ocr_fields_email_agree(struct ocr_look *look)
{
    struct str given = look->given_name.value, family = look->family_name.value;
    if (str_empty(given) || str_empty(family))
        return;
    struct str written[] = {contact_text_letters(given, look->arena), contact_text_letters(family, look->arena)};
    struct str plain[] = {ocr_domain_close(contact_text_fold(given, look->arena), look->arena),
                          ocr_domain_close(contact_text_fold(family, look->arena), look->arena)};
    for (size_t i = 0; i < look->emails.n; i++) {
        struct ocr_find *find = &look->emails.items[i];
        struct contact_email email;
        if (!name_larger(look, find) || !contact_email_parse(find->value, look->arena, &email))
            continue;
        struct str local = meant_local(find, email.local, written[0], written[1], look->arena);
        if (!local.p && !str_eq(written[1], plain[1]))
            local = meant_local(find, email.local, plain[0], plain[1], look->arena);
        if (!local.p)
            continue;
        find->alternative = find->value;
        find->value = str_printf(look->arena, "%.*s@%.*s", STR_ARG(local), STR_ARG(email.domain));
        find->confidence *= 0.9;
    }
}
