/* What the card says twice must agree: addresses and the name, the mail's domain and the website's. A misread letter
 * or a lost dot is put right by the other. */
#include "contact/email.h"
#include "contact/text.h"
#include "ocr/fields/domain.h"

enum {
    LABEL_LETTERS = 6, /* of a domain that a printed name may correct */
    LONG_LABEL = 9     /* of one where any other letter may be the misread one */
};

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

static bool joint(char c)
{
    return c == '.' || c == '-' || c == '_';
}

static struct str without_joints(struct str s, struct arena *arena)
{
    struct strbuf buf = {.arena = arena};
    for (size_t i = 0; i < s.n; i++)
        if (!joint(s.p[i]))
            strbuf_add_char(&buf, s.p[i]);
    return buf.n ? strbuf_str(&buf) : STR("");
}

/* "anna.berg-ridiey" for Anna Berg-Ridley: the letters of `meant` between the joints as they were read; absent when
 * more than one letter differs. */
static struct str same_joints(struct str local, struct str meant, struct arena *arena)
{
    struct str seen = without_joints(local, arena), letters = without_joints(meant, arena);
    if (seen.n == local.n || !one_misread(seen, letters))
        return STR_NONE;
    char *p = str_z(arena, local);
    for (size_t i = 0, k = 0; i < local.n; i++)
        p[i] = joint(p[i]) ? p[i] : letters.p[k++];
    return (struct str){p, local.n};
}

/* "anna.musterl0": digits behind the name that were read as letters; absent when there are none. */
static struct str with_digits(struct str local, const struct str *forms, size_t n, struct arena *arena)
{
    for (size_t i = 0; i < n; i++) {
        size_t digits = 0, letters = 0;
        if (forms[i].n < 6 || local.n <= forms[i].n || local.n > forms[i].n + 4 || !str_starts(local, forms[i]))
            continue;
        char *p = str_z(arena, local);
        for (size_t k = forms[i].n; k < local.n; k++) {
            digits += p[k] >= '0' && p[k] <= '9';
            letters += strchr("lio", p[k]) != NULL;
            p[k] = p[k] == 'l' || p[k] == 'i' ? '1' : p[k] == 'o' ? '0' : p[k];
        }
        if (digits && letters && digits + letters == local.n - forms[i].n)
            return (struct str){p, local.n};
    }
    return STR_NONE;
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
    struct str numbered = with_digits(local, forms, ARRAY_LEN(forms), arena);
    if (numbered.p)
        return numbered;
    for (size_t i = 0; i < ARRAY_LEN(forms); i++)
        if (str_eq(local, forms[i]))
            return STR_NONE;
    for (const char *sign = "_-"; *sign; sign++) {
        struct str whole[] = {str_printf(arena, "%.*s%c%.*s", STR_ARG(given), *sign, STR_ARG(family)),
                              str_printf(arena, "%.*s%c%.*s", STR_ARG(family), *sign, STR_ARG(given)),
                              str_printf(arena, "%.1s%c%.*s", given.p, *sign, STR_ARG(family))};
        for (size_t i = 0; i < ARRAY_LEN(whole); i++)
            if (str_eq(local, whole[i]))
                return STR_NONE;
        if (given.n >= 3 && family.n >= 4 && local.n >= 10 && memchr(local.p, *sign, local.n) &&
            ocr_distance(local, whole[0], 1) == 1)
            return whole[0];
    }
    for (size_t i = 0; i < ARRAY_LEN(forms); i++) /* "anna.musterq@": the sign's edge was read as a letter too */
        if (forms[i].n >= 8 && local.n == forms[i].n + 1 && str_starts(local, forms[i]) &&
            strchr("qg0oe", local.p[local.n - 1]) && given.n >= 3)
            return forms[i];
    bool stroke = local.n == family.n + 1 && strchr("il1j|", local.p[0]) && given.n && local.p[0] != given.p[0];
    if (stroke && str_ends(local, family))
        return family; /* what stood before it was read into it */
    if (given.n >= 3 && family.n >= 4 && local.n >= 10 && local.n == forms[3].n &&
        ocr_distance(local, forms[3], 1) == 1)
        return forms[3];
    for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
        struct str mended = same_joints(local, forms[i], arena);
        if (mended.p)
            return mended;
    }
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
        if (!local.p && !str_eq(written[1], plain[1]) && str_find(email.local, written[1], 0) < 0)
            local = meant_local(find, email.local, plain[0], plain[1], look->arena);
        if (!local.p)
            continue;
        find->alternative = find->value;
        find->value = str_printf(look->arena, "%.*s@%.*s", STR_ARG(local), STR_ARG(email.domain));
        find->confidence *= 0.9;
    }
}

/* Whether some other line prints the letters of a domain's name: a logo, the company. */
static bool printed_elsewhere(const struct ocr_look *look, struct str host)
{
    struct str label = contact_text_letters(ocr_domain_label(host, look->arena), look->arena);
    for (size_t i = 0; i < look->n; i++) {
        struct str text = look->lines[i].line->text;
        bool address = memchr(text.p ? text.p : "", '@', text.n) || str_find(text, label, 0) >= 0;
        if (!address && label.n >= 4 && str_find(look->lines[i].letters, label, 0) >= 0)
            return true;
    }
    return false;
}

/* How much speaks for a domain as it was read. */
static double evidence(const struct ocr_look *look, const struct ocr_find *find, struct str host)
{
    return (find->n ? ocr_look_confidence(look, find->spans[0]) : 0.5) + (printed_elsewhere(look, host) ? 1 : 0);
}

