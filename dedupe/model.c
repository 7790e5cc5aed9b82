/* The shipped model: levels.def and frequencies.def as tables. */
#include "dedupe/model.h"

#include <math.h>

/* A name's weight is moved by how much commoner or rarer it is than this. */
#define LOG_REFERENCE_SHARE (-10.965784284662087) /* log2(0.0005) */
#define SHIPPED_RECORDS     100000.0              /* of the stock that the weights were measured on */
#define RARE_SHARE          0.00003

const struct dedupe_level_text dedupe_level_texts[DEDUPE_LEVELS] = {
#define FIELD_NAME     "name"
#define FIELD_EMPLOYER "employer"
#define FIELD_EMAIL    "email"
#define FIELD_PHONE    "phone"
#define FIELD_MOBILE   "mobile"
#define FIELD_ADDRESS  "address"
#define FIELD_BIRTH    "birth"
#define X(comparison, level, word, m, bits, en, de)                                                                    \
    [DEDUPE_##comparison##_##level] = {FIELD_##comparison, word, en, de},
#include "dedupe/levels.def"
#undef X
};

static const struct frequency {
    const char *name;
    int per_100000;
} family_names[] =
    {
#define FAMILY(name, per_100000) {name, per_100000},
#define GIVEN(name, per_100000)
#include "dedupe/frequencies.def"
#undef FAMILY
#undef GIVEN
},
  given_names[] = {
#define FAMILY(name, per_100000)
#define GIVEN(name, per_100000) {name, per_100000},
#include "dedupe/frequencies.def"
#undef FAMILY
#undef GIVEN
};

double dedupe_frequency_default(void *self, enum dedupe_name_kind kind, struct str name)
{
    (void)self;
    const struct frequency *table = kind == DEDUPE_FAMILY_NAME ? family_names : given_names;
    size_t low = 0, high = kind == DEDUPE_FAMILY_NAME ? ARRAY_LEN(family_names) : ARRAY_LEN(given_names);
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = str_cmp(name, str_c(table[middle].name));
        if (order == 0)
            return table[middle].per_100000 / 100000.0;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return RARE_SHARE;
}

static const double worth[][2] = {
#define X(bits, odds) {bits, odds},
#include "dedupe/calibration.def"
#undef X
};

/* The straight line through the rows between which `value` lies in one column, at its place in the other. */
static double along(double value, int from, int to)
{
    size_t last = ARRAY_LEN(worth) - 1, i = 1;
    if (value <= worth[0][from] || value >= worth[last][from]) {
        const double *end = value <= worth[0][from] ? worth[0] : worth[last];
        return value + end[to] - end[from];
    }
    while (worth[i][from] < value)
        i++;
    double part = (value - worth[i - 1][from]) / (worth[i][from] - worth[i - 1][from]);
    return worth[i - 1][to] + part * (worth[i][to] - worth[i - 1][to]);
}

double dedupe_calibrated(double bits)
{
    return along(bits, 0, 1);
}

double dedupe_uncalibrated(double log2_odds)
{
    return along(log2_odds, 1, 0);
}

double dedupe_probability(double bits)
{
    return 1.0 / (1.0 + exp2(-dedupe_calibrated(bits)));
}

static const struct dedupe_model shipped = {
    .bits =
        {
#define X(comparison, level, word, m, bits, en, de) [DEDUPE_##comparison##_##level] = (bits),
#include "dedupe/levels.def"
#undef X
        },
    .prior = -2.91,
    .possible = 0.1,
    .obvious = 0.978, /* right in .996 of cases on the stock it was chosen on; docs/matching.md has others */
    .moved = 0.86,
    .family_frequency = 0.49,
    .given_frequency = 0.27,
    .frequencies = {.share = dedupe_frequency_default},
};

const struct dedupe_model *dedupe_model_default(void)
{
    return &shipped;
}

/* Bits by which a rare name tells more than the average one and a common name less; of two, the commoner counts. */
static double frequency_bits(const struct dedupe_model *model, enum dedupe_name_kind kind, const struct dedupe_side *a,
                             const struct dedupe_side *b)
{
    const struct dedupe_frequencies *frequencies = &model->frequencies;
    bool shipped_shares = frequencies->share == dedupe_frequency_default;
    double left = shipped_shares ? a->share : log2(frequencies->share(frequencies->self, kind, a->text));
    double right = shipped_shares ? b->share : log2(frequencies->share(frequencies->self, kind, b->text));
    double bits = LOG_REFERENCE_SHARE - (left > right ? left : right);
    return fmax(-DEDUPE_RARITY_MOST, fmin(DEDUPE_RARITY_MOST, bits));
}

static bool family_agrees(enum dedupe_level level)
{
    switch ((int)level) {
    case DEDUPE_NAME_SAME:
    case DEDUPE_NAME_GIVEN_PART:
    case DEDUPE_NAME_NICKNAME:
    case DEDUPE_NAME_INITIAL:
    case DEDUPE_NAME_GIVEN_CLOSE:
    case DEDUPE_NAME_FAMILY_CLOSE:
    case DEDUPE_NAME_FAMILY_ONLY:
        return true;
    default:
        return false;
    }
}

static bool given_agrees(enum dedupe_level level)
{
    switch ((int)level) {
    case DEDUPE_NAME_SAME:
    case DEDUPE_NAME_FAMILY_CLOSE:
    case DEDUPE_NAME_FAMILY_OTHER:
    case DEDUPE_NAME_DOUBLE_NAME:
        return true;
    default:
        return false;
    }
}

/* Something else that strangers rarely share: an employer, a number, a mailbox. */
static bool tied(const struct dedupe_finding *found)
{
    enum dedupe_level employer = found[DEDUPE_EMPLOYER].level, email = found[DEDUPE_EMAIL].level;
    enum dedupe_level phone = found[DEDUPE_PHONE].level, mobile = found[DEDUPE_MOBILE].level;
    bool works = employer != DEDUPE_LEVEL_NONE && employer != DEDUPE_EMPLOYER_OTHER;
    bool writes = email == DEDUPE_EMAIL_SAME || email == DEDUPE_EMAIL_SAME_HALF || email == DEDUPE_EMAIL_TYPO;
    bool calls = phone == DEDUPE_PHONE_SAME || phone == DEDUPE_PHONE_CENTRAL || phone == DEDUPE_PHONE_EXTENSION ||
                 mobile == DEDUPE_MOBILE_SAME;
    return works || writes || calls || found[DEDUPE_ADDRESS].level == DEDUPE_ADDRESS_SAME ||
           found[DEDUPE_BIRTH].level == DEDUPE_BIRTH_SAME;
}

struct dedupe_rarity dedupe_name_rarity(const struct dedupe_model *model,
                                        const struct dedupe_finding found[DEDUPE_COMPARISONS],
                                        const struct dedupe_record *a, const struct dedupe_record *b)
{
    enum dedupe_level level = found[DEDUPE_NAME].level;
    struct dedupe_rarity rarity = {.tied = tied(found)};
    if (family_agrees(level))
        rarity.family = frequency_bits(model, DEDUPE_FAMILY_NAME, a->family, b->family);
    if (given_agrees(level))
        rarity.given = frequency_bits(model, DEDUPE_GIVEN_NAME, a->given, b->given);
    return rarity;
}

double dedupe_name_weight(const struct dedupe_model *model, const struct dedupe_finding found[DEDUPE_COMPARISONS],
                          const struct dedupe_record *a, const struct dedupe_record *b)
{
    if (found[DEDUPE_NAME].level == DEDUPE_LEVEL_NONE)
        return 0.0;
    struct dedupe_rarity rarity = dedupe_name_rarity(model, found, a, b);
    double weight = model->family_frequency * rarity.family + model->given_frequency * rarity.given;
    return rarity.tied ? weight : weight - model->namesakes;
}

const struct dedupe_model *dedupe_model_sized(const struct dedupe_model *model, size_t records, struct arena *arena)
{
    struct dedupe_model *sized = arena_one(arena, struct dedupe_model);
    *sized = *model;
    sized->namesakes = log2(fmax(1.0, (double)records / SHIPPED_RECORDS));
    return sized;
}

const struct dedupe_model *dedupe_model_for(size_t records, struct arena *arena)
{
    return dedupe_model_sized(&shipped, records, arena);
}
