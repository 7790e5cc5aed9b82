/* Postal addresses: a postal code or a known city is the anchor; the city stands beside it, the street before. */
#include "contact/company.h"
#include "contact/country.h"
#include "contact/text.h"
#include "ocr/fields/lexicon.h"
#include "ocr/fields/place/postal.h"

enum { STREET_LINES = 4, STREET_PIECES = 24, CITY_STEPS = 5, COUNTRY_PARTS = 3 };

/* Words [from, to) of a part. */
struct cut {
    size_t part, from, to;
};

/* One address on its way; nothing of the card is taken before it is accepted. */
struct walk {
    struct ocr_look *look;
    const struct ocr_parts *parts;
    size_t limit; /* first part that no other address took */
    struct ocr_place place;
    struct cut street[STREET_PIECES]; /* backwards */
    size_t street_n;
    bool named;        /* a word for streets is in it */
    int strength;      /* 0 no street, 1 perhaps, 2 a number with words, 3 with a word for streets or buildings */
    struct cut anchor; /* of the city */
    size_t country_part;
    struct ocr_span beside; /* words of the anchor's line that belong to no field */
};

static bool has_digit(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] >= '0' && s.p[i] <= '9')
            return true;
    return false;
}

static bool letters(struct str word)
{
    size_t at = 0;
    return !str_empty(word) && contact_char_letter(utf8_next(word, &at));
}

static bool is_free(const struct walk *w, size_t part)
{
    const struct ocr_part *p = &w->parts->items[part];
    return !w->look->lines[p->line].words[p->word[0]].taken;
}

/* Whether two parts stand together: one line, or lines close below each other. */
static bool together(const struct walk *w, size_t upper, size_t lower)
{
    size_t a = w->parts->items[upper].line, b = w->parts->items[lower].line;
    if (a == b)
        return true;
    struct ocr_box x = w->look->lines[a].line->box, y = w->look->lines[b].line->box;
    double gap = y.y - (x.y + x.h);
    bool beside = x.x < y.x + y.w && y.x < x.x + x.w;
    return gap > -y.h && gap < 2.2 * w->look->height && beside;
}

/* What the words of a line say about being a street. */
struct traits {
    size_t words;
    bool number, street, building, other; /* other: a company, a job */
};

static void note_traits(const struct walk *w, struct traits *t, const struct ocr_part *part, size_t to)
{
    struct contact_company company;
    contact_company_form(ocr_part_text(part, 0, to, w->look->arena), w->look->arena, &company);
    bool number = false;
    for (size_t i = 0; i < to; i++)
        number = number || has_digit(part->text[i]);
    t->other = t->other || company.legal.n > 2 || (company.legal.n && !number) ||
               (to && ocr_lexicon_has(OCR_LEXICON_JOB_WORDS, part->fold[to - 1]));
    for (size_t i = 0; i < to; i++) {
        t->words++;
        t->number = t->number || has_digit(part->text[i]);
        t->street = t->street || ocr_part_street_word(part, i);
        t->building = t->building || ocr_lexicon_has(OCR_LEXICON_BUILDING_WORDS, part->fold[i]);
    }
}

static int grade_of(const struct traits *t)
{
    if (t->other)
        return 0;
    if (t->number && (t->street || t->building))
        return 3;
    if (t->number && t->words >= 2 && t->words <= 7)
        return 2;
    return t->street || t->building || t->number;
}

/* First free part of the line that part `at` lies in. */
static size_t line_first(const struct walk *w, size_t at)
{
    while (at > w->limit && w->parts->items[at - 1].line == w->parts->items[at].line && is_free(w, at - 1))
        at--;
    return at;
}

static void put_street(struct walk *w, size_t part, size_t from, size_t to)
{
    if (from < to && w->street_n < STREET_PIECES)
        w->street[w->street_n++] = (struct cut){part, from, to};
}

/* Parts [first, last] of a line, the last one up to word `to`, from behind. */
static void put_line(struct walk *w, size_t first, size_t last, size_t to)
{
    put_street(w, last, 0, to);
    for (size_t i = last; i > first; i--)
        put_street(w, i - 1, 0, w->parts->items[i - 1].n);
}

