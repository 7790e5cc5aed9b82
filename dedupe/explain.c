/* Reasons and verdicts in words. */
#include "dedupe/model.h"

#include <string.h>

static bool german(const char *language)
{
    return language && strncmp(language, "de", 2) == 0;
}

static const struct dedupe_level_text *text_of(const struct dedupe_reason *reason)
{
    for (size_t i = 1; i < DEDUPE_LEVELS; i++) {
        if (str_eq(reason->field, str_c(dedupe_level_texts[i].field)) &&
            str_eq(reason->level, str_c(dedupe_level_texts[i].level)))
            return &dedupe_level_texts[i];
    }
    return NULL;
}

struct str dedupe_reason_sentence(const struct dedupe_reason *reason, const char *language, struct arena *arena)
{
    const struct dedupe_level_text *text = text_of(reason);
    struct strbuf buf = {.arena = arena};
    const char *nothing = german(language) ? "(leer)" : "(none)";
    if (!text) /* stored by a later version */
        return str_printf(arena, "%.*s: %.*s", STR_ARG(reason->field), STR_ARG(reason->level));
    for (const char *p = german(language) ? text->sentence_de : text->sentence_en; *p; p++) {
        bool left = strncmp(p, "{l}", 3) == 0, right = strncmp(p, "{r}", 3) == 0;
        struct str value = left ? reason->left : reason->right;
        if (!left && !right) {
            strbuf_add_char(&buf, *p);
            continue;
        }
        if (str_empty(value))
            strbuf_add_c(&buf, nothing);
        else
            strbuf_add(&buf, value);
        p += 2;
    }
    return strbuf_str(&buf);
}

/* By band and outcome; a row holds the English and the German sentence. */
static const char *const sentences[3][4][2] = {
    [DEDUPE_NONE] =
        {
            [DEDUPE_DIFFERENT] = {"Probably different people.", "Wahrscheinlich verschiedene Personen."},
            [DEDUPE_COLLEAGUE] = {"Same employer, but probably another person.",
                                  "Gleicher Arbeitgeber, aber wahrscheinlich eine andere Person."},
            [DEDUPE_MOVED] = {"Probably different people.", "Wahrscheinlich verschiedene Personen."},
            [DEDUPE_SAME] = {"Probably different people.", "Wahrscheinlich verschiedene Personen."},
        },
    [DEDUPE_POSSIBLE] =
        {
            [DEDUPE_DIFFERENT] = {"Possibly the same person, but more speaks against it.",
                                  "Vielleicht dieselbe Person, aber mehr spricht dagegen."},
            [DEDUPE_COLLEAGUE] = {"More likely a colleague than the same person; please look.",
                                  "Eher eine Kollegin oder ein Kollege als dieselbe Person; bitte ansehen."},
            [DEDUPE_MOVED] = {"Possibly the same person with a new employer; please look.",
                              "Vielleicht dieselbe Person bei einem neuen Arbeitgeber; bitte ansehen."},
            [DEDUPE_SAME] = {"Possibly the same person; please look.", "Vielleicht dieselbe Person; bitte ansehen."},
        },
    [DEDUPE_OBVIOUS] =
        {
            [DEDUPE_DIFFERENT] = {"Very likely the same person.", "Sehr wahrscheinlich dieselbe Person."},
            [DEDUPE_COLLEAGUE] = {"Very likely the same person.", "Sehr wahrscheinlich dieselbe Person."},
            [DEDUPE_MOVED] = {"Very likely the same person, now with another employer.",
                              "Sehr wahrscheinlich dieselbe Person, jetzt bei einem anderen Arbeitgeber."},
            [DEDUPE_SAME] = {"Very likely the same person.", "Sehr wahrscheinlich dieselbe Person."},
        },
};

struct str dedupe_verdict_sentence(const struct dedupe_verdict *verdict, const char *language, struct arena *arena)
{
    return str_dup(arena, str_c(sentences[verdict->band][verdict->outcome][german(language)]));
}
