/* Weights from decisions: logistic regression over levels with a normal prior, by Newton's method (Hosmer and Lemeshow
 * 2000; the prior's width as in Gelman et al. 2008, chosen by cross-validation with the one-standard-error rule of
 * Breiman et al. 1984). */
#include "dedupe/model.h"
#include "dedupe/weights/weights.h"

#include <math.h>
#include <string.h>

/* What is learned, by place: the odds before comparing, the two exponents, the bits of every level. */
enum { PRIOR, FAMILY, GIVEN, FIRST_LEVEL, PLACES = FIRST_LEVEL + DEDUPE_LEVELS };

enum { FOLDS = 5, STEPS = 25, HALVINGS = 10, LEVEL_SLOTS = DEDUPE_COMPARISONS };

#define LN2      0.6931471805599453
#define SETTLED  1e-7
#define EXPONENT 0.15 /* an exponent may move this much for every bit that a level may */

/* A decision as numbers. */
struct example {
    double value[3];            /* 1, rarity of the family name, of the given name */
    uint8_t level[LEVEL_SLOTS]; /* DEDUPE_LEVEL_NONE = not compared */
    double rest;                /* bits that are not learned */
    double base;                /* bits under the prior weights */
    bool same;
    uint8_t fold;
};

struct fit {
    const struct example *examples;
    size_t n;
    int left_out; /* fold, or -1 */
    double width; /* bits */
};

static struct example example_of(const struct dedupe_model *prior, const struct dedupe_decision *decision)
{
    struct dedupe_finding found[DEDUPE_COMPARISONS];
    dedupe_compare(decision->left, decision->right, found);
    struct dedupe_rarity rarity = dedupe_name_rarity(prior, found, decision->left, decision->right);
    struct example example = {.value = {1.0, rarity.family, rarity.given}, .same = decision->same};
    bool named = found[DEDUPE_NAME].level != DEDUPE_LEVEL_NONE;
    example.rest = named && !rarity.tied ? -prior->namesakes : 0.0;
    example.base = prior->prior + prior->family_frequency * rarity.family + prior->given_frequency * rarity.given;
    for (size_t i = 0; i < LEVEL_SLOTS; i++) {
        example.level[i] = (uint8_t)found[i].level;
        example.base += prior->bits[found[i].level];
    }
    example.base += example.rest;
    /* The same from both sides, so that pairs of one person or of two of a name are held out together. */
    uint64_t names = dedupe_text_hash(decision->left->family->text) + dedupe_text_hash(decision->right->family->text);
    example.fold = (uint8_t)(names % FOLDS);
    return example;
}

/* Bits under the prior moved by `change`. */
static double bits_of(const struct example *example, const double change[PLACES])
{
    double bits = example->base;
    for (size_t i = 0; i < FIRST_LEVEL; i++)
        bits += change[i] * example->value[i];
    for (size_t i = 0; i < LEVEL_SLOTS; i++)
        bits += change[FIRST_LEVEL + example->level[i]];
    return bits;
}

/* -log2 of the probability that was stated for the answer. */
static double surprise(double bits, bool same)
{
    double odds = dedupe_calibrated(bits), against = same ? -odds : odds;
    return against > 0.0 ? against + log2(1.0 + exp2(-against)) : log2(1.0 + exp2(against));
}

static double width_of(const struct fit *fit, size_t place)
{
    return place == FAMILY || place == GIVEN ? EXPONENT * fit->width : fit->width;
}

static double loss_of(const struct fit *fit, const double change[PLACES])
{
    double loss = 0.0;
    for (size_t i = 0; i < PLACES; i++)
        loss += change[i] * change[i] / (2.0 * width_of(fit, i) * width_of(fit, i));
    for (size_t i = 0; i < fit->n; i++) {
        const struct example *example = &fit->examples[i];
        if (example->fold != fit->left_out)
            loss += LN2 * surprise(bits_of(example, change), example->same);
    }
    return loss;
}

/* Slope and curvature of the loss. */
struct shape {
    double slope[PLACES], curve[PLACES][PLACES];
};

#define STEP 0.001 /* bits: to see how steep the calibration is */