static bool wanted(const struct walk *w, const struct traits *t, bool open)
{
    int grade = grade_of(t);
    if (w->strength < 2)
        return grade >= 2 || (grade == 1 && (open || t->street));
    return grade == 3 || (t->building && !t->other) || (open && grade >= 1) || (grade == 1 && t->street && !w->named);
}

/* Everything that belongs to the street in front of the anchor: what stands in its line, then the lines above. */
static void collect_street(struct walk *w)
{
    const struct ocr_part *items = w->parts->items;
    size_t at = w->anchor.part, first = line_first(w, at);
    struct traits t = {0};
    for (size_t i = first; i < at; i++)
        note_traits(w, &t, &items[i], items[i].n);
    note_traits(w, &t, &items[at], w->anchor.from);
    w->strength = grade_of(&t);
    w->named = t.street;
    if (w->strength)
        put_line(w, first, at, w->anchor.from);
    else if (first < at) /* a district between street and city */
        w->beside = (struct ocr_span){items[at].line, items[first].word[0], items[at].word[0]};
    for (size_t lines = 0; lines < STREET_LINES && first > w->limit; lines++) {
        size_t last = first - 1, start = line_first(w, last);
        struct traits above = {0};
        for (size_t i = start; i <= last; i++)
            note_traits(w, &above, &items[i], items[i].n);
        if (!is_free(w, last) || !together(w, last, first) || !wanted(w, &above, items[last].comma))
            return;
        put_line(w, start, last, items[last].n);
        w->named = w->named || above.street;
        w->strength = grade_of(&above) > w->strength ? grade_of(&above) : w->strength;
        first = start;
    }
}

static struct ocr_find find_of(const struct walk *w, struct cut cut, double belief)
{
    const struct ocr_part *part = &w->parts->items[cut.part];
    if (cut.from >= cut.to)
        return (struct ocr_find){0};
    return ocr_find_new(w->look, ocr_part_span(part, cut.from, cut.to),
                        ocr_part_text(part, cut.from, cut.to, w->look->arena), belief);
}

/* "Vittorio Emanuele Il, 50": the numeral of a king or pope. */
static struct str mend_numeral(struct str street, struct arena *arena)
{
    ptrdiff_t at = str_find(street, STR(" Il, "), 1);
    if (at < 0 || (size_t)at + 5 >= street.n || street.p[at + 5] < '0' || street.p[at + 5] > '9')
        return street;
    return str_printf(arena, "%.*s II, %.*s", (int)at, street.p, STR_ARG(str_slice(street, (size_t)at + 5, street.n)));
}

/* The pieces of the street in reading order as one value with a span for each line. */
static struct ocr_find street_find(const struct walk *w)
{
    struct ocr_find find = {0};
    double sum = 0;
    for (size_t i = w->street_n; i > 0; i--) {
        struct ocr_find piece = find_of(w, w->street[i - 1], 0.85);
        sum += piece.confidence;
        if (!find.n) {
            find = piece;
            continue;
        }
        struct ocr_span *last = &find.spans[find.n - 1];
        find.value = str_printf(w->look->arena, "%.*s, %.*s", STR_ARG(find.value), STR_ARG(piece.value));
        find.raw = str_printf(w->look->arena, "%.*s %.*s", STR_ARG(find.raw), STR_ARG(piece.raw));
        if (last->line == piece.spans[0].line)
            last->to = piece.spans[0].to > last->to ? piece.spans[0].to : last->to;
        else
            ocr_find_extend(&find, piece.spans[0]);
    }
    find.confidence = w->street_n ? sum / (double)w->street_n : 0;
    find.value = find.value.p ? mend_numeral(find.value, w->look->arena) : find.value;
    return find;
}

/* ---- the city ------------------------------------------------------------------------------------------------- */

static bool may_be_city(const struct walk *w, size_t part)
{
    const struct ocr_part *p = &w->parts->items[part];
    return ocr_part_city_start(p, p->n, w->look->arena) < p->n;
}

/* Takes a state, county or province off the end of words [0, *to) of part `at`. */
static bool take_region(struct walk *w, size_t at, size_t *to)
{
    const struct ocr_part *part = &w->parts->items[at];
    const char *country = "";
    bool before = at > w->limit && together(w, at - 1, at) && may_be_city(w, at - 1);
    if (ocr_postal_state(part->text[*to - 1], w->place.country.value.p ? w->place.country.value.p : "", &country)) {
        w->place.region = find_of(w, (struct cut){at, *to - 1, *to}, 0.95);
        *to -= 1;
        return true;
    }
    for (size_t from = 0; from < *to; from++) {
        bool city = from ? ocr_part_city_start(part, from, w->look->arena) < from : before;
        if (!city || !(ocr_part_region(part, from, *to, w->look->arena) || (part->paren && !from)))
            continue;
        w->place.region = find_of(w, (struct cut){at, from, *to}, 0.9);
        *to = from;
        return true;
    }
    return false;
}

