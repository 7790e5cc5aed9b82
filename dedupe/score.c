/* From findings to a verdict: sum of bits, probability, band, outcome. */
#include "dedupe/batch.h"
#include "dedupe/model.h"
#include "dedupe/steps.h"

#include <math.h>

const char *const dedupe_band_words[] = {"none", "possible", "obvious", NULL};
const char *const dedupe_outcome_words[] = {"different", "colleague", "moved", "same", NULL};

static const struct json_field reason_fields[] = {
    {"field", JSON_STR, offsetof(struct dedupe_reason, field), JSON_REQUIRED, 0, NULL, NULL,
     "name, employer, email, phone, mobile, address or birth"},
    {"level", JSON_STR, offsetof(struct dedupe_reason, level), JSON_REQUIRED, 0, NULL, NULL,
     "what the comparison found"},
    {"weight", JSON_DOUBLE, offsetof(struct dedupe_reason, weight), 0, 0, NULL, NULL,
     "bits; positive speaks for the same person"},
    {"left", JSON_STR, offsetof(struct dedupe_reason, left), 0, 0, NULL, NULL, "value of the contact"},
    {"right", JSON_STR, offsetof(struct dedupe_reason, right), 0, 0, NULL, NULL, "value of the record"},
    {"rarity", JSON_DOUBLE, offsetof(struct dedupe_reason, rarity), 0, 0, NULL, NULL,
     "bits of the weight that are the rarity of the name"},
    {"left_steps", JSON_LIST, offsetof(struct dedupe_reason, left_steps), 0, 0, &dedupe_step_shape, NULL,
     "what was done to the contact's value before it was compared"},
    {"right_steps", JSON_LIST, offsetof(struct dedupe_reason, right_steps), 0, 0, &dedupe_step_shape, NULL,
     "what was done to the record's value"},
};
const struct json_shape dedupe_reason_shape = {"Reason", sizeof(struct dedupe_reason), reason_fields,
                                               ARRAY_LEN(reason_fields), false};

/* Given and family name both agree, whatever the spelling. */
static bool whole_name_agrees(enum dedupe_level name)
{
    return name == DEDUPE_NAME_SAME || name == DEDUPE_NAME_SWAPPED || name == DEDUPE_NAME_GIVEN_PART ||
           name == DEDUPE_NAME_NICKNAME || name == DEDUPE_NAME_GIVEN_CLOSE || name == DEDUPE_NAME_FAMILY_CLOSE ||
           name == DEDUPE_NAME_BOTH_CLOSE || name == DEDUPE_NAME_DOUBLE_NAME || name == DEDUPE_NAME_IN_MAIL;
}

/* The names may belong to one person: they agree, or too little is known to differ. */
static bool name_allows(enum dedupe_level name)
{
    return whole_name_agrees(name) || name == DEDUPE_NAME_INITIAL || name == DEDUPE_NAME_FAMILY_ONLY ||
           name == DEDUPE_NAME_GIVEN_ONLY;
}

static bool same_employer(enum dedupe_level employer)
{
    return employer == DEDUPE_EMPLOYER_DOMAIN_COMPANY || employer == DEDUPE_EMPLOYER_DOMAIN_CLOSE ||
           employer == DEDUPE_EMPLOYER_DOMAIN || employer == DEDUPE_EMPLOYER_DOMAIN_OTHER ||
           employer == DEDUPE_EMPLOYER_COMPANY || employer == DEDUPE_EMPLOYER_COMPANY_CLOSE ||
           employer == DEDUPE_EMPLOYER_COMPANY_DOMAIN;
}

/* Something says outright that these are two people, however much else agrees. */
static bool contradicted(const struct dedupe_finding *found)
{
    enum dedupe_level name = found[DEDUPE_NAME].level, email = found[DEDUPE_EMAIL].level;
    return name == DEDUPE_NAME_GENERATION || name == DEDUPE_NAME_GIVEN_OTHER || name == DEDUPE_NAME_OTHER ||
           email == DEDUPE_EMAIL_NUMBERED || email == DEDUPE_EMAIL_OTHER_HERE ||
           found[DEDUPE_BIRTH].level == DEDUPE_BIRTH_OTHER ||
           (found[DEDUPE_MOBILE].level == DEDUPE_MOBILE_OTHER && email != DEDUPE_EMAIL_SAME &&
            email != DEDUPE_EMAIL_SAME_HALF);
}

