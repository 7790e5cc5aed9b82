/* A reader's slips as a weighted edit distance (Wagner and Fischer 1974, with pairs of letters); see slip.h. */
#include "ocr/fields/mend/slip.h"

enum { LONGEST = 64 };

static const double NEVER = 1e9;
static const size_t BAND = 5; /* letters by which the two may drift apart */

/* The letters of a row are taken for each other. */
static const struct {
    const char *a, *b;
    double cost;
} pairs[] = {{"l", "i", 0.3},  {"1", "l", 0.3},  {"1", "i", 0.3},   {"0", "o", 0.3},  {"|", "l", 0.3}, {"|", "i", 0.3},
             {"j", "i", 0.4},  {"rn", "m", 0.3}, {"vv", "w", 0.3},  {"cl", "d", 0.3}, {"c", "e", 0.4}, {"u", "n", 0.5},
             {"q", "g", 0.4},  {"9", "g", 0.4},  {"s", "5", 0.4},   {"b", "8", 0.4},  {"z", "2", 0.4}, {"v", "y", 0.5},
             {"h", "b", 0.5},  {"f", "t", 0.5},  {"o", "a", 0.5},   {"e", "a", 0.5},  {"e", "o", 0.5}, {"c", "o", 0.5},
             {"l", "t", 0.5},  {"i", "t", 0.5},  {"rm", "rn", 0.5}, {"m", "nn", 0.5}, {"m", "n", 0.5}, {"ri", "n", 0.5},
             {"ii", "u", 0.5}, {"li", "h", 0.5}, {"ln", "m", 0.5},  {"mn", "m", 0.4}};

static bool joint(char c)
{
    return c == '.' || c == '-' || c == '_';
}

/* Of one side of a pair. */
static unsigned char length(const char *side)
{
    return side[1] ? 2 : 1;
}

/* The first n bytes of `s` end with `side`. */
static bool ends_at(struct str s, size_t n, const char *side)
{
    return n >= length(side) && s.p[n - 1] == side[length(side) - 1] && s.p[n - length(side)] == side[0];
}

/* A letter that stands twice where one is meant, or once where two are. */
static bool doubled(struct str s, size_t n)
{
    return n > 1 && s.p[n - 1] == s.p[n - 2];
}

/* Of a letter that nothing printed answers to. What stands beside a text is read into its ends: the edge of an at sign,
 * an icon, the last letter of a label. */
static double extra(struct str seen, size_t i, size_t k, size_t meant_n)
{
    char c = seen.p[i - 1];
    bool first = i == 1 && strchr("wil1|je", c), last = i == seen.n && k == meant_n && strchr("qg0oe", c);
    return joint(c) ? 0 : doubled(seen, i) || first || last ? OCR_SLIP_USUAL : OCR_SLIP_EXTRA;
}

/* The cheapest way to a cell and how many letters it takes of each. */
struct step {
    double cost;
    unsigned char seen, meant;
};

static void reach(struct step table[][LONGEST + 1], size_t i, size_t k, struct step step)
{
    if (step.seen > i || step.meant > k)
        return;
    step.cost += table[i - step.seen][k - step.meant].cost;
    if (step.cost < table[i][k].cost)
        table[i][k] = step;
}

static void fill(struct step table[][LONGEST + 1], struct str seen, struct str meant, size_t i, size_t k)
{
    table[i][k] = (struct step){i || k ? NEVER : 0, 0, 0};
    if (i)
        reach(table, i, k, (struct step){extra(seen, i, k, meant.n), 1, 0});
    if (k)
        reach(table, i, k, (struct step){doubled(meant, k) ? OCR_SLIP_USUAL : OCR_SLIP_EXTRA, 0, 1});
    bool same = i && k && seen.p[i - 1] == meant.p[k - 1];
    if (i && k)
        reach(table, i, k, (struct step){same ? 0 : OCR_SLIP_ANY, 1, 1});
    if (same)
        return;
    for (size_t p = 0; p < ARRAY_LEN(pairs); p++) {
        if (ends_at(seen, i, pairs[p].a) && ends_at(meant, k, pairs[p].b))
            reach(table, i, k, (struct step){pairs[p].cost, length(pairs[p].a), length(pairs[p].b)});
        if (ends_at(seen, i, pairs[p].b) && ends_at(meant, k, pairs[p].a))
            reach(table, i, k, (struct step){pairs[p].cost, length(pairs[p].b), length(pairs[p].a)});
    }
}

/* Row by row, as long as one of the last two is within the ceiling: no step goes further back. */
static bool fill_all(struct step table[][LONGEST + 1], struct str seen, struct str meant, double ceiling)
{
    double before = 0;
    for (size_t i = 0, joints = 0; i <= seen.n; i++) {
        double least = NEVER;
        joints += i && joint(seen.p[i - 1]);
        for (size_t k = 0; k <= meant.n; k++) {
            if (i - joints <= k + BAND && k <= i - joints + BAND)
                fill(table, seen, meant, i, k);
            else
                table[i][k] = (struct step){NEVER, 0, 0};
            least = table[i][k].cost < least ? table[i][k].cost : least;
        }
        if (least > ceiling && before > ceiling)
            return false;
        before = least;
    }
    return table[seen.n][meant.n].cost <= ceiling;
}

/* No step changes more than three letters, nor costs less than 0.3: so much the letters alone, in any order, cost at
 * least. */
static double least_cost(struct str seen, struct str meant)
{
    enum { KINDS = 64 };
    int count[KINDS] = {0}, apart = 0;
    for (size_t i = 0; i < seen.n; i++)
        count[(unsigned char)seen.p[i] % KINDS] += !joint(seen.p[i]);
    for (size_t k = 0; k < meant.n; k++)
        count[(unsigned char)meant.p[k] % KINDS]--;
    for (size_t i = 0; i < KINDS; i++)
        apart += abs(count[i]);
    return 0.1 * apart;
}

static double cost_of(struct str seen, struct str meant, double ceiling)
{
    struct step table[LONGEST + 1][LONGEST + 1];
    return fill_all(table, seen, meant, ceiling) ? table[seen.n][meant.n].cost : ceiling + 1;
}

double ocr_slip_cost(struct str seen, struct str meant, double ceiling)
{
    if (seen.n > LONGEST || meant.n > LONGEST || least_cost(seen, meant) > ceiling)
        return ceiling + 1;
    return cost_of(seen, meant, ceiling);
}

struct str ocr_slip_mend(struct str seen, struct str meant, struct arena *arena)
{
    struct step table[LONGEST + 1][LONGEST + 1];
    char out[2 * LONGEST];
    size_t at = sizeof out;
    if (seen.n > LONGEST || meant.n > LONGEST)
        return meant;
    if (!fill_all(table, seen, meant, NEVER / 2))
        return meant;
    for (size_t i = seen.n, k = meant.n; i || k;) { /* from behind */
        const struct step *step = &table[i][k];
        at -= step->meant;
        memcpy(out + at, meant.p + k - step->meant, step->meant);
        if (step->seen == 1 && step->meant == 0 && joint(seen.p[i - 1]))
            out[--at] = seen.p[i - 1];
        i -= step->seen;
        k -= step->meant;
    }
    return str_dup(arena, (struct str){out + at, sizeof out - at});
}