/* Looks for the city in front of word `to` of part `at`, over states and counties between. A word in no list is
 * believed where a city stands; on another line only when the code is sure. */
static bool city_before(struct walk *w, size_t at, size_t to, bool sure)
{
    size_t line = w->parts->items[at].line;
    for (size_t steps = 0; steps < CITY_STEPS; steps++) {
        const struct ocr_part *part = &w->parts->items[at];
        while (to > 0 && !letters(part->text[to - 1]) && part->text[to - 1].n <= 3 && !has_digit(part->text[to - 1]))
            to--; /* dashes */
        if (to > 0 && take_region(w, at, &to))
            continue;
        if (to > 0) {
            size_t from = ocr_part_city_start(part, to, w->look->arena);
            bool known = ocr_part_city(part, from, to, w->look->arena);
            if (from == to || (!known && !sure && part->line != line))
                return false;
            w->anchor = (struct cut){at, from, to};
            w->place.city = find_of(w, w->anchor, known ? 0.93 : 0.8);
            return true;
        }
        if (at == w->limit || !together(w, at - 1, at) || !is_free(w, at - 1))
            return false;
        to = w->parts->items[--at].n;
    }
    return false;
}

/* The city behind word `from` of part `at`: the longest run the gazetteer knows, else all words of letters. */
static bool city_behind(struct walk *w, size_t at, size_t from, double belief)
{
    struct arena *arena = w->look->arena;
    const struct ocr_part *part = &w->parts->items[at];
    size_t end = from, to, start = from;
    while (end < part->n && !ocr_word_country(part->text[end], arena) && letters(part->text[end]))
        end++;
    for (to = end; to > from && !ocr_part_city(part, from, to, arena);)
        to--;
    bool turkish = w->place.country.value.p && str_eq(w->place.country.value, STR("TR"));
    if (turkish && end > from + 1 && ocr_part_city(part, end - 1, end, arena)) {
        start = end - 1; /* the province behind the district */
        to = end;
    }
    if (to == from)
        for (to = end; start < end && !ocr_part_city(part, start, end, arena);)
            start++; /* "Beşiktaş İstanbul": the district stands first */
    if (start == end)
        start = from;
    if (from == end)
        return false;
    bool known = ocr_part_city(part, start, to, arena);
    w->anchor = (struct cut){at, start, to};
    w->place.city = find_of(w, w->anchor, known ? belief : belief - 0.08);
    return true;
}

/* "Nilüfer / Bursa": in Turkey the province behind the district is the city. "Haren (Ems)" is one name. */
static void widen_city(struct walk *w, const char *country)
{
    size_t next = w->anchor.part + 1;
    if (next >= w->parts->n || w->parts->items[next].line != w->parts->items[next - 1].line || !is_free(w, next) ||
        w->anchor.to < w->parts->items[next - 1].n)
        return;
    const struct ocr_part *part = &w->parts->items[next];
    struct cut cut = {next, 0, part->n};
    if (strcmp(country, "TR") == 0 && ocr_part_city(part, 0, part->n, w->look->arena) &&
        !ocr_word_country(part->text[0], w->look->arena)) {
        w->place.city = find_of(w, cut, 0.85);
        w->anchor = cut;
    } else if (part->paren && part->n == 1 && part->text[0].n > 2 && !ocr_word_country(part->text[0], w->look->arena) &&
               (strcmp(country, "DE") == 0 || strcmp(country, "AT") == 0 || strcmp(country, "CH") == 0)) {
        ocr_find_extend(&w->place.city, ocr_part_span(part, 0, 1));
        w->place.city.value =
            str_printf(w->look->arena, "%.*s (%.*s)", STR_ARG(w->place.city.value), STR_ARG(part->text[0]));
    }
}

/* ---- the country ---------------------------------------------------------------------------------------------- */

