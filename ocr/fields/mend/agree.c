/* What the card says twice must agree: the domains of mail and website, and the company in print. Of all readings of
 * one name the one is taken that explains the others best; see slip.h. */
#include "contact/email.h"
#include "contact/text.h"
#include "ocr/fields/domain.h"
#include "ocr/fields/lexicon.h"
#include "ocr/fields/mend/mend.h"
#include "ocr/fields/mend/slip.h"

#include <math.h>

enum { SOURCES = 8, CANDIDATES = 24, SHORT = 6, LONG = 9, KNOWN_LETTERS = 5, SPELLINGS = 4 };

static const double FAR = 1.5;      /* cost from which two names are two */
static const double KNOWN = 0.25;   /* taken off the cost of a name that ends with a word of the lists */
static const double DOUBT = 0.12;   /* put on that of a name that only a logo spells */
static const double SMALLER = 0.6;  /* of the letters of an address: print that says less than the address does */
static const double PRINT = 2.5;    /* weight of print as large as the address, whose readings share their mistakes */
static const double READABLE = 0.7; /* confidence of print that may correct an address */

/* A domain as an address says it. */
struct source {
    struct ocr_find *find;
    struct str host, label, letters; /* label: the name in front of its suffix, letters: without hyphens */
    double weight;
};

/* Readings of one name: addresses and lines that say it, and what it may be. */
struct reading {
    struct source sources[SOURCES];
    size_t n;
    struct str candidates[CANDIDATES];
    bool printed[CANDIDATES]; /* it comes from a line */
    size_t candidates_n;
};

static struct str host_of(struct str url)
{
    ptrdiff_t slashes = str_find(url, STR("://"), 0);
    struct str rest = str_slice(url, slashes >= 0 ? (size_t)slashes + 3 : 0, url.n), host;
    if (str_starts(rest, STR("www.")))
        rest = str_slice(rest, 4, rest.n);
    return str_split(&rest, '/', &host) ? host : STR_NONE;
}

/* From the engine's confidence to how much a reading counts. */
static double weight_of(double confidence)
{
    return fmax(0.15, (confidence - 0.2) / 0.8);
}

static void add_source(const struct ocr_look *look, struct reading *all, struct ocr_find *find, struct str host)
{
    struct str label = host.p ? ocr_domain_label(host, look->arena) : STR_NONE;
    if (str_empty(label) || all->n == SOURCES || !find->n)
        return;
    all->sources[all->n++] = (struct source){
        .find = find,
        .host = host,
        .label = label,
        .letters = contact_text_letters(label, look->arena),
        .weight = weight_of(ocr_look_confidence(look, find->spans[0])),
    };
}

static void collect(struct ocr_look *look, struct reading *all)
{
    for (size_t i = 0; i < look->emails.n; i++) {
        struct contact_email email;
        if (contact_email_parse(look->emails.items[i].value, look->arena, &email) &&
            !contact_domain_free_mail(email.domain))
            add_source(look, all, &look->emails.items[i], email.domain);
    }
    for (size_t i = 0; i < look->urls.n; i++)
        add_source(look, all, &look->urls.items[i], host_of(look->urls.items[i].value));
}

static void add_candidate(struct reading *r, struct str letters, bool printed)
{
    for (size_t i = 0; i < r->candidates_n; i++)
        if (str_eq(r->candidates[i], letters))
            return;
    if (r->candidates_n == CANDIDATES)
        return;
    r->candidates[r->candidates_n] = letters;
    r->printed[r->candidates_n++] = printed;
}

/* Letters of line i, without marks or with umlauts written out, and again with those of the line below where that
 * stands in the same block: a name on two lines. */
