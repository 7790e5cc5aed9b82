/* Postal addresses: a postal code or a known city is the anchor; the city stands beside it, the street before. */
#include "contact/country.h"
#include "contact/text.h"
#include "ocr/fields/lexicon.h"
#include "ocr/fields/place/postal.h"
#include "ocr/fields/place/walk.h"

enum { CITY_STEPS = 5, COUNTRY_PARTS = 3 };

static bool letters(struct str word)
{
    size_t at = 0;
    return !str_empty(word) && contact_char_letter(utf8_next(word, &at));
}

/* ---- the city ------------------------------------------------------------------------------------------------- */

static bool may_be_city(const struct ocr_walk *w, size_t part)
{
    const struct ocr_part *p = &w->parts->items[part];
    return ocr_part_city_start(p, p->n, w->look->arena) < p->n;
}

static bool two_capitals(struct str word)
{
    return word.n == 2 && word.p[0] >= 'A' && word.p[0] <= 'Z' && word.p[1] >= 'A' && word.p[1] <= 'Z';
}

/* Takes a state, county or province off the end of words [0, *to) of part `at`. */
static bool take_region(struct ocr_walk *w, size_t at, size_t *to)
{
    const struct ocr_part *part = &w->parts->items[at];
    const char *country = "";
    bool before = at > w->limit && ocr_walk_together(w, at - 1, at) && may_be_city(w, at - 1);
    if (ocr_postal_state(part->text[*to - 1], w->place.country.value.p ? w->place.country.value.p : "", &country)) {
        w->place.region = ocr_walk_find(w, (struct ocr_cut){at, *to - 1, *to}, 0.95);
        *to -= 1;
        return true;
    }
    if (before && *to == 1 && two_capitals(part->text[0])) { /* "Any City, ST 12345" */
        w->place.region = ocr_walk_find(w, (struct ocr_cut){at, 0, 1}, 0.8);
        *to = 0;
        return true;
    }
    for (size_t from = 0; from < *to; from++) {
        bool city = from ? ocr_part_city_start(part, from, w->look->arena) < from : before;
        if (!city || !(ocr_part_region(part, from, *to, w->look->arena) || (part->paren && !from)))
            continue;
        w->place.region = ocr_walk_find(w, (struct ocr_cut){at, from, *to}, 0.9);
        *to = from;
        return true;
    }
    return false;
}

/* Looks for the city in front of word `to` of part `at`, over states and counties between. A word in no list is
 * believed where a city stands; on another line only when the code is sure. */
static bool city_before(struct ocr_walk *w, size_t at, size_t to, bool sure)
{
    size_t line = w->parts->items[at].line;
    for (size_t steps = 0; steps < CITY_STEPS; steps++) {
        const struct ocr_part *part = &w->parts->items[at];
        while (to > 0 && !letters(part->text[to - 1]) && part->text[to - 1].n <= 3 &&
               !contact_text_has_digit(part->text[to - 1]))
            to--; /* dashes */
        if (to > 0 && ocr_word_country(part->text[to - 1], w->look->arena))
            to--; /* "Anytown, USA 12345" */
        if (to > 0 && take_region(w, at, &to))
            continue;
        if (to > 0) {
            size_t from = ocr_part_city_start(part, to, w->look->arena);
            bool known = ocr_part_city(part, from, to, w->look->arena);
            if (from == to || (!known && !sure && part->line != line))
                return false;
            w->anchor = (struct ocr_cut){at, from, to};
            w->place.city = ocr_walk_find(w, w->anchor, known ? 0.93 : 0.8);
            return true;
        }
        size_t above = ocr_walk_above(w, at);
        if (above == at)
            return false;
        at = above;
        to = w->parts->items[at].n;
    }
    return false;
}

/* Between the halves of a town's name: "Frankfurt am Main", "Newcastle upon Tyne". */
static bool joins_town(struct str fold)
{
    static const char *const words[] = {"im", "am",    "an",  "in",   "ob",  "bei", "upon",
                                        "on", "under", "sur", "sous", "les", "sul", "nad"};
    return ocr_word_in(fold, words, ARRAY_LEN(words));
}

/* The city behind word `from` of part `at`: the longest run the gazetteer knows, else all words of letters. */
static bool city_behind(struct ocr_walk *w, size_t at, size_t from, double belief)
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
    if (to + 1 < end && joins_town(part->fold[to]) && contact_text_starts_upper(part->text[to + 1]))
        to += 2; /* "Freiburg im Breisgau" */
    bool known = ocr_part_city(part, start, to, arena);
    w->anchor = (struct ocr_cut){at, start, to};
    w->place.city = ocr_walk_find(w, w->anchor, known ? belief : belief - 0.08);
    return true;
}

