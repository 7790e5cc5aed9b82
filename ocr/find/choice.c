/* A joint choice: of sets of outlines that do not meet, the one with the greatest sum of what speaks for each of them
 * as a card of one common size; see choice.h. */
#include "ocr/find/choice.h"

#include <math.h>

enum { MAX_CARDS = 60, A_FEW = 3 /* letters */ };

/* Logarithm of the odds that an outline is a card, fitted on 3163 outlines of synthetic photos of several cards (the
 * layouts of the development split, also in other colours and with other panels). */
static const double ODDS = -23.75, ODDS_SUPPORT = 32.4, ODDS_WEAKEST = -6.3, ODDS_SHAPE = -12.9, ODDS_LETTERS = 0.95,
                    ODDS_CUT = -11.5;
static const double SHAPE = 1.6;       /* longer over shorter side of a card */
static const double LEAST_ODDS = -3;   /* what is less is looked at no further */
static const double LETTERLESS = -0.5; /* the same for what is of the common size but shows no letters */
static const double CONTRAST = 2; /* grey levels by which such differs from the table: lines of a cutting mat do not */
static const double BEYOND_DOUBT = 6; /* more counts no more */
static const double LIKE_SIZE = 0.45; /* deviation of the logarithm of the areas of cards on one photo */
static const double OF_A_SIZE = 1.2;  /* what it speaks for an outline to be of the others' size */
static const double STEPS = 5;        /* common sizes tried, a unit of that logarithm */
static const double TWIN = 0.8;       /* common over united area of two outlines of one thing */
static const double WORSE_FIT = 0.3;  /* of 2, that more letters outweigh */
static const double MEET = 0.1;       /* of the smaller one's area */
static const double INSIDE = 0.9;     /* of a part's area lies inside the whole */
static const double PART = 0.85;      /* most of the whole's area that a part has */
static const double FILLED = 0.8;     /* of the whole's area by two parts */
static const double DOUBT = 2;        /* by so much less the whole may look like a card than its lesser part */

struct judged {
    struct ocr_quad quad;
    double area, odds;
    double fit; /* how well the quad follows its edges */
    size_t letters;
};

struct field {
    struct judged cards[MAX_CARDS]; /* the likeliest first */
    uint64_t meets[MAX_CARDS];      /* bit j of i: at most one of the two is a card */
    size_t n;
};

size_t ocr_letters_inside(const struct ocr_texts *texts, const struct ocr_quad *quad)
{
    size_t n = 0;
    for (size_t i = 0; i < texts->n; i++) {
        const struct ocr_blob *b = &texts->letters[i];
        n += ocr_quad_holds(quad, (struct ocr_place){b->x + b->w / 2.0, b->y + b->h / 2.0}, 0);
    }
    return n;
}

/* Letters that a side runs through. */
static size_t letters_cut(const struct ocr_texts *texts, const struct ocr_quad *quad)
{
    size_t n = 0;
    for (size_t i = 0; i < texts->n; i++) {
        const struct ocr_blob *b = &texts->letters[i];
        struct ocr_place middle = {b->x + b->w / 2.0, b->y + b->h / 2.0};
        n += ocr_quad_holds(quad, middle, b->h / 2.0) && !ocr_quad_holds(quad, middle, -b->h / 2.0);
    }
    return n;
}

static struct judged judge(const struct ocr_outline *o, const struct ocr_texts *texts)
{
    struct judged j = {.quad = o->quad, .area = ocr_quad_area(&o->quad), .fit = o->support + o->weakest};
    j.odds = ODDS + ODDS_SUPPORT * o->support + ODDS_WEAKEST * o->weakest +
             ODDS_SHAPE * fabs(log(ocr_quad_shape(&o->quad) / SHAPE));
    if (j.odds + ODDS_LETTERS * log(1 + (double)texts->n) < LEAST_ODDS)
        return j;
    j.letters = ocr_letters_inside(texts, &o->quad);
    j.odds += ODDS_LETTERS * log(1 + (double)j.letters) +
              ODDS_CUT * (double)letters_cut(texts, &o->quad) / ((double)j.letters + 3);
    if (j.letters < A_FEW && o->contrast < CONTRAST)
        j.odds = LEAST_ODDS;
    return j;
}

static int by_odds_down(const void *a, const void *b)
{
    double x = ((const struct judged *)a)->odds, y = ((const struct judged *)b)->odds;
    return (x < y) - (x > y);
}

static bool twins(const struct judged *a, const struct judged *b)
{
    if (fmin(a->area, b->area) < TWIN * fmax(a->area, b->area))
        return false;
    double both = ocr_quad_common(&a->quad, &b->quad);
    return both > TWIN * (a->area + b->area - both);
}

/* Takes the quad of another outline of the same card when that holds more of its letters (the card with its coloured
 * band), or as many and follows the edges better. */
static void follow(struct judged *card, const struct judged *other)
{
    bool more = other->letters >= card->letters + A_FEW && other->fit > card->fit - WORSE_FIT;
    bool better = other->letters + A_FEW > card->letters && other->fit > card->fit;
    if (!more && !better)
        return;
    card->quad = other->quad;
    card->area = other->area;
    card->fit = other->fit;
    card->letters = other->letters;
}

