/* Postal addresses: a postal code or a known city is the anchor, the street is what stands before it. */
#include "contact/company.h"
#include "contact/country.h"
#include "contact/text.h"
#include "ocr/fields/lexicon.h"
#include "ocr/fields/postal.h"

enum { PARTS = 160, STREET_PARTS = 5 };

struct parts {
    struct ocr_part items[PARTS];
    size_t n;
};

static bool has_digit(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] >= '0' && s.p[i] <= '9')
            return true;
    return false;
}

static bool lone_dash(struct str word)
{
    return str_eq(word, STR("-")) || str_eq(word, STR("–")) || str_eq(word, STR("/"));
}

/* Words that only announce an address: "Office Address:", "Adresse". */
static bool label_word(struct str fold)
{
    static const char *const words[] = {"adresse", "address", "anschrift", "add",      "adr",
                                        "adres",   "adress",  "indirizzo", "direccion"};
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (str_eq(fold, str_c(words[i])))
            return true;
    return false;
}

/* Leaves out what stands before an address in its line: labels up to a colon, icons read as a letter. */
static struct ocr_span without_label(const struct ocr_look *look, struct ocr_span span)
{
    const struct ocr_look_word *words = look->lines[span.line].words;
    for (size_t i = span.from; i < span.to && i < span.from + 3; i++)
        if (label_word(words[i].fold) || (str_ends(words[i].word->text, STR(":")) && i + 1 < span.to))
            return (struct ocr_span){span.line, i + 1, span.to};
    while (span.from < span.to) {
        const struct ocr_look_word *word = &words[span.from];
        bool icon = utf8_count(word->word->text) == 1 &&
                    !(word->word->text.p[0] >= '0' && word->word->text.p[0] <= '9') && word->word->text.p[0] != '#';
        if (!icon && !str_empty(word->fold))
            break;
        span.from++;
    }
    return span;
}

static void close_part(const struct ocr_look *look, struct parts *parts, struct ocr_span whole)
{
    struct ocr_span span = without_label(look, whole);
    if (span.from >= span.to || parts->n == PARTS)
        return;
    struct ocr_part *part = &parts->items[parts->n];
    *part = (struct ocr_part){.span = span};
    for (size_t i = span.from; i < span.to && part->n < OCR_PART_WORDS; i++) {
        struct str text = look->lines[span.line].words[i].word->text;
        while (text.n && strchr(",;:", text.p[text.n - 1]))
            text.n--;
        if (text.n > 1 && text.p[text.n - 1] == ')' && !memchr(text.p, '(', text.n))
            text.n--;
        part->text[part->n] = text;
        part->fold[part->n++] = look->lines[span.line].words[i].fold;
    }
    parts->n++;
}

static void cut_piece(const struct ocr_look *look, struct parts *parts, struct ocr_span piece)
{
    struct ocr_span span = {piece.line, piece.from, piece.from};
    for (size_t w = piece.from; w < piece.to; w++) {
        struct str text = look->lines[piece.line].words[w].word->text;
        bool dash = lone_dash(text), last = dash || str_ends(text, STR(",")) || str_ends(text, STR(";"));
        span.to = dash ? w : w + 1;
        if (!last)
            continue;
        close_part(look, parts, span);
        span.from = span.to = w + 1;
    }
    close_part(look, parts, span);
}

/* Cuts the free words of the card at commas, dividers and lone dashes. */
static struct parts *cut_parts(const struct ocr_look *look)
{
    struct parts *parts = arena_one(look->arena, struct parts);
    for (size_t i = 0; i < look->n; i++) {
        struct ocr_piece *pieces;
        size_t n = ocr_look_pieces(look, i, true, &pieces);
        for (size_t k = 0; k < n; k++)
            cut_piece(look, parts, pieces[k].span);
    }
    return parts;
}