static void add_example(struct shape *shape, const struct example *example, double bits)
{
    double stated = dedupe_probability(bits);
    double steep = LN2 * (dedupe_calibrated(bits + STEP) - dedupe_calibrated(bits - STEP)) / (2.0 * STEP);
    double slope = steep * (stated - (example->same ? 1.0 : 0.0)), curve = steep * steep * stated * (1.0 - stated);
    size_t place[FIRST_LEVEL + LEVEL_SLOTS], n = 0;
    double value[FIRST_LEVEL + LEVEL_SLOTS];
    for (size_t i = 0; i < FIRST_LEVEL; i++) {
        place[n] = i;
        value[n++] = example->value[i];
    }
    for (size_t i = 0; i < LEVEL_SLOTS; i++) {
        if (example->level[i] == DEDUPE_LEVEL_NONE)
            continue;
        place[n] = (size_t)FIRST_LEVEL + example->level[i];
        value[n++] = 1.0;
    }
    for (size_t i = 0; i < n; i++) {
        shape->slope[place[i]] += slope * value[i];
        for (size_t j = 0; j < n; j++)
            shape->curve[place[i]][place[j]] += curve * value[i] * value[j];
    }
}

static void shape_of(const struct fit *fit, const double change[PLACES], struct shape *ret_shape)
{
    memset(ret_shape, 0, sizeof *ret_shape);
    for (size_t i = 0; i < PLACES; i++) {
        double stiff = 1.0 / (width_of(fit, i) * width_of(fit, i));
        ret_shape->slope[i] = change[i] * stiff;
        ret_shape->curve[i][i] = stiff;
    }
    for (size_t i = 0; i < fit->n; i++) {
        if (fit->examples[i].fold != fit->left_out)
            add_example(ret_shape, &fit->examples[i], bits_of(&fit->examples[i], change));
    }
}

/* The step curve^-1 slope, by Cholesky's factors; the prior makes the curve positive definite. */
static void step_of(struct shape *shape, double ret_step[PLACES])
{
    double(*factor)[PLACES] = shape->curve;
    for (size_t j = 0; j < PLACES; j++) {
        for (size_t k = 0; k < j; k++)
            factor[j][j] -= factor[j][k] * factor[j][k];
        factor[j][j] = sqrt(factor[j][j]);
        for (size_t i = j + 1; i < PLACES; i++) {
            double sum = factor[i][j];
            for (size_t k = 0; k < j; k++)
                sum -= factor[i][k] * factor[j][k];
            factor[i][j] = sum / factor[j][j];
        }
    }
    for (size_t i = 0; i < PLACES; i++) {
        double sum = shape->slope[i];
        for (size_t k = 0; k < i; k++)
            sum -= factor[i][k] * ret_step[k];
        ret_step[i] = sum / factor[i][i];
    }
    for (size_t i = PLACES; i-- > 0;) {
        double sum = ret_step[i];
        for (size_t k = i + 1; k < PLACES; k++)
            sum -= factor[k][i] * ret_step[k];
        ret_step[i] = sum / factor[i][i];
    }
}

/* Newton's method; a step that overshoots is halved. */
static void solve(const struct fit *fit, struct arena *arena, double ret_change[PLACES])
{
    struct shape *shape = arena_one(arena, struct shape);
    double loss = 0.0, step[PLACES] = {0}, next[PLACES] = {0};
    memset(ret_change, 0, PLACES * sizeof *ret_change);
    loss = loss_of(fit, ret_change);
    for (size_t round = 0; round < STEPS; round++) {
        double next_loss = loss, moved = 0.0;
        shape_of(fit, ret_change, shape);
        step_of(shape, step);
        for (int half = 0; half < HALVINGS; half++) {
            for (size_t i = 0; i < PLACES; i++)
                next[i] = ret_change[i] - ldexp(step[i], -half);
            next_loss = loss_of(fit, next);
            if (next_loss <= loss)
                break;
        }
        if (next_loss > loss)
            return;
        for (size_t i = 0; i < PLACES; i++)
            moved = fmax(moved, fabs(next[i] - ret_change[i]));
        memcpy(ret_change, next, sizeof next);
        loss = next_loss;
        if (moved < SETTLED)
            return;
    }
}

/* How weights of a width do on decisions that they did not see. */
struct trial {
    double gain, error; /* mean of what they save, in bits a decision, and its standard error */
};

