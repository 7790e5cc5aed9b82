/* The tables of states.def; see states.h. */
#include "flow/states.h"

#include "flow/batch/batch.h"
#include "flow/contacts.h"
#include "flow/jobs.h"
#include "flow/rules/rules.h"
#include "flow/scans.h"
#include "flow/write.h"

#define MOVE(...)
#define STATE(machine, name) WORD_##machine(name)
#define WORD_scan(name)
#define WORD_contact(name)
#define WORD_write_back(name)
#define WORD_job(name)
#define WORD_rules(name)
#define WORD_batch(name)

const char *const flow_scan_words[] = {
#undef WORD_scan
#define WORD_scan(name) #name,
#include "flow/states.def"
    NULL};
#undef WORD_scan
#define WORD_scan(name)
const char *const flow_contact_words[] = {
#undef WORD_contact
#define WORD_contact(name) #name,
#include "flow/states.def"
    NULL};
#undef WORD_contact
#define WORD_contact(name)
const char *const flow_write_back_words[] = {
#undef WORD_write_back
#define WORD_write_back(name) #name,
#include "flow/states.def"
    NULL};
#undef WORD_write_back
#define WORD_write_back(name)
const char *const flow_job_words[] = {
#undef WORD_job
#define WORD_job(name) #name,
#include "flow/states.def"
    NULL};
#undef WORD_job
#define WORD_job(name)
const char *const flow_rules_words[] = {
#undef WORD_rules
#define WORD_rules(name) #name,
#include "flow/states.def"
    NULL};
#undef WORD_rules
#define WORD_rules(name)
const char *const flow_batch_words[] = {
#undef WORD_batch
#define WORD_batch(name) #name,
#include "flow/states.def"
    NULL};
#undef STATE
#undef MOVE

struct move {
    enum flow_machine machine;
    const char *from, *event, *to, *sentence[2];
};

#define MACHINE_scan       FLOW_SCAN
#define MACHINE_contact    FLOW_CONTACT
#define MACHINE_write_back FLOW_WRITE_BACK
#define MACHINE_job        FLOW_JOB
#define MACHINE_rules      FLOW_RULES
#define MACHINE_batch      FLOW_BATCH
#define STATE(...)
#define MOVE(machine, from, event, to, en, de) {MACHINE_##machine, #from, #event, #to, {en, de}},
static const struct move moves[] = {
#include "flow/states.def"
};

const char *const *flow_state_words(enum flow_machine machine)
{
    static const char *const *const words[] = {
        [FLOW_SCAN] = flow_scan_words, [FLOW_CONTACT] = flow_contact_words, [FLOW_WRITE_BACK] = flow_write_back_words,
        [FLOW_JOB] = flow_job_words,   [FLOW_RULES] = flow_rules_words,     [FLOW_BATCH] = flow_batch_words,
    };
    return words[machine];
}

int flow_state_of(enum flow_machine machine, struct str word)
{
    return str_word(word, flow_state_words(machine));
}

bool flow_state_move(enum flow_machine machine, int from, const char *event, int *ret_to)
{
    const char *state = flow_state_words(machine)[from];
    for (size_t i = 0; i < ARRAY_LEN(moves); i++)
        if (moves[i].machine == machine && strcmp(moves[i].from, state) == 0 && strcmp(moves[i].event, event) == 0) {
            *ret_to = flow_state_of(machine, str_c(moves[i].to));
            return true;
        }
    return false;
}

const char *flow_state_sentence(enum flow_machine machine, int state, const char *language)
{
    const char *word = flow_state_words(machine)[state];
    bool german = language && strncmp(language, "de", 2) == 0;
    for (size_t i = 0; i < ARRAY_LEN(moves); i++)
        if (moves[i].machine == machine && strcmp(moves[i].to, word) == 0)
            return moves[i].sentence[german];
    return "";
}