static bool street_word(const struct ocr_part *part)
{
    for (size_t i = 0; i < part->n; i++) {
        if (ocr_lexicon_has(OCR_LEXICON_STREET_WORDS, part->fold[i]))
            return true;
        if (ocr_lexicon_ends(OCR_LEXICON_STREET_ENDINGS, part->fold[i]))
            return true;
    }
    return false;
}

static bool building_word(const struct ocr_part *part)
{
    for (size_t i = 0; i < part->n; i++)
        if (ocr_lexicon_has(OCR_LEXICON_BUILDING_WORDS, part->fold[i]))
            return true;
    return false;
}

static bool number_in(const struct ocr_part *part)
{
    for (size_t i = 0; i < part->n; i++)
        if (has_digit(part->text[i]))
            return true;
    return false;
}

/* 0 no, 1 may belong to a street, 2 is one. */
static int street_grade(const struct ocr_part *part, struct arena *arena)
{
    bool number = number_in(part), street = street_word(part), building = building_word(part);
    struct contact_company company;
    contact_company_form(ocr_part_text(part, 0, part->n, arena), arena, &company);
    if (company.legal.n > 2 || (part->n > 0 && ocr_lexicon_has(OCR_LEXICON_JOB_WORDS, part->fold[part->n - 1])))
        return 0;
    if (number && (street || building))
        return 2;
    if (number && part->n >= 2 && part->n <= 7)
        return 2;
    return street || building || number ? 1 : 0;
}

static bool country_part(const struct ocr_part *part, struct arena *arena, const char **ret_country)
{
    struct str text = ocr_part_text(part, 0, part->n, arena);
    if (str_ends(text, STR(".")))
        text.n--;
    *ret_country = contact_country_find(text, arena);
    return (*ret_country)[0] != '\0';
}

/* Whether two parts stand together: one line, or lines close below each other. */
static bool together(const struct ocr_look *look, const struct ocr_part *a, const struct ocr_part *b)
{
    const struct ocr_line *x = look->lines[a->span.line].line, *y = look->lines[b->span.line].line;
    if (x == y)
        return true;
    double gap = y->box.y - (x->box.y + x->box.h);
    bool beside = x->box.x < y->box.x + y->box.w && y->box.x < x->box.x + x->box.w;
    return gap > -y->box.h && gap < 2.2 * look->height && beside;
}

static void set(struct ocr_look *look, struct ocr_find *find, const struct ocr_part *part, size_t from, size_t to,
                double belief)
{
    struct ocr_span span = {part->span.line, part->span.from + from, part->span.from + to};
    if (from < to)
        *find = ocr_find_new(look, span, ocr_part_text(part, from, to, look->arena), belief);
}

static void take_find(struct ocr_look *look, const struct ocr_find *find)
{
    for (size_t i = 0; i < find->n; i++)
        ocr_look_take(look, find->spans[i]);
}

/* Puts `part` (or its first words) in front of the street so far. */
static void prepend_street(struct ocr_look *look, struct ocr_find *street, const struct ocr_part *part, size_t to)
{
    struct ocr_find more = {0};
    set(look, &more, part, 0, to, 0.85);
    if (!more.value.p)
        return;
    if (street->value.p) {
        more.value = str_printf(look->arena, "%.*s, %.*s", STR_ARG(more.value), STR_ARG(street->value));
        more.raw = str_printf(look->arena, "%.*s %.*s", STR_ARG(more.raw), STR_ARG(street->raw));
        for (size_t i = 0; i < street->n; i++)
            ocr_find_extend(&more, street->spans[i]);
        more.confidence = (more.confidence + street->confidence) / 2;
    }
    *street = more;
}

/* Best grade of the parts of one line up to and with part `at`. */
static int line_grade(const struct parts *parts, size_t at, size_t limit, struct arena *arena)
{
    int best = 0;
    for (size_t i = at + 1; i > limit && parts->items[i - 1].span.line == parts->items[at].span.line; i--) {
        int grade = street_grade(&parts->items[i - 1], arena);
        best = grade > best ? grade : best;
    }
    return best;
}