static struct trial try_width(const struct example *examples, size_t n, double width, struct arena *arena)
{
    double change[PLACES], sum = 0.0, squares = 0.0;
    for (int fold = 0; fold < FOLDS; fold++) {
        struct fit fit = {examples, n, fold, width};
        solve(&fit, arena, change);
        for (size_t i = 0; i < n; i++) {
            if (examples[i].fold != fold)
                continue;
            double gain = surprise(examples[i].base, examples[i].same) -
                          surprise(bits_of(&examples[i], change), examples[i].same);
            sum += gain;
            squares += gain * gain;
        }
    }
    double count = (double)n, mean = sum / count;
    return (struct trial){mean, sqrt(fmax(0.0, squares / count - mean * mean) / count)};
}

static double rounded(double value, double least, double most)
{
    return fmax(least, fmin(most, round(value * 10000.0) / 10000.0));
}

/* The prior moved by `change`, to four decimals, as it is written. */
static void apply(const double change[PLACES], struct dedupe_model *model, struct dedupe_lesson *lesson)
{
    model->prior = rounded(model->prior + change[PRIOR], -40.0, 40.0);
    model->family_frequency = rounded(model->family_frequency + change[FAMILY], 0.0, 2.0);
    model->given_frequency = rounded(model->given_frequency + change[GIVEN], 0.0, 2.0);
    for (size_t i = 1; i < DEDUPE_LEVELS; i++) {
        double moved = change[FIRST_LEVEL + i];
        model->bits[i] = rounded(model->bits[i] + moved, -40.0, 40.0);
        if (fabs(moved) <= fabs(lesson->largest_change))
            continue;
        lesson->largest_change = moved;
        lesson->field = str_c(dedupe_level_texts[i].field);
        lesson->level = str_c(dedupe_level_texts[i].level);
    }
}

/* The narrowest width whose gain is within one standard error of the best; 0 when the best gain is within its own. */
static double choose_width(const struct example *examples, size_t n, struct arena *arena, struct dedupe_lesson *lesson)
{
    static const double widths[] = {0.1, 0.25, 0.5, 1.0, 2.0};
    struct trial trials[ARRAY_LEN(widths)];
    size_t best = 0, chosen = 0;
    for (size_t i = 0; i < ARRAY_LEN(widths); i++) {
        trials[i] = try_width(examples, n, widths[i], arena);
        if (trials[i].gain > trials[best].gain)
            best = i;
    }
    if (trials[best].gain <= trials[best].error)
        return 0.0;
    while (trials[chosen].gain < trials[best].gain - trials[best].error)
        chosen++;
    lesson->surprise_after = lesson->surprise_before - trials[chosen].gain;
    return widths[chosen];
}

static int order(double left, double right)
{
    return left < right ? -1 : left > right;
}

static int by_content(const void *left, const void *right)
{
    const struct example *a = left, *b = right;
    int levels = memcmp(a->level, b->level, sizeof a->level);
    if (levels != 0 || a->same != b->same)
        return levels != 0 ? levels : a->same - b->same;
    if (a->fold != b->fold)
        return a->fold - b->fold;
    int family = order(a->value[FAMILY], b->value[FAMILY]);
    return family != 0 ? family : order(a->value[GIVEN], b->value[GIVEN]);
}

const struct dedupe_model *dedupe_weights_learn(const struct dedupe_model *prior,
                                                const struct dedupe_decision *decisions, size_t n, struct arena *arena,
                                                struct dedupe_lesson *ret_lesson)
{
    struct dedupe_model *model = arena_one(arena, struct dedupe_model);
    struct example *examples = arena_array(arena, n, sizeof *examples);
    struct dedupe_lesson lesson = {0};
    *model = *prior;
    for (size_t i = 0; i < n; i++) {
        examples[i] = example_of(prior, &decisions[i]);
        lesson.same += decisions[i].same;
        lesson.different += !decisions[i].same;
        lesson.surprise_before += surprise(examples[i].base, examples[i].same) / (double)n;
    }
    lesson.surprise_after = lesson.surprise_before;
    if (n > 0)
        qsort(examples, n, sizeof *examples, by_content); /* sums round the same in any order */
    if (lesson.same >= DEDUPE_LEARN_LEAST && lesson.different >= DEDUPE_LEARN_LEAST)
        lesson.freedom = choose_width(examples, n, arena, &lesson);
    if (lesson.freedom > 0.0) {
        double change[PLACES];
        struct fit fit = {examples, n, -1, lesson.freedom};
        solve(&fit, arena, change);
        apply(change, model, &lesson);
        model->decisions = prior->decisions + (int64_t)n;
    }
    *ret_lesson = lesson;
    return model;
}
