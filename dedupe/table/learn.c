/* Expectation maximisation over pattern counts: the pairs themselves are not needed, so it takes milliseconds. */
#include "dedupe/table/learn.h"

#include <math.h>
#include <string.h>

enum { ROUNDS = 60, FROZEN = 8 };

/* How many pairs the expectation before learning counts for, each field and class: little, unless the stock is small.
 */
#define PRIOR_PAIRS     30.0
#define PRIOR_STRANGERS 1000.0
#define LEAST_SHARE     1e-7

const char *const dedupe_class_words[DEDUPE_CLASSES] = {"one", "one", "strangers", "namesakes", "household"};

struct shares {
    double class[DEDUPE_CLASSES];
    double grade[DEDUPE_CLASSES][DEDUPE_FIELDS_MAX][DEDUPE_GRADES]; /* of one class and field: sum 1 */
};

static const double share_of_one[DEDUPE_GRADES] =
    {
        0,
#define X(name, word, one, chance) one,
#include "dedupe/table/grades.def"
#undef X
},
                    share_by_chance[DEDUPE_GRADES] = {
                        0,
#define X(name, word, one, chance) chance,
#include "dedupe/table/grades.def"
#undef X
};

static void normalise(double *shares)
{
    double sum = 0.0;
    for (size_t g = 1; g < DEDUPE_GRADES; g++)
        sum += shares[g];
    for (size_t g = 1; g < DEDUPE_GRADES; g++)
        shares[g] /= sum;
}

static void chance_shares(const struct dedupe_learning *learning, size_t field, double *ret_shares)
{
    for (size_t g = 1; g < DEDUPE_GRADES; g++)
        ret_shares[g] = PRIOR_PAIRS * share_by_chance[g];
    for (size_t i = 0; i < learning->seen_n; i++)
        ret_shares[learning->seen[i].pattern.grade[field]] += learning->seen[i].chance;
    normalise(ret_shares);
}

static bool is_name(enum dedupe_kind kind)
{
    return kind == DEDUPE_KIND_GIVEN || kind == DEDUPE_KIND_FAMILY || kind == DEDUPE_KIND_OTHER_NAMES;
}

static void favour_same(double *shares)
{
    for (size_t g = DEDUPE_GRADE_SAME_1; g <= DEDUPE_GRADE_SAME_5; g++)
        shares[g] *= 2.0;
}

/* What pairs of a class may have in common beyond chance; in everything else they are strangers. */
static bool may_share(size_t class, enum dedupe_kind kind)
{
    bool name = is_name(kind);
    bool place = kind == DEDUPE_KIND_FAMILY || kind == DEDUPE_KIND_STREET || kind == DEDUPE_KIND_POSTAL ||
                 kind == DEDUPE_KIND_CITY || kind == DEDUPE_KIND_COMPANY || kind == DEDUPE_KIND_PHONE;
    return class <= DEDUPE_CLASS_ONE_TOO || class == DEDUPE_CLASS_STRANGERS ||
           (class == DEDUPE_CLASS_NAMESAKES && name) || (class == DEDUPE_CLASS_HOUSEHOLD && place);
}

static void expect(const struct dedupe_learning *learning, struct shares *shares)
{
    for (size_t f = 0; f < learning->fields_n; f++) {
        double chance[DEDUPE_GRADES] = {0};
        chance_shares(learning, f, chance);
        for (size_t c = 0; c < DEDUPE_CLASSES; c++) {
            bool agree = c != DEDUPE_CLASS_STRANGERS && may_share(c, learning->kinds[f]);
            memcpy(shares->grade[c][f], agree ? share_of_one : chance, sizeof chance);
            if (c <= DEDUPE_CLASS_ONE_TOO && is_name(learning->kinds[f]) == (c == DEDUPE_CLASS_ONE))
                favour_same(shares->grade[c][f]);
            normalise(shares->grade[c][f]);
        }
    }
    for (size_t c = 0; c < DEDUPE_CLASSES; c++)
        shares->class[c] = learning->one;
    shares->class[DEDUPE_CLASS_STRANGERS] = 1.0 - (DEDUPE_CLASSES - 1) * learning->one;
}

void dedupe_classify(const struct dedupe_weights *weights, const struct dedupe_pattern *pattern,
                     double ret_class[DEDUPE_CLASSES])
{
    for (size_t c = 0; c < DEDUPE_CLASSES; c++) {
        double likelihood = weights->class[c];
        for (size_t f = 0; f < weights->fields_n; f++)
            likelihood += weights->grade[c][f][pattern->grade[f]];
        ret_class[c] = likelihood;
    }
}

/* Logarithms to probabilities; returns the logarithm of their sum. */
static double probabilities(double class[DEDUPE_CLASSES])
{
    double most = class[0], sum = 0.0;
    for (size_t c = 1; c < DEDUPE_CLASSES; c++)
        most = fmax(most, class[c]);
    for (size_t c = 0; c < DEDUPE_CLASSES; c++) {
        class[c] = exp(class[c] - most);
        sum += class[c];
    }
    for (size_t c = 0; c < DEDUPE_CLASSES; c++)
        class[c] /= sum;
    return most + log(sum);
}