static void collect_street(struct ocr_look *look, const struct parts *parts, size_t anchor, size_t limit,
                           struct ocr_find *street)
{
    const struct ocr_part *below = &parts->items[anchor];
    int strong = street->value.p ? 2 : 0;
    for (size_t k = 0; k < STREET_PARTS && anchor > limit + k; k++) {
        const struct ocr_part *part = &parts->items[anchor - 1 - k];
        int grade = street_grade(part, look->arena);
        struct contact_company company;
        contact_company_form(ocr_part_text(part, 0, part->n, look->arena), look->arena, &company);
        bool inner = part->span.line == below->span.line;
        bool free = !look->lines[part->span.line].words[part->span.from].taken;
        if (!free || company.legal.n > 2 || !together(look, part, below))
            break;
        if (grade == 0 && !(inner && strong) && line_grade(parts, anchor - 1 - k, limit, look->arena) < 2)
            break;
        if (!inner && grade < 2)
            grade = line_grade(parts, anchor - 1 - k, limit, look->arena);
        if (strong == 2 && grade < 2 && !inner && !building_word(part))
            break;
        prepend_street(look, street, part, part->n);
        strong = grade > strong ? grade : strong;
        below = part;
    }
}

/* Country named behind the anchor, or inferred. */
static void find_country(struct ocr_look *look, const struct parts *parts, size_t anchor, const char *inferred,
                         struct ocr_place *place)
{
    const char *country = "";
    for (size_t i = anchor + 1; i < parts->n && i <= anchor + 2; i++) {
        if (!together(look, &parts->items[anchor], &parts->items[i]))
            break;
        if (country_part(&parts->items[i], look->arena, &country)) {
            set(look, &place->country, &parts->items[i], 0, parts->items[i].n, 0.95);
            place->country.value = str_c(country);
            return;
        }
    }
    if (inferred[0])
        place->country =
            (struct ocr_find){.value = str_dup(look->arena, str_c(inferred)), .confidence = 0.6, .kind = -1};
}

static void take_place(struct ocr_look *look, const struct ocr_place *place)
{
    take_find(look, &place->street);
    take_find(look, &place->postal_code);
    take_find(look, &place->city);
    take_find(look, &place->region);
    take_find(look, &place->country);
    look->places[look->places_n++] = *place;
}

/* Words behind the city in the same part: a country, or a state. */
static void after_city(struct ocr_look *look, const struct ocr_part *part, size_t from, struct ocr_place *place)
{
    struct ocr_part rest = *part;
    const char *country = "";
    if (from >= part->n || from < 1)
        return;
    rest.n = part->n - from;
    memmove(rest.text, part->text + from, rest.n * sizeof *rest.text);
    if (!country_part(&rest, look->arena, &country))
        return;
    set(look, &place->country, part, from, part->n, 0.95);
    place->country.value = str_c(country);
}

static void city_elsewhere(struct ocr_look *look, const struct parts *parts, size_t at, struct ocr_place *place,
                           size_t *ret_anchor)
{
    const char *country = "";
    for (size_t back = 1; back <= 2 && back <= at; back++) {
        const struct ocr_part *part = &parts->items[at - back];
        if (!together(look, part, &parts->items[at]))
            return;
        if (part->n == 1 && ocr_postal_state(part->text[0], &country)) {
            set(look, &place->region, part, 0, 1, 0.9);
            continue;
        }
        if (number_in(part) && !ocr_part_city(part, 0, part->n, look->arena))
            return;
        size_t from = 0;
        while (from < part->n && !ocr_part_city(part, from, part->n, look->arena))
            from++;
        if (from == part->n && part->n <= 3 && back == 1)
            from = 0; /* in no list, but where a city stands */
        if (from == part->n)
            continue;
        set(look, &place->city, part, from, part->n, 0.8);
        *ret_anchor = at - back;
        if (from > 0)
            prepend_street(look, &place->street, part, from);
        return;
    }
}