static struct str host_of(struct str url)
{
    ptrdiff_t slashes = str_find(url, STR("://"), 0);
    struct str rest = str_slice(url, slashes >= 0 ? (size_t)slashes + 3 : 0, url.n), host;
    if (str_starts(rest, STR("www.")))
        rest = str_slice(rest, 4, rest.n);
    return str_split(&rest, '/', &host) ? host : STR_NONE;
}

/* `find` says `wrong` somewhere: it is to say `right`. */
static void correct(const struct ocr_look *look, struct ocr_find *find, struct str wrong, struct str right)
{
    ptrdiff_t at = str_find(find->value, wrong, 0);
    if (at < 0)
        return;
    find->alternative = find->value;
    find->value = str_printf(look->arena, "%.*s%.*s%.*s", STR_ARG(str_slice(find->value, 0, (size_t)at)),
                             STR_ARG(right), STR_ARG(str_slice(find->value, (size_t)at + wrong.n, find->value.n)));
    find->confidence *= 0.9;
}

/* Letters of line i, with those of the line below where that stands in the same block: a name on two lines. */
static struct str printed_letters(const struct ocr_look *look, size_t i, bool two)
{
    const struct ocr_look_line *line = &look->lines[i], *next = i + 1 < look->n ? line + 1 : NULL;
    if (!two)
        return line->letters;
    if (!next || next->line->block != line->line->block)
        return STR("");
    return str_printf(look->arena, "%.*s%.*s", STR_ARG(line->letters), STR_ARG(next->letters));
}

/* What the letters of a domain's label should be by a printed name: one letter misread, or the "w" of a label before
 * it read into it; absent when the name says nothing else. */
static struct str meant_letters(struct str label, struct str name)
{
    bool stuck = label.n > LABEL_LETTERS && label.p[0] == 'w' && str_starts(name, str_slice(label, 1, label.n));
    if (stuck)
        return str_slice(label, 1, label.n);
    struct str head = str_slice(name, 0, label.n);
    size_t different = 0;
    for (size_t i = 0; head.n == label.n && i < label.n; i++)
        different += head.p[i] != label.p[i];
    bool slip = label.n >= LONG_LABEL && head.n == label.n && different == 1;
    return slip || one_misread(label, head) ? head : STR_NONE;
}

/* The company as it is printed, which is read better than an address, against a domain of as many letters: the one
 * misread letter put right; absent when no line tells, or one spells the domain as it is. */
static struct str printed_label(const struct ocr_look *look, const struct ocr_find *mail, struct str host)
{
    struct str label = ocr_domain_label(host, look->arena), found = STR_NONE;
    struct str letters = contact_text_letters(label, look->arena);
    for (size_t i = 0; i < look->n && mail->n && letters.n >= LABEL_LETTERS; i++) {
        const struct ocr_line *line = look->lines[i].line, *own = look->lines[mail->spans[0].line].line;
        bool address =
            memchr(line->text.p ? line->text.p : "", '@', line->text.n) || str_find(line->text, STR("www"), 0) >= 0;
        if (line == own || address || line->height < 0.9 * own->height)
            continue;
        for (int two = 0; two < 2 && !found.p; two++) {
            struct str name = printed_letters(look, i, two);
            if (str_starts(name, letters))
                return STR_NONE;
            found = meant_letters(letters, name);
        }
    }
    if (!found.p)
        return STR_NONE;
    struct strbuf meant = {.arena = look->arena};
    for (size_t at = letters.n == found.n ? 0 : 1, k = 0; at < label.n; at++)
        strbuf_add_char(&meant, label.p[at] == '-' ? '-' : found.p[k++]);
    return strbuf_str(&meant);
}

/* Mail and website by what the company is called in print that is read better. */
static void agree_with_print(struct ocr_look *look)
{
    struct ocr_find_list *lists[] = {&look->emails, &look->urls};
    for (size_t l = 0; l < ARRAY_LEN(lists); l++)
        for (size_t i = 0; i < lists[l]->n; i++) {
            struct ocr_find *find = &lists[l]->items[i];
            struct contact_email email;
            struct str host = l ? host_of(find->value) : STR_NONE;
            if (!l && contact_email_parse(find->value, look->arena, &email) && !contact_domain_free_mail(email.domain))
                host = email.domain;
            struct str label = host.p ? ocr_domain_label(host, look->arena) : STR_NONE;
            struct str meant = label.p ? printed_label(look, find, host) : STR_NONE;
            if (meant.p)
                correct(look, find, label, meant);
        }
}

static void note_letters(struct ocr_look *look)
{
    for (size_t i = 0; i < look->n; i++)
        look->lines[i].letters =
            ocr_domain_close(contact_text_fold(look->lines[i].line->text, look->arena), look->arena);
}

void ocr_fields_domain_agree(struct ocr_look *look)
{
    if (look->emails.n == 0 && look->urls.n == 0)
        return;
    note_letters(look);
    agree_with_print(look);
    for (size_t i = 0; i < look->emails.n; i++)
        for (size_t k = 0; k < look->urls.n; k++) {
            struct ocr_find *mail = &look->emails.items[i], *url = &look->urls.items[k];
            struct contact_email email;
            struct str host = host_of(url->value);
            if (!contact_email_parse(mail->value, look->arena, &email) || contact_domain_free_mail(email.domain))
                continue;
            size_t distance = ocr_distance(host, email.domain, 2);
            if (distance < 1 || distance > 2 || email.domain.n < 8)
                continue;
            if (evidence(look, mail, email.domain) >= evidence(look, url, host))
                correct(look, url, host, email.domain);
            else
                correct(look, mail, email.domain, host);
        }
}