/* The likeliest of those that are about the same. */
static void collect(const struct ocr_outlines *lists[2], const struct ocr_texts *texts, struct field *field,
                    struct arena *arena)
{
    size_t n = 0;
    struct judged *all = arena_array(arena, lists[0]->n + lists[1]->n, sizeof *all);
    for (size_t k = 0; k < 2; k++)
        for (size_t i = 0; i < lists[k]->n; i++)
            all[n++] = judge(&lists[k]->items[i], texts);
    qsort(all, n, sizeof *all, by_odds_down);
    for (size_t i = 0; i < n && field->n < MAX_CARDS && all[i].odds > LEAST_ODDS; i++) {
        size_t k = 0;
        while (k < field->n && !twins(&field->cards[k], &all[i]))
            k++;
        if (k == field->n)
            field->cards[field->n++] = all[i];
        else
            follow(&field->cards[k], &all[i]);
    }
}

static void exclude(struct field *field, size_t i, size_t j)
{
    field->meets[i] |= (uint64_t)1 << j;
    field->meets[j] |= (uint64_t)1 << i;
}

/* Two parts of a card that differ in colour lie side by side and fill it: they are not two cards, unless both look far
 * more like one than their union. */
static void mind_parts(struct field *field, size_t whole)
{
    const struct judged *u = &field->cards[whole];
    size_t parts[MAX_CARDS], n = 0;
    for (size_t i = 0; i < field->n; i++) {
        const struct judged *p = &field->cards[i];
        if (p->area < PART * u->area && ocr_quad_common(&p->quad, &u->quad) > INSIDE * p->area)
            parts[n++] = i;
    }
    for (size_t k = 0; k < n * n; k++) {
        const struct judged *a = &field->cards[parts[k / n]], *b = &field->cards[parts[k % n]];
        double least = fmin(fmin(a->odds, b->odds), BEYOND_DOUBT);
        if (a < b && a->area + b->area > FILLED * u->area && u->odds > least - DOUBT)
            exclude(field, parts[k / n], parts[k % n]);
    }
}

static void find_meetings(struct field *field)
{
    for (size_t i = 0; i < field->n; i++)
        for (size_t j = i + 1; j < field->n; j++) {
            const struct judged *a = &field->cards[i], *b = &field->cards[j];
            if (ocr_quad_common(&a->quad, &b->quad) > MEET * fmin(a->area, b->area))
                exclude(field, i, j);
        }
    for (size_t i = 0; i < field->n; i++)
        mind_parts(field, i);
}

/* What speaks for each as a card of that common size. Half a card counts half: two halves are not worth more than the
 * whole. */
static void weigh(const struct field *field, double log_size, double worth[MAX_CARDS])
{
    for (size_t i = 0; i < field->n; i++) {
        const struct judged *j = &field->cards[i];
        double away = log(j->area) - log_size, odds = fmin(j->odds, BEYOND_DOUBT);
        if (j->letters >= A_FEW || j->odds > LETTERLESS)
            odds += OF_A_SIZE;
        worth[i] = (odds - away * away / (2 * LIKE_SIZE * LIKE_SIZE)) * fmin(1, exp(away));
    }
}

static double worth_of(uint64_t set, const double worth[MAX_CARDS])
{
    double sum = 0;
    for (; set; set &= set - 1)
        sum += worth[__builtin_ctzll(set)];
    return sum;
}

/* The set of greatest worth in which none meet, nearly: the most worthy first, then exchanges as long as one is worth
 * more than all it meets. */
static uint64_t pick(const struct field *field, const double worth[MAX_CARDS])
{
    uint64_t set = 0;
    for (bool better = true; better;) {
        double gain = 1e-6;
        size_t best = MAX_CARDS;
        for (size_t i = 0; i < field->n; i++) {
            double gains = worth[i] - worth_of(set & field->meets[i], worth);
            if (!(set >> i & 1) && gains > gain) {
                gain = gains;
                best = i;
            }
        }
        better = best < MAX_CARDS;
        if (better)
            set = (set & ~field->meets[best]) | (uint64_t)1 << best;
    }
    return set;
}

void ocr_choose_cards(const struct ocr_outlines *outlines, const struct ocr_outlines *frames,
                      const struct ocr_texts *texts, struct arena *arena, struct ocr_choice *ret_choice)
{
    struct field *field = arena_alloc(arena, sizeof *field);
    *field = (struct field){.n = 0};
    collect((const struct ocr_outlines *[]){outlines, frames}, texts, field, arena);
    find_meetings(field);
    double most = 0, worth[MAX_CARDS];
    uint64_t chosen = 0;
    for (size_t i = 0; i < field->n && field->cards[i].odds > 0; i++) {
        weigh(field, round(log(field->cards[i].area) * STEPS) / STEPS, worth);
        uint64_t set = pick(field, worth);
        if (worth_of(set, worth) > most) {
            most = worth_of(set, worth);
            chosen = set;
        }
    }
    ret_choice->n = 0;
    for (; chosen && ret_choice->n < LIMIT_CARDS_PER_PHOTO; chosen &= chosen - 1)
        ret_choice->cards[ret_choice->n++] = field->cards[__builtin_ctzll(chosen)].quad;
}