/* "Nilüfer / Bursa": in Turkey the province behind the district is the city. "Haren (Ems)" is one name. */
static void widen_city(struct ocr_walk *w, const char *country)
{
    size_t next = w->anchor.part + 1;
    if (next >= w->parts->n || w->parts->items[next].line != w->parts->items[next - 1].line ||
        !ocr_walk_free(w, next) || w->anchor.to < w->parts->items[next - 1].n)
        return;
    const struct ocr_part *part = &w->parts->items[next];
    struct ocr_cut cut = {next, 0, part->n};
    if (strcmp(country, "TR") == 0 && ocr_part_city(part, 0, part->n, w->look->arena) &&
        !ocr_word_country(part->text[0], w->look->arena)) {
        w->place.city = ocr_walk_find(w, cut, 0.85);
        w->anchor = cut;
    } else if (part->paren && part->n == 1 && part->text[0].n > 2 && !ocr_word_country(part->text[0], w->look->arena) &&
               (strcmp(country, "DE") == 0 || strcmp(country, "AT") == 0 || strcmp(country, "CH") == 0)) {
        ocr_find_extend(&w->place.city, ocr_part_span(part, 0, 1));
        w->place.city.value =
            str_printf(w->look->arena, "%.*s (%.*s)", STR_ARG(w->place.city.value), STR_ARG(part->text[0]));
    }
}

/* ---- the country ---------------------------------------------------------------------------------------------- */

static bool country_in(const struct ocr_walk *w, size_t at, size_t from, struct ocr_find *ret_find)
{
    const struct ocr_part *part = &w->parts->items[at];
    for (size_t i = from; i < part->n; i++) {
        struct str text = ocr_part_text(part, i, part->n, w->look->arena);
        text.n -= str_ends(text, STR(".")) && text.n > 4;
        const char *country = contact_country_find(text, w->look->arena);
        if (!country[0])
            continue;
        *ret_find = ocr_walk_find(w, (struct ocr_cut){at, i, part->n}, 0.95);
        ret_find->value = str_c(country);
        return true;
    }
    return false;
}

