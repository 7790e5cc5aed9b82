/* The street of an address; see walk.h. */
#include "contact/company.h"
#include "contact/text.h"
#include "ocr/fields/lexicon.h"
#include "ocr/fields/place/walk.h"

enum { STREET_LINES = 4, STRAY_PARTS = 4 };

bool ocr_walk_free(const struct ocr_walk *w, size_t part)
{
    const struct ocr_part *p = &w->parts->items[part];
    return !w->look->lines[p->line].words[p->word[0]].taken;
}

bool ocr_walk_together(const struct ocr_walk *w, size_t upper, size_t lower)
{
    size_t a = w->parts->items[upper].line, b = w->parts->items[lower].line;
    if (a == b)
        return true;
    struct ocr_box x = w->look->lines[a].line->box, y = w->look->lines[b].line->box;
    double gap = y.y - (x.y + x.h), middle = x.y + x.h / 2, aside = y.x - (x.x + x.w);
    bool beside = x.x < y.x + y.w && y.x < x.x + x.w;
    if (middle > y.y && middle < y.y + y.h && aside > 0 && aside < 4 * y.h)
        return true; /* one line that the layout cut */
    return gap > -y.h && gap < 2.2 * w->look->height && beside;
}

size_t ocr_walk_above(const struct ocr_walk *w, size_t at)
{
    for (size_t i = at; i > w->limit && i + STRAY_PARTS >= at; i--)
        if (ocr_walk_together(w, i - 1, at))
            return ocr_walk_free(w, i - 1) ? i - 1 : at;
    return at;
}

/* What the words of a line say about being a street. */
struct traits {
    size_t words;
    bool number, street, building, landmark, other; /* other: a company, a job */
};

/* "Opp. Town Hall", "Nr. Bus Stand", "Behind the Post Office": how places are found where houses have no numbers. */
static bool landmark(const struct ocr_walk *w, const struct ocr_part *part, size_t i)
{
    static const char *const words[] = {"opp", "opposite", "nr", "near", "behind", "bh", "b h", "beside"};
    return strcmp(w->look->region, "IN") == 0 && i + 1 < part->n && ocr_word_in(part->fold[i], words, ARRAY_LEN(words));
}

static void note_traits(const struct ocr_walk *w, struct traits *t, const struct ocr_part *part, size_t to)
{
    struct contact_company company;
    contact_company_form(ocr_part_text(part, 0, to, w->look->arena), w->look->arena, &company);
    bool number = false;
    for (size_t i = 0; i < to; i++)
        number = number || contact_text_has_digit(part->text[i]);
    t->other = t->other || company.legal.n > 2 || (company.legal.n && !number) ||
               (to && ocr_lexicon_has(OCR_LEXICON_JOB_WORDS, part->fold[to - 1]));
    for (size_t i = 0; i < to; i++) {
        t->words++;
        t->number = t->number || contact_text_has_digit(part->text[i]);
        t->street = t->street || ocr_part_street_word(part, i);
        t->building = t->building || ocr_lexicon_has(OCR_LEXICON_BUILDING_WORDS, part->fold[i]);
        t->landmark = t->landmark || landmark(w, part, i);
    }
}

static int grade_of(const struct traits *t)
{
    if (t->other)
        return 0;
    if (t->number && (t->street || t->building))
        return 3;
    if ((t->number || t->landmark) && t->words >= 2 && t->words <= 7)
        return 2;
    return t->street || t->building || t->number;
}

/* First free part of the line that part `at` lies in. */
static size_t line_first(const struct ocr_walk *w, size_t at)
{
    while (at > w->limit && w->parts->items[at - 1].line == w->parts->items[at].line && ocr_walk_free(w, at - 1))
        at--;
    return at;
}

static void put_street(struct ocr_walk *w, size_t part, size_t from, size_t to)
{
    if (from < to && w->street_n < OCR_STREET_PIECES)
        w->street[w->street_n++] = (struct ocr_cut){part, from, to};
}

/* Parts [first, last] of a line, the last one up to word `to`, from behind. */
static void put_line(struct ocr_walk *w, size_t first, size_t last, size_t to)
{
    put_street(w, last, 0, to);
    for (size_t i = last; i > first; i--)
        put_street(w, i - 1, 0, w->parts->items[i - 1].n);
}

/* Where a street and its number are the whole of it; elsewhere buildings, floors and quarters belong to it. */
static bool street_and_number(const struct ocr_walk *w)
{
    static const char homes[] = " DE AT CH LI LU FR BE NL GB IE US CA IT ES PT PL CZ SK SE NO DK FI HU SI HR AU NZ ";
    char padded[8];
    struct str country = w->place.country.value;
    (void)snprintf(padded, sizeof padded, " %.*s ", country.n == 2 ? 2 : 0, country.n == 2 ? country.p : "");
    return country.n == 2 && strstr(homes, padded);
}

static bool wanted(const struct ocr_walk *w, const struct traits *t, bool open)
{
    int grade = grade_of(t);
    if (w->strength < 2)
        return grade >= 2 || (grade == 1 && (open || t->street || (t->building && !street_and_number(w))));
    if (w->whole && street_and_number(w))
        return false;
    return grade == 3 || (t->building && !t->other) || (open && grade >= 1) || (grade == 1 && t->street && !w->named);
}

/* "12", "12a": a house number that the line was too short for. */
static bool lone_number(const struct ocr_part *part)
{
    struct str text = part->text[0];
    size_t digits = 0;
    while (digits < text.n && text.p[digits] >= '0' && text.p[digits] <= '9')
        digits++;
    return part->n == 1 && digits > 0 && digits <= 4 && text.n <= digits + 1;
}