static struct str printed_letters(const struct ocr_look *look, size_t i, size_t spelling)
{
    const struct ocr_look_line *line = &look->lines[i], *next = i + 1 < look->n ? line + 1 : NULL;
    const struct str *upper = &line->letters[spelling % 2], *lower = next ? &next->letters[spelling % 2] : NULL;
    if (spelling < 2)
        return *upper;
    if (!next || next->line->block != line->line->block)
        return STR("");
    return str_printf(look->arena, "%.*s%.*s", STR_ARG(*upper), STR_ARG(*lower));
}

/* A line that may name the company: no address, in print not much smaller than the address, and read well. */
static bool names_company(const struct ocr_look *look, size_t i, const struct source *source)
{
    const struct ocr_line *line = look->lines[i].line, *own = look->lines[source->find->spans[0].line].line;
    bool address = memchr(line->text.p ? line->text.p : "", '@', line->text.n) ||
                   str_find(line->text, STR("www"), 0) >= 0 || str_find(line->text, STR("http"), 0) >= 0;
    return line != own && !address && line->height >= SMALLER * own->height && look->lines[i].n &&
           ocr_look_confidence(look, (struct ocr_span){i, 0, look->lines[i].n}) > READABLE;
}

/* How well the beginning of a printed line, as it was read, is explained by a name; FAR when it is not. */
static double print_cost(struct str line, struct str meant)
{
    double least = FAR;
    for (size_t n = meant.n ? meant.n - 1 : 0; n <= meant.n + 1 && n <= line.n; n++)
        least = fmin(least, ocr_slip_cost(str_slice(line, 0, n), meant, least));
    return least;
}

static double print_weight(const struct ocr_look *look, size_t i, const struct source *source)
{
    double own = look->lines[source->find->spans[0].line].line->height;
    return look->lines[i].line->height >= 0.9 * own ? PRINT : 1;
}

/* Beginnings of a printed line that are close to what an address says. */
static void add_line(struct reading *r, struct str line, struct str letters)
{
    for (size_t n = letters.n - 1; n <= letters.n + 1 && n <= line.n; n++)
        if (ocr_slip_cost(letters, str_slice(line, 0, n), OCR_SLIP_ANY) <= OCR_SLIP_ANY)
            add_candidate(r, str_slice(line, 0, n), true);
}

static void add_printed(const struct ocr_look *look, struct reading *r, const struct source *source)
{
    for (size_t i = 0; i < look->n && source->letters.n >= SHORT; i++)
        for (size_t way = 0; way < SPELLINGS && names_company(look, i, source); way++)
            add_line(r, printed_letters(look, i, way), source->letters);
}

/* Ends with a word of companies: "ruizinformatica". */
static bool known_end(struct str letters)
{
    if (ocr_domain_common(letters))
        return true;
    for (size_t from = 0; from + KNOWN_LETTERS <= letters.n; from++) {
        struct str end = str_slice(letters, from, letters.n);
        if (ocr_lexicon_has(OCR_LEXICON_ORGANIZATION_WORDS, end) || ocr_lexicon_has(OCR_LEXICON_FAMILY_NAMES, end))
            return true;
    }
    return false;
}

/* The cost of all that was read if the name is `meant`. */
static double cost_of(const struct ocr_look *look, const struct reading *r, size_t candidate)
{
    struct str meant = r->candidates[candidate];
    double sum = (r->printed[candidate] ? DOUBT : 0) - (known_end(meant) ? KNOWN : 0), print = PRINT * FAR;
    for (size_t i = 0; i < r->n; i++)
        sum += r->sources[i].weight * ocr_slip_cost(r->sources[i].letters, meant, 2 * FAR);
    for (size_t i = 0; i < look->n; i++)
        for (size_t way = 0; way < SPELLINGS && names_company(look, i, &r->sources[0]); way++)
            print =
                fmin(print, print_weight(look, i, &r->sources[0]) * print_cost(printed_letters(look, i, way), meant));
    return sum + print;
}