static double log_sum(const double *logs, size_t n)
{
    double most = logs[0], sum = 0.0;
    for (size_t i = 1; i < n; i++)
        most = fmax(most, logs[i]);
    for (size_t i = 0; i < n; i++)
        sum += exp(logs[i] - most);
    return most + log(sum);
}

double dedupe_pattern_weight(const struct dedupe_weights *weights, const struct dedupe_pattern *pattern)
{
    double class[DEDUPE_CLASSES];
    dedupe_classify(weights, pattern, class);
    return (log_sum(class, DEDUPE_CLASS_STRANGERS) -
            log_sum(class + DEDUPE_CLASS_STRANGERS, DEDUPE_CLASSES - DEDUPE_CLASS_STRANGERS)) /
           M_LN2;
}

static void to_weights(const struct shares *shares, size_t fields_n, struct dedupe_weights *ret_weights)
{
    memset(ret_weights, 0, sizeof *ret_weights);
    ret_weights->fields_n = fields_n;
    for (size_t c = 0; c < DEDUPE_CLASSES; c++) {
        ret_weights->class[c] = log(shares->class[c]);
        for (size_t f = 0; f < fields_n; f++) {
            for (size_t g = 1; g < DEDUPE_GRADES; g++)
                ret_weights->grade[c][f][g] = log(fmax(shares->grade[c][f][g], LEAST_SHARE));
        }
    }
}

/* Where a class may share nothing it is as strangers are, and tells what strangers are. */
static void pool(const struct dedupe_learning *learning, struct shares *sums)
{
    for (size_t f = 0; f < learning->fields_n; f++) {
        double *strangers = sums->grade[DEDUPE_CLASS_STRANGERS][f];
        for (size_t c = DEDUPE_CLASS_NAMESAKES; c < DEDUPE_CLASSES; c++) {
            for (size_t g = 1; g < DEDUPE_GRADES && !may_share(c, learning->kinds[f]); g++)
                strangers[g] += sums->grade[c][f][g];
        }
        for (size_t c = DEDUPE_CLASS_NAMESAKES; c < DEDUPE_CLASSES; c++) {
            if (!may_share(c, learning->kinds[f]))
                memcpy(sums->grade[c][f], strangers, sizeof sums->grade[c][f]);
        }
    }
}

static void maximise(const struct dedupe_learning *learning, const struct shares *before, struct shares *sums)
{
    double all = 0.0;
    for (size_t c = 0; c < DEDUPE_CLASSES; c++)
        all += sums->class[c];
    pool(learning, sums);
    for (size_t c = 0; c < DEDUPE_CLASSES; c++) {
        sums->class[c] = (sums->class[c] + 1.0) / (all + DEDUPE_CLASSES);
        for (size_t f = 0; f < learning->fields_n; f++) {
            bool strange = c == DEDUPE_CLASS_STRANGERS || !may_share(c, learning->kinds[f]);
            for (size_t g = 1; g < DEDUPE_GRADES; g++)
                sums->grade[c][f][g] += (strange ? PRIOR_STRANGERS : PRIOR_PAIRS) * before->grade[c][f][g];
            normalise(sums->grade[c][f]);
        }
    }
}

/* Shares of the classes among what was seen, by the weights; returns the log likelihood. */
static double estimate(const struct dedupe_learning *learning, const struct dedupe_weights *weights,
                       struct shares *ret_sums)
{
    double likelihood = 0.0, class[DEDUPE_CLASSES];
    memset(ret_sums, 0, sizeof *ret_sums);
    for (size_t i = 0; i < learning->seen_n; i++) {
        const struct dedupe_seen *seen = &learning->seen[i];
        double pairs = seen->pairs + seen->chance * learning->chance_weight;
        dedupe_classify(weights, &seen->pattern, class);
        likelihood += pairs * probabilities(class);
        for (size_t c = 0; c < DEDUPE_CLASSES; c++) {
            double part = class[c] * pairs;
            ret_sums->class[c] += part;
            for (size_t f = 0; f < learning->fields_n; f++)
                ret_sums->grade[c][f][seen->pattern.grade[f]] += part;
        }
    }
    return likelihood;
}

void dedupe_learn(const struct dedupe_learning *learning, struct dedupe_weights *ret_weights)
{
    struct shares prior = {0}, sums;
    double last = -HUGE_VAL;
    expect(learning, &prior);
    to_weights(&prior, learning->fields_n, ret_weights);
    for (size_t round = 0; round < ROUNDS; round++) {
        double likelihood = estimate(learning, ret_weights, &sums);
        maximise(learning, &prior, &sums);
        if (round < FROZEN) /* the others find their places first */
            memcpy(sums.grade[DEDUPE_CLASS_ONE], prior.grade[DEDUPE_CLASS_ONE], 2 * sizeof sums.grade[0]);
        to_weights(&sums, learning->fields_n, ret_weights);
        if (round > 2 * FROZEN && fabs(likelihood - last) < 1e-9 * fabs(likelihood))
            break;
        last = likelihood;
    }
}