/* A name that several people of one family or firm may share: too little of it is known, or it is alike only. */
static bool half_a_name(enum dedupe_level name)
{
    return name == DEDUPE_NAME_INITIAL || name == DEDUPE_NAME_FAMILY_ONLY || name == DEDUPE_NAME_GIVEN_ONLY ||
           name == DEDUPE_NAME_NICKNAME || name == DEDUPE_NAME_BOTH_CLOSE;
}

/* Preselecting needs more than a name: a personal mailbox or mobile with a name that allows it; or a whole name with a
 * desk's number, an employer, an address or a date of birth. Half a name needs a number of one's own. A shared number
 * or mailbox never stands in for a name, and two mobiles are never waved through. */
static bool proved(const struct dedupe_finding *found)
{
    enum dedupe_level name = found[DEDUPE_NAME].level, email = found[DEDUPE_EMAIL].level;
    enum dedupe_level mobile = found[DEDUPE_MOBILE].level;
    bool desk = found[DEDUPE_PHONE].level == DEDUPE_PHONE_SAME, person = email == DEDUPE_EMAIL_SAME;
    bool beside = email == DEDUPE_EMAIL_TYPO || email == DEDUPE_EMAIL_SAME_HALF || desk ||
                  same_employer(found[DEDUPE_EMPLOYER].level) || found[DEDUPE_ADDRESS].level == DEDUPE_ADDRESS_SAME ||
                  found[DEDUPE_BIRTH].level == DEDUPE_BIRTH_SAME;
    bool own_number = mobile == DEDUPE_MOBILE_SAME || desk;
    if (contradicted(found) || mobile == DEDUPE_MOBILE_OTHER || (half_a_name(name) && !own_number))
        return false;
    return ((person || mobile == DEDUPE_MOBILE_SAME) && name_allows(name)) || (beside && whole_name_agrees(name));
}

static enum dedupe_outcome outcome_of(const struct dedupe_model *model, const struct dedupe_finding *found,
                                      double probability)
{
    enum dedupe_level employer = found[DEDUPE_EMPLOYER].level;
    bool elsewhere = employer == DEDUPE_EMPLOYER_OTHER || employer == DEDUPE_EMPLOYER_PLACE;
    if (probability < model->possible || contradicted(found)) {
        bool colleague = same_employer(employer) || employer == DEDUPE_EMPLOYER_SWITCHBOARD;
        return colleague && probability < 0.5 ? DEDUPE_COLLEAGUE : probability < 0.5 ? DEDUPE_DIFFERENT : DEDUPE_SAME;
    }
    return elsewhere ? DEDUPE_MOVED : DEDUPE_SAME;
}

/* Keeps the reasons sorted, strongest first. */
static void add_reason(struct dedupe_verdict *verdict, double weight, double rarity,
                       const struct dedupe_finding *finding)
{
    const struct dedupe_level_text *text = &dedupe_level_texts[finding->level];
    size_t at = verdict->n++;
    while (at > 0 && fabs(verdict->reasons[at - 1].weight) < fabs(weight)) {
        verdict->reasons[at] = verdict->reasons[at - 1];
        at--;
    }
    verdict->reasons[at] = (struct dedupe_reason){.field = str_c(text->field),
                                                  .level = str_c(text->level),
                                                  .weight = weight,
                                                  .left = finding->left,
                                                  .right = finding->right,
                                                  .rarity = rarity};
}

/* "Anna Schmidt" as the contact has it. */
static struct str shown_name(const struct contact *contact, struct arena *arena)
{
    if (!contact || str_empty(contact->family_name))
        return contact ? contact->given_name : STR_NONE;
    if (str_empty(contact->given_name))
        return contact->family_name;
    return str_printf(arena, "%.*s %.*s", STR_ARG(contact->given_name), STR_ARG(contact->family_name));
}