static void place_by_code(struct ocr_look *look, const struct parts *parts, size_t at, size_t limit,
                          const struct ocr_postal *postal)
{
    const struct ocr_part *part = &parts->items[at];
    struct ocr_place place = {0};
    size_t anchor = at, head = postal->city_before ? postal->city_from : postal->code_from;
    set(look, &place.postal_code, part, postal->code_from, postal->code_to, postal->belief);
    place.postal_code.value = postal->code;
    bool known = ocr_part_city(part, postal->city_from, postal->city_to, look->arena);
    set(look, &place.city, part, postal->city_from, postal->city_to, known ? postal->belief : postal->belief - 0.08);
    if (postal->state != SIZE_MAX)
        set(look, &place.region, part, postal->state, postal->state + 1, 0.95);
    if (!place.city.value.p)
        city_elsewhere(look, parts, at, &place, &anchor);
    after_city(look, part, postal->city_before ? postal->code_to : postal->city_to, &place);
    if (anchor == at && head > 0)
        prepend_street(look, &place.street, part, head);
    collect_street(look, parts, anchor, limit, &place.street);
    if (!place.country.value.p)
        find_country(look, parts, at, postal->country[0] ? postal->country : look->region, &place);
    take_place(look, &place);
}

/* Without a postal code: a street with its number beside a city of the gazetteer. */
static void place_by_city(struct ocr_look *look, const struct parts *parts, size_t at, size_t limit)
{
    const struct ocr_part *part = &parts->items[at];
    struct ocr_place place = {0};
    const char *country = "";
    size_t cut = part->n;
    for (size_t from = 0; from < part->n && cut == part->n; from++)
        if (ocr_part_city(part, from, part->n, look->arena) && (from == 0 || street_grade(part, look->arena) > 0))
            cut = from;
    if (cut == part->n || number_in(part) || country_part(part, look->arena, &country))
        return;
    bool next_country = at + 1 < parts->n && together(look, part, &parts->items[at + 1]) &&
                        country_part(&parts->items[at + 1], look->arena, &country);
    set(look, &place.city, part, cut, part->n, 0.75);
    if (cut > 0)
        prepend_street(look, &place.street, part, cut);
    collect_street(look, parts, at, limit, &place.street);
    if (!place.street.value.p && !next_country)
        return;
    find_country(look, parts, at, look->region, &place);
    take_place(look, &place);
}

/* A street alone, when nothing else of an address could be read. */
static void lone_street(struct ocr_look *look, const struct parts *parts)
{
    for (size_t i = 0; i < parts->n && look->places_n < OCR_PLACES; i++) {
        const struct ocr_part *part = &parts->items[i];
        if (look->lines[part->span.line].words[part->span.from].taken || !street_word(part) || !number_in(part) ||
            part->n < 2)
            continue;
        struct ocr_place place = {0};
        set(look, &place.street, part, 0, part->n, 0.6);
        take_place(look, &place);
        return;
    }
}

void ocr_fields_address(struct ocr_look *look)
{
    struct parts *parts = cut_parts(look);
    size_t limit = 0;
    for (size_t i = 0; i < parts->n && look->places_n < OCR_PLACES; i++) {
        struct ocr_postal postal;
        if (!ocr_postal_find(&parts->items[i], look->region, look->arena, &postal))
            continue;
        bool lonely = postal.city_from == postal.city_to && postal.belief < 0.85;
        if (lonely && !(i > 0 && ocr_part_city(&parts->items[i - 1], 0, parts->items[i - 1].n, look->arena)))
            continue;
        place_by_code(look, parts, i, limit, &postal);
        limit = i + 1;
    }
    for (size_t i = 0; i < parts->n && look->places_n == 0; i++)
        place_by_city(look, parts, i, 0);
    if (look->places_n == 0)
        lone_street(look, parts);
}