/* The line above a lone number is a street that has none. */
static bool wraps_number(const struct ocr_walk *w, size_t first, size_t last)
{
    size_t above = ocr_walk_above(w, first), start = line_first(w, above);
    struct traits t = {0};
    if (first != last || above == first || !lone_number(&w->parts->items[first]))
        return false;
    for (size_t i = start; i <= above; i++)
        note_traits(w, &t, &w->parts->items[i], w->parts->items[i].n);
    return t.street && !t.number && !t.other;
}

void ocr_walk_street(struct ocr_walk *w)
{
    const struct ocr_part *items = w->parts->items;
    size_t at = w->anchor.part, first = line_first(w, at);
    struct traits t = {0};
    for (size_t i = first; i < at; i++)
        note_traits(w, &t, &items[i], items[i].n);
    note_traits(w, &t, &items[at], w->anchor.from);
    w->strength = grade_of(&t);
    w->named = t.street;
    w->whole = t.street && t.number;
    if (w->strength)
        put_line(w, first, at, w->anchor.from);
    else if (first < at) /* a district between street and city */
        w->beside = (struct ocr_span){items[at].line, items[first].word[0], items[at].word[0]};
    for (size_t lines = 0; lines < STREET_LINES && first > w->limit; lines++) {
        size_t last = ocr_walk_above(w, first), start = line_first(w, last);
        struct traits above = {0};
        if (last == first)
            return;
        for (size_t i = start; i <= last; i++)
            note_traits(w, &above, &items[i], items[i].n);
        bool number = w->street_n == 0 && wraps_number(w, start, last);
        if (!number && !wanted(w, &above, items[last].comma))
            return;
        put_line(w, start, last, items[last].n);
        w->named = w->named || above.street;
        w->whole = w->whole || (above.street && above.number);
        w->strength = grade_of(&above) > w->strength ? grade_of(&above) : w->strength;
        first = start;
    }
}

struct ocr_find ocr_walk_find(const struct ocr_walk *w, struct ocr_cut cut, double belief)
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

static bool names_house(struct str street)
{
    static const char *const words[] = {"Bldg", "Building", "Tower", "House", "Plaza", "Centre", "Center"};
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (str_find(street, str_c(words[i]), 0) >= 0)
            return true;
    return false;
}

/* The quarter beside the city, without the comma behind it. */
static struct str quarter_of(const struct ocr_walk *w)
{
    struct str text = ocr_piece_of(w->look, w->beside).text;
    while (text.n && strchr(" ,;", text.p[text.n - 1]))
        text.n--;
    return text;
}

struct ocr_find ocr_walk_street_find(const struct ocr_walk *w)
{
    struct ocr_find find = {0};
    double sum = 0;
    if (w->street_n == 0 && w->beside.to && !street_and_number(w)) /* "Rajendranagar, Hyderabad 500030" */
        return ocr_find_new(w->look, w->beside, quarter_of(w), 0.7);
    for (size_t i = w->street_n; i > 0; i--) {
        struct ocr_find piece = ocr_walk_find(w, w->street[i - 1], 0.85);
        sum += piece.confidence;
        if (!find.n) {
            find = piece;
            continue;
        }
        struct ocr_span *last = &find.spans[find.n - 1];
        bool announced = str_ends(find.value, STR(" No")) || str_ends(find.value, STR(" Nr")); /* of the house */
        find.value =
            str_printf(w->look->arena, "%.*s%s %.*s", STR_ARG(find.value), announced ? ":" : ",", STR_ARG(piece.value));
        find.raw = str_printf(w->look->arena, "%.*s %.*s", STR_ARG(find.raw), STR_ARG(piece.raw));
        if (last->line == piece.spans[0].line)
            last->to = piece.spans[0].to > last->to ? piece.spans[0].to : last->to;
        else
            ocr_find_extend(&find, piece.spans[0]);
    }
    find.confidence = w->street_n ? sum / (double)w->street_n : 0;
    if (!find.value.p)
        return find;
    find.value = mend_numeral(find.value, w->look->arena);
    if (names_house(find.value) && (str_starts(find.value, STR("SF ")) || str_starts(find.value, STR("lF "))))
        find.value = str_printf(w->look->arena, "%c%.*s", find.value.p[0] == 'S' ? '5' : '1',
                                STR_ARG(str_slice(find.value, 1, find.value.n))); /* the fifth floor */
    if (find.value.n > 2 && str_ends(find.value, STR(".")) && find.value.p[find.value.n - 2] >= '0' &&
        find.value.p[find.value.n - 2] <= '9')
        find.value.n--; /* "Hauptstr. 62." */
    return find;
}

bool ocr_walk_lone_street(struct ocr_walk *w, size_t part)
{
    const struct ocr_part *p = &w->parts->items[part];
    struct traits t = {0};
    note_traits(w, &t, p, p->n);
    if (!ocr_walk_free(w, part) || !t.street || !t.number || t.other || p->n < 2)
        return false;
    put_street(w, part, 0, p->n);
    return true;
}

void ocr_walk_street_behind(struct ocr_walk *w, size_t part)
{
    struct traits t = {0};
    if (w->strength >= 2 || part + 1 >= w->parts->n || !ocr_walk_free(w, part + 1) ||
        !ocr_walk_together(w, part, part + 1))
        return;
    const struct ocr_part *p = &w->parts->items[part + 1];
    note_traits(w, &t, p, p->n);
    if (!t.street || grade_of(&t) < 3)
        return;
    w->street_n = 0;
    w->strength = 3;
    put_street(w, part + 1, 0, p->n);
}
