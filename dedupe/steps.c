/* See steps.h. The forms are those that were compared: taken from the record, or made by the same function. */
#include "dedupe/steps.h"

#include "contact/fold.h"
#include "dedupe/record.h"

#include <string.h>

enum word {
#define X(name, word, en, de) STEP_##name,
#include "dedupe/steps.def"
#undef X
    STEPS
};

static const struct {
    const char *word, *en, *de;
} texts[STEPS] = {
#define X(name, word, en, de) {word, en, de},
#include "dedupe/steps.def"
#undef X
};

static const struct json_field step_fields[] = {
    {"step", JSON_STR, offsetof(struct dedupe_step, step), JSON_REQUIRED, 0, NULL, NULL, "word of the step"},
    {"text", JSON_STR, offsetof(struct dedupe_step, text), JSON_REQUIRED, 0, NULL, NULL, "the value after it"},
};
const struct json_shape dedupe_step_shape = {"Step", sizeof(struct dedupe_step), step_fields, ARRAY_LEN(step_fields),
                                             false};

/* A value on its way. */
struct way {
    struct dedupe_step *steps;
    size_t n;
    struct str now;
};

/* A step that changes nothing is none. */
static void go(struct way *way, enum word word, struct str text)
{
    if (str_empty(text) || str_eq(text, way->now))
        return;
    way->steps[way->n++] = (struct dedupe_step){str_c(texts[word].word), text};
    way->now = text;
}

static struct str parts_joined(const struct dedupe_record *record, bool plain, struct arena *arena)
{
    const struct dedupe_side *const sides[] = {record->given, record->family};
    struct str words[2 * CONTACT_NAME_PARTS];
    size_t n = 0;
    for (size_t s = 0; s < ARRAY_LEN(sides); s++)
        for (size_t i = 0; i < sides[s]->n; i++)
            words[n++] = plain ? sides[s]->parts[i].plain : sides[s]->parts[i].folded;
    return contact_join(words, n, " ", arena);
}

static void name_way(const struct dedupe_record *record, struct way *way, struct arena *arena)
{
    go(way, STEP_FOLD, contact_fold(way->now, arena));
    go(way, STEP_PARTS, parts_joined(record, false, arena));
    go(way, STEP_PLAIN, parts_joined(record, true, arena));
}

/* An employer is shown as a company, a domain or a switchboard. */
static void employer_way(const struct dedupe_record *record, struct way *way, struct arena *arena)
{
    for (size_t i = 0; i < record->sites_n; i++) {
        if (str_eq(record->sites[i]->site, way->now)) {
            go(way, STEP_LABEL, record->sites[i]->label);
            return;
        }
    }
    if (!str_eq(record->company_shown, way->now))
        return;
    go(way, STEP_FOLD, contact_fold(way->now, arena));
    go(way, STEP_PLAIN, contact_plain(way->now, arena));
    go(way, STEP_COMPANY, record->company->core);
}

static void mail_way(const struct dedupe_record *record, struct way *way)
{
    for (size_t i = 0; i < record->mails_n; i++) {
        const struct dedupe_mail *mail = &record->mails[i];
        if (!str_eq(mail->shown, way->now))
            continue;
        go(way, STEP_FOLD, mail->address);
        if (!mail->role)
            go(way, STEP_MAILBOX, mail->local);
        return;
    }
}

static void number_way(const struct dedupe_number *numbers, size_t n, struct way *way)
{
    for (size_t i = 0; i < n; i++) {
        if (!str_eq(numbers[i].shown, way->now))
            continue;
        go(way, STEP_NUMBER, numbers[i].digits);
        return;
    }
}

enum { STEPS_MOST = 3 }; /* of one value */

static struct json_list way_of(const struct dedupe_record *record, const struct dedupe_reason *reason, struct str value,
                               struct arena *arena)
{
    struct way way = {.steps = arena_array(arena, STEPS_MOST, sizeof *way.steps), .now = value};
    if (str_empty(value))
        return (struct json_list){NULL, 0};
    if (str_eq(reason->field, STR("name")))
        name_way(record, &way, arena);
    else if (str_eq(reason->field, STR("employer")))
        employer_way(record, &way, arena);
    else if (str_eq(reason->field, STR("email")))
        mail_way(record, &way);
    else if (str_eq(reason->field, STR("address")) && str_eq(record->place->shown, value))
        go(&way, STEP_STREET, record->place->street);
    number_way(record->phones, record->phones_n, &way);
    number_way(record->mobiles, record->mobiles_n, &way);
    return (struct json_list){way.steps, way.n};
}

void dedupe_steps(struct dedupe_verdict *verdict, const struct dedupe_record *a, const struct dedupe_record *b,
                  struct arena *arena)
{
    for (size_t i = 0; i < verdict->n; i++) {
        struct dedupe_reason *reason = &verdict->reasons[i];
        reason->left_steps = way_of(a, reason, reason->left, arena);
        reason->right_steps = way_of(b, reason, reason->right, arena);
    }
}

struct str dedupe_step_sentence(const struct dedupe_step *step, const char *language, struct arena *arena)
{
    bool german = language && strncmp(language, "de", 2) == 0;
    for (size_t i = 0; i < STEPS; i++)
        if (str_eq(step->step, str_c(texts[i].word)))
            return str_printf(arena, "%s: %.*s", german ? texts[i].de : texts[i].en, STR_ARG(step->text));
    return step->text; /* stored by a later version */
}
