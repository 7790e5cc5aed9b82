/* The two engines of kartei dedupe: shipped weights for business contacts, learned ones for anything else. */
#ifndef SERVICES_DEDUPE_ENGINE_H
#define SERVICES_DEDUPE_ENGINE_H

#include "services/dedupe/outcome.h"
#include "services/dedupe/source.h"

struct engine_input {
    struct source *in, *against; /* against: NULL = within one file */
    const char *region;          /* ISO 3166-1 alpha-2 for national phone numbers */
    double least;                /* least probability of a pair that is kept */
    unsigned threads;
    const struct dedupe_model *model; /* weights of business contacts; NULL = shipped */
    const char *work;                 /* folder for pairs on disk, or NULL: all in memory */
    unsigned parts;                   /* of the keys, one after another, when there is such a folder */
    const char *labels;               /* CSV of decisions to learn from (ids.h), or NULL */
    const char *save_weights;         /* file for the weights that were used, or NULL */
};

/* Lists with a company and a person's name are business contacts. */
bool engine_is_contacts(const struct source *source);

/* Both find pairs that are one, in any order; the outcome lives in the arena. ERR_INVALID with file and line. */
int engine_contacts(const struct engine_input *input, struct arena *arena, struct outcome *ret_outcome,
                    struct err *err);
int engine_learned(const struct engine_input *input, struct arena *arena, struct outcome *ret_outcome, struct err *err);

#endif