static void show_names(struct dedupe_finding *finding, const struct dedupe_record *a, const struct dedupe_record *b,
                       struct arena *arena)
{
    if (str_empty(finding->left))
        finding->left = shown_name(a->contact, arena);
    if (str_empty(finding->right))
        finding->right = shown_name(b->contact, arena);
}

struct dedupe_scorer {
    const struct dedupe_model *model;
};

struct dedupe_scorer *dedupe_scorer_new(const struct dedupe_model *model, struct arena *arena)
{
    struct dedupe_scorer *scorer = arena_one(arena, struct dedupe_scorer);
    scorer->model = model;
    return scorer;
}

static double probability_of(const struct dedupe_model *model, double weight)
{
    return dedupe_probability(model->prior + weight);
}

void dedupe_foresee(const struct dedupe_record *record, bool insides)
{
    const char *bytes = (const char *)record;
    if (!insides) {
        for (size_t at = 0; at < sizeof *record; at += 64)
            __builtin_prefetch(bytes + at);
        return;
    }
    __builtin_prefetch(record->given);
    __builtin_prefetch((const char *)record->given + 64);
    __builtin_prefetch(record->family);
    __builtin_prefetch((const char *)record->family + 64);
    __builtin_prefetch(record->company);
    __builtin_prefetch(record->mails);
    __builtin_prefetch(record->phones);
    __builtin_prefetch(record->mobiles);
    if (record->sites_n > 0)
        __builtin_prefetch(record->sites);
}

double dedupe_weigh(const struct dedupe_scorer *scorer, const struct dedupe_record *a, const struct dedupe_record *b,
                    double *ret_weight)
{
    struct dedupe_finding found[DEDUPE_COMPARISONS];
    double weight = 0.0;
    bool compared = false;
    dedupe_compare(a, b, found);
    for (size_t i = 0; i < DEDUPE_COMPARISONS; i++) {
        if (found[i].level == DEDUPE_LEVEL_NONE)
            continue;
        compared = true;
        weight += scorer->model->bits[found[i].level];
    }
    weight += dedupe_name_weight(scorer->model, found, a, b);
    *ret_weight = weight;
    return compared ? probability_of(scorer->model, weight) : 0.0;
}

void dedupe_score(const struct dedupe_model *model, const struct dedupe_record *a, const struct dedupe_record *b,
                  struct arena *arena, struct dedupe_verdict *ret_verdict)
{
    struct dedupe_finding found[DEDUPE_COMPARISONS];
    struct dedupe_verdict verdict = {0};
    dedupe_compare(a, b, found);
    show_names(&found[DEDUPE_NAME], a, b, arena);
    for (size_t i = 0; i < DEDUPE_COMPARISONS; i++) {
        if (found[i].level == DEDUPE_LEVEL_NONE)
            continue;
        double rarity = i == DEDUPE_NAME ? dedupe_name_weight(model, found, a, b) : 0.0;
        double weight = model->bits[found[i].level] + rarity;
        verdict.weight += weight;
        add_reason(&verdict, weight, rarity, &found[i]);
    }
    verdict.probability = verdict.n > 0 ? probability_of(model, verdict.weight) : 0.0;
    double share;
    verdict.prior = model->prior;
    verdict.rival = dedupe_best_rival(found, &share);
    verdict.rival_bits = log2(share) - dedupe_calibrated(verdict.prior + verdict.weight);
    verdict.outcome = outcome_of(model, found, verdict.probability);
    double obvious = verdict.outcome == DEDUPE_MOVED ? model->moved : model->obvious;
    if (verdict.probability >= obvious && proved(found))
        verdict.band = DEDUPE_OBVIOUS;
    else if (verdict.probability >= model->possible)
        verdict.band = DEDUPE_POSSIBLE;
    *ret_verdict = verdict;
}