static bool country_in(const struct walk *w, size_t at, size_t from, struct ocr_find *ret_find)
{
    const struct ocr_part *part = &w->parts->items[at];
    for (size_t i = from; i < part->n; i++) {
        struct str text = ocr_part_text(part, i, part->n, w->look->arena);
        text.n -= str_ends(text, STR(".")) && text.n > 4;
        const char *country = contact_country_find(text, w->look->arena);
        if (!country[0])
            continue;
        *ret_find = find_of(w, (struct cut){at, i, part->n}, 0.95);
        ret_find->value = str_c(country);
        return true;
    }
    return false;
}

/* Country named behind word `from` of part `at` or in a part that follows; else the inferred one. */
static void find_country(struct walk *w, size_t at, size_t from, const char *inferred)
{
    w->country_part = at;
    if (country_in(w, at, from, &w->place.country))
        return;
    for (size_t i = at + 1; i < w->parts->n && i <= at + COUNTRY_PARTS; i++) {
        if (!together(w, i - 1, i) || !is_free(w, i))
            break;
        w->country_part = i;
        if (country_in(w, i, 0, &w->place.country) && w->place.country.spans[0].from == w->parts->items[i].word[0])
            return;
    }
    w->place.country = (struct ocr_find){0};
    if (inferred[0])
        w->place.country = (struct ocr_find){
            .value = str_dup(w->look->arena, str_c(inferred)), .confidence = 0.6, .belief = 0.6, .kind = -1};
}

/* ---- whole addresses ------------------------------------------------------------------------------------------ */

static void take_place(struct walk *w)
{
    struct ocr_look *look = w->look;
    w->place.street = street_find(w);
    const struct ocr_find *finds[] = {&w->place.street, &w->place.postal_code, &w->place.city, &w->place.region,
                                      &w->place.country};
    for (size_t i = 0; i < ARRAY_LEN(finds); i++)
        for (size_t k = 0; k < finds[i]->n; k++)
            ocr_look_take(look, finds[i]->spans[k]);
    ocr_look_take(look, w->beside);
    look->places[look->places_n++] = w->place;
}

static struct walk *walk_new(struct ocr_look *look, const struct ocr_parts *parts, size_t limit)
{
    struct walk *w = arena_one(look->arena, struct walk);
    w->look = look;
    w->parts = parts;
    w->limit = limit;
    return w;
}

/* "P.O. Box 12345", "Unit 6160": a number that a word claims for something else. */
static bool claimed(const struct ocr_part *part, size_t at)
{
    static const char *const words[] = {"box", "postfach", "postbus", "bp",    "cs",   "no",
                                        "nr",  "plot",     "unit",    "suite", "room", "lot"};
    for (size_t i = 0; at > 0 && i < ARRAY_LEN(words); i++)
        if (str_eq(part->fold[at - 1], str_c(words[i])))
            return true;
    return false;
}

/* Whether words of digits stand where a postal code does: "ISO 27001" and "12345 Main Street" do not. */
static bool credible(const struct walk *w, const struct ocr_postal *postal)
{
    const struct ocr_part *part = &w->parts->items[w->anchor.part];
    if (!postal->plain || w->place.region.value.p)
        return true;
    for (size_t i = w->anchor.from; i < w->anchor.to; i++)
        if (ocr_lexicon_has(OCR_LEXICON_STREET_WORDS, part->fold[i]) && part->fold[i].n > 2)
            return false;
    bool behind = w->place.city.value.p && w->anchor.from >= postal->to;
    return behind || ocr_part_city(part, w->anchor.from, w->anchor.to, w->look->arena) ||
           (postal->country[0] && postal->city_before && w->place.city.value.p);
}

/* Finds the city beside the code, in front of it or behind, as is the custom. */
static bool find_city(struct walk *w, size_t at, const struct ocr_postal *postal)
{
    bool next = at + 1 < w->parts->n && w->parts->items[at + 1].line == w->parts->items[at].line && is_free(w, at + 1);
    bool sure = postal->country[0] && (!postal->plain || postal->code.n > 4);
    if (!postal->city_before && city_behind(w, at, postal->to, postal->belief))
        return true;
    if (!postal->city_before && postal->to == w->parts->items[at].n && next &&
        ocr_part_city(&w->parts->items[at + 1], 0, w->parts->items[at + 1].n, w->look->arena))
        return city_behind(w, at + 1, 0, postal->belief);
    if (city_before(w, at, postal->from, sure))
        return true;
    return postal->city_before && city_behind(w, at, postal->to, postal->belief - 0.1);
}