/* Country named behind word `from` of part `at` or in a part that follows; else the inferred one. */
static void find_country(struct ocr_walk *w, size_t at, size_t from, const char *inferred)
{
    w->country_part = at;
    if (country_in(w, at, from, &w->place.country))
        return;
    for (size_t i = at + 1; i < w->parts->n && i <= at + COUNTRY_PARTS; i++) {
        if (!ocr_walk_together(w, i - 1, i) || !ocr_walk_free(w, i))
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

/* "Ahmedabad-", "Ahmedabad." at the end of a sentence; "D.C." stays. */
static struct str without_stop(struct str city)
{
    while (city.n > 4 && (str_ends(city, STR("-")) || (str_ends(city, STR(".")) && !memchr(city.p, '.', city.n - 1))))
        city.n--;
    return city;
}

static void take_place(struct ocr_walk *w)
{
    struct ocr_look *look = w->look;
    w->place.city.value = without_stop(w->place.city.value);
    w->place.street = ocr_walk_street_find(w);
    const struct ocr_find *finds[] = {&w->place.street, &w->place.postal_code, &w->place.city, &w->place.region,
                                      &w->place.country};
    for (size_t i = 0; i < ARRAY_LEN(finds); i++)
        for (size_t k = 0; k < finds[i]->n; k++)
            ocr_look_take(look, finds[i]->spans[k]);
    ocr_look_take(look, w->beside);
    look->places[look->places_n++] = w->place;
}

static struct ocr_walk *walk_new(struct ocr_look *look, const struct ocr_parts *parts, size_t limit)
{
    struct ocr_walk *w = arena_one(look->arena, struct ocr_walk);
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
    return at == 0 && part->n >= 3 && part->text[0].n == 5 && ocr_part_street_word(part, part->n - 1) &&
           part->fold[part->n - 1].n > 1; /* "19925 Stevens Creek Blvd.": the house */
}

/* Whether words of digits stand where a postal code does: "ISO 27001" and "12345 Main Street" do not. */
static bool credible(const struct ocr_walk *w, const struct ocr_postal *postal)
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
static bool find_city(struct ocr_walk *w, size_t at, const struct ocr_postal *postal)
{
    bool next =
        at + 1 < w->parts->n && w->parts->items[at + 1].line == w->parts->items[at].line && ocr_walk_free(w, at + 1);
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
        struct ocr_walk *w = walk_new(look, parts, limit);
        w->place.country.value = postal.country[0] ? str_dup(look->arena, str_c(postal.country)) : STR_NONE;
        w->place.postal_code = ocr_walk_find(w, (struct ocr_cut){at, postal.from, postal.to}, postal.belief);
        w->place.postal_code.value = postal.code;
        if (claimed(&parts->items[at], postal.from) || !find_city(w, at, &postal) || !credible(w, &postal))
            continue;
        size_t behind = w->anchor.part == at && w->anchor.from >= postal.to ? w->anchor.to : postal.to;
        struct ocr_cut anchor = w->anchor;
        if (w->anchor.part > at || (w->anchor.part == at && w->anchor.from >= postal.to))
            w->anchor = (struct ocr_cut){at, postal.from, postal.from};
        ocr_walk_street(w);
        w->anchor = anchor;
        ocr_walk_street_behind(w, anchor.part > at ? anchor.part : at);
        widen_city(w, postal.country);
        find_country(w, w->anchor.part > at ? w->anchor.part : at, w->anchor.part > at ? w->anchor.to : behind,
                     postal.country[0] ? postal.country : look->region);
        take_place(w);
        return true;
    }
    return false;
}

/* The two capitals that end the line behind part `at`, its first: "Fairview, OK", "Innsbruck, AT"; "" for none. */
static struct str code_behind(const struct ocr_walk *w, size_t at)
{
    const struct ocr_part *items = w->parts->items;
    bool first = at == 0 || items[at - 1].line != items[at].line;
    bool last = at + 1 < w->parts->n && (at + 2 == w->parts->n || items[at + 2].line != items[at].line);
    if (!first || !last || items[at + 1].line != items[at].line || items[at + 1].n != 1)
        return STR("");
    return two_capitals(items[at + 1].text[0]) ? items[at + 1].text[0] : STR("");
}

/* A town in no list beside a state of the card's country. */
static bool town_of_state(const struct ocr_walk *w, size_t at)
{
    const struct ocr_part *part = &w->parts->items[at];
    const char *country = "";
    struct str code = code_behind(w, at);
    bool plain = part->n <= 2 && !str_empty(code) && ocr_postal_state(code, w->look->region, &country);
    for (size_t i = 0; i < part->n; i++)
        plain = plain && part->text[i].n > 2 && contact_text_starts_upper(part->text[i]) &&
                !contact_text_has_digit(part->text[i]);
    return plain && strcmp(country, w->look->region) == 0;
}

/* The city a part ends with, when the gazetteer knows it and a country or a street stands beside; how much speaks for
 * it. */
static double try_city(struct ocr_walk *w, size_t at)
{
    const struct ocr_part *part = &w->parts->items[at];
    struct arena *arena = w->look->arena;
    const char *country = contact_country_find(ocr_part_text(part, 0, part->n, arena), arena);
    size_t from = ocr_part_city_start(part, part->n, arena);
    bool town = town_of_state(w, at);
    from = town ? 0 : from;
    if (!(town || ocr_part_city(part, from, part->n, arena)) || (country[0] && ocr_word_country(part->text[0], arena)))
        return 0;
    w->anchor = (struct ocr_cut){at, from, part->n};
    w->place.city = ocr_walk_find(w, w->anchor, 0.75);
    ocr_walk_street(w);
    find_country(w, at, part->n, w->look->region);
    double score = w->strength >= 2 ? w->strength : 0;
    const char *state = "";
    struct str code = code_behind(w, at),
               home = ocr_lexicon_value(OCR_LEXICON_CITY_HOMES,
                                        contact_text_fold(ocr_part_text(part, from, part->n, arena), arena));
    if (!str_empty(code) && home.n && str_eq_nocase(str_slice(home, 0, 2), code)) { /* "Innsbruck, AT" */
        w->place.country = ocr_walk_find(w, (struct ocr_cut){at + 1, 0, 1}, 0.9);
        return score + 2;
    }
    const struct ocr_part *next = at + 1 < w->parts->n ? &w->parts->items[at + 1] : part;
    if (next != part && next->line == part->line && next->n == 1 && ocr_postal_state(next->text[0], "", &state)) {
        w->place.region = ocr_walk_find(w, (struct ocr_cut){at + 1, 0, 1}, 0.9); /* "Boston, MA" */
        w->place.country.value = str_dup(w->look->arena, str_c(state));
        score += 2;
    }
    if (w->place.country.n) /* the nearer the country the surer the city */
        score += 2 - 0.3 * (double)(w->country_part - at);
    return score - (country[0] ? 0.5 : 0);
}

/* Without a postal code: the best city with a street or a country beside it. */
static void place_by_city(struct ocr_look *look, const struct ocr_parts *parts)
{
    struct ocr_walk *best = NULL;
    double most = 0;
    for (size_t i = 0; i < parts->n; i++) {
        struct ocr_walk *w = walk_new(look, parts, 0);
        double score = ocr_walk_free(w, i) ? try_city(w, i) : 0;
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
        struct ocr_walk *w = walk_new(look, parts, 0);
        if (!ocr_walk_lone_street(w, i))
            continue;
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