/* Costs at which a name of so many letters is corrected. */
static double patience(size_t letters, bool printed)
{
    if (letters < SHORT)
        return printed ? 0 : OCR_SLIP_USUAL;
    return letters < LONG ? OCR_SLIP_USUAL : printed ? OCR_SLIP_ANY : FAR;
}

/* `find` says `wrong` in its domain: it is to say `right`. */
static void correct(const struct ocr_look *look, struct ocr_find *find, struct str wrong, struct str right)
{
    const char *sign = memchr(find->value.p, '@', find->value.n);
    ptrdiff_t at = str_find(find->value, wrong, sign ? (size_t)(sign - find->value.p) : 0);
    if (at < 0 || str_eq(wrong, right))
        return;
    find->alternative = find->value;
    find->value = str_printf(look->arena, "%.*s%.*s%.*s", STR_ARG(str_slice(find->value, 0, (size_t)at)),
                             STR_ARG(right), STR_ARG(str_slice(find->value, (size_t)at + wrong.n, find->value.n)));
    find->confidence *= 0.9;
}

/* Gives all addresses of a reading the name that explains them best. */
static void settle(const struct ocr_look *look, struct reading *r)
{
    size_t best = 0;
    double least = 0;
    for (size_t i = 0; i < r->n; i++)
        add_candidate(r, r->sources[i].letters, false);
    for (size_t i = 0; i < r->n; i++)
        add_printed(look, r, &r->sources[i]);
    for (size_t i = 0; i < r->candidates_n && r->candidates_n > 1; i++) {
        double cost = cost_of(look, r, i);
        best = i == 0 || cost < least ? i : best;
        least = i == 0 ? cost : fmin(cost, least);
    }
    for (size_t i = 0; i < r->n; i++) {
        const struct source *source = &r->sources[i];
        struct str meant = r->candidates[best];
        if (!str_eq(meant, source->letters) &&
            ocr_slip_cost(source->letters, meant, FAR) <= patience(source->letters.n, r->printed[best]))
            correct(look, source->find, source->label, ocr_slip_mend(source->label, meant, look->arena));
    }
}

/* The same name with and without its hyphen, or with two suffixes a slip apart: the better read one is right. */
static void settle_rest(const struct ocr_look *look, const struct source *a, const struct source *b)
{
    double first = a->weight + 2 * KNOWN * known_end(a->letters),
           second = b->weight + 2 * KNOWN * known_end(b->letters);
    const struct source *better = first >= second ? a : b, *worse = better == a ? b : a;
    size_t distance = ocr_distance(a->host, b->host, 2);
    if ((distance == 1 || distance == 2) && a->host.n >= LONG)
        correct(look, worse->find, worse->host, better->host);
}

static void note_letters(struct ocr_look *look)
{
    for (size_t i = 0; i < look->n; i++) {
        struct str text = ocr_piece_of(look, (struct ocr_span){i, 0, look->lines[i].n}).text;
        look->lines[i].letters[0] = ocr_domain_close(contact_text_fold(text, look->arena), look->arena);
        look->lines[i].letters[1] = contact_text_letters(text, look->arena);
    }
}

void ocr_fields_domain_agree(struct ocr_look *look)
{
    struct reading all = {0};
    bool settled[SOURCES] = {false};
    collect(look, &all);
    if (all.n)
        note_letters(look);
    for (size_t i = 0; i < all.n; i++) {
        struct reading *r = arena_one(look->arena, struct reading);
        for (size_t k = i; k < all.n && !settled[i]; k++)
            if (!settled[k] && (k == i || ocr_slip_cost(all.sources[k].letters, all.sources[i].letters, FAR) <= FAR)) {
                settled[k] = k > i;
                r->sources[r->n++] = all.sources[k];
            }
        if (r->n)
            settle(look, r);
    }
    all.n = 0;
    collect(look, &all);
    for (size_t i = 0; i < all.n; i++)
        for (size_t k = i + 1; k < all.n; k++)
            settle_rest(look, &all.sources[i], &all.sources[k]);
}