static bool place_by_code(struct ocr_look *look, const struct ocr_parts *parts, size_t at, size_t limit)
{
    struct ocr_postal postal;
    for (size_t start = 0; ocr_postal_find(&parts->items[at], start, look->region, look->arena, &postal);
         start = postal.from + 1) {
        struct walk *w = walk_new(look, parts, limit);
        w->place.country.value = postal.country[0] ? str_dup(look->arena, str_c(postal.country)) : STR_NONE;
        w->place.postal_code = find_of(w, (struct cut){at, postal.from, postal.to}, postal.belief);
        w->place.postal_code.value = postal.code;
        if (claimed(&parts->items[at], postal.from) || !find_city(w, at, &postal) || !credible(w, &postal))
            continue;
        size_t behind = w->anchor.part == at && w->anchor.from >= postal.to ? w->anchor.to : postal.to;
        struct cut anchor = w->anchor;
        if (w->anchor.part > at || (w->anchor.part == at && w->anchor.from >= postal.to))
            w->anchor = (struct cut){at, postal.from, postal.from};
        collect_street(w);
        w->anchor = anchor;
        widen_city(w, postal.country);
        find_country(w, w->anchor.part > at ? w->anchor.part : at, w->anchor.part > at ? w->anchor.to : behind,
                     postal.country[0] ? postal.country : look->region);
        take_place(w);
        return true;
    }
    return false;
}

/* The city a part ends with, when the gazetteer knows it and a country or a street stands beside; how much speaks for
 * it. */
static double try_city(struct walk *w, size_t at)
{
    const struct ocr_part *part = &w->parts->items[at];
    struct arena *arena = w->look->arena;
    const char *country = contact_country_find(ocr_part_text(part, 0, part->n, arena), arena);
    size_t from = ocr_part_city_start(part, part->n, arena);
    if (!ocr_part_city(part, from, part->n, arena) || (country[0] && ocr_word_country(part->text[0], arena)))
        return 0;
    w->anchor = (struct cut){at, from, part->n};
    w->place.city = find_of(w, w->anchor, 0.75);
    collect_street(w);
    find_country(w, at, part->n, w->look->region);
    double score = w->strength >= 2 ? w->strength : 0;
    if (w->place.country.n) /* the nearer the country the surer the city */
        score += 2 - 0.3 * (double)(w->country_part - at);
    return score - (country[0] ? 0.5 : 0);
}

/* Without a postal code: the best city with a street or a country beside it. */
static void place_by_city(struct ocr_look *look, const struct ocr_parts *parts)
{
    struct walk *best = NULL;
    double most = 0;
    for (size_t i = 0; i < parts->n; i++) {
        struct walk *w = walk_new(look, parts, 0);
        double score = is_free(w, i) ? try_city(w, i) : 0;
        bool wider = best && w->anchor.part < parts->n && score > 0 && score >= most &&
                     parts->items[i].line == parts->items[best->anchor.part].line;
        if (score <= most && !wider) /* "Ataşehir / İstanbul": the wider place stands behind */
            continue;
        most = score;
        best = w;
    }
    if (best)
        take_place(best);
}

/* A street alone, when nothing else of an address could be read. */
static void lone_street(struct ocr_look *look, const struct ocr_parts *parts)
{
    for (size_t i = 0; i < parts->n; i++) {
        struct walk *w = walk_new(look, parts, 0);
        const struct ocr_part *part = &parts->items[i];
        struct traits t = {0};
        note_traits(w, &t, part, part->n);
        if (!is_free(w, i) || !t.street || !t.number || t.other || part->n < 2)
            continue;
        put_street(w, i, 0, part->n);
        take_place(w);
        return;
    }
}

void ocr_fields_address(struct ocr_look *look)
{
    struct ocr_parts *parts = ocr_parts_cut(look);
    size_t limit = 0;
    for (size_t i = 0; i < parts->n && look->places_n < OCR_PLACES; i++)
        if (place_by_code(look, parts, i, limit))
            limit = i + 1;
    if (look->places_n == 0)
        place_by_city(look, parts);
    if (look->places_n == 0)
        lone_street(look, parts);
}
