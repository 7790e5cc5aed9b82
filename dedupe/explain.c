/* Reasons and verdicts in words. */
#include "dedupe/explain.h"
#include "dedupe/model.h"

#include <math.h>
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

struct str dedupe_rarity_sentence(const struct dedupe_reason *reason, const char *language, struct arena *arena)
{
    if (fabs(reason->rarity) < 0.05)
        return STR_NONE;
    bool rare = reason->rarity > 0.0;
    const char *sign = rare ? "+" : "−"; /* the true minus, not the hyphen */
    long tenths = lround(fabs(reason->rarity) * 10.0);
    if (german(language))
        return str_printf(arena, "Die Namen sind %s als die meisten (%s%ld,%ld Bit).", rare ? "seltener" : "häufiger",
                          sign, tenths / 10, tenths % 10);
    return str_printf(arena, "The names are %s than most (%s%ld.%ld bits).", rare ? "rarer" : "commoner", sign,
                      tenths / 10, tenths % 10);
}

/* The sentence of a level without its values. */
static struct str phrase_of(const struct dedupe_reason *reason, const char *language)
{
    const struct dedupe_level_text *text = text_of(reason);
    if (!text) /* stored by a later version */
        return reason->level;
    struct str sentence = str_c(german(language) ? text->sentence_de : text->sentence_en);
    ptrdiff_t colon = str_find(sentence, STR(": {"), 0);
    return colon < 0 ? sentence : str_slice(sentence, 0, (size_t)colon);
}

enum { PHRASES = 2 }; /* on either side: the strongest, as the reasons are sorted */

static void add_phrases(struct strbuf *buf, const struct dedupe_verdict *verdict, bool speaks_for, const char *language)
{
    static const char *const heads[2][2] = {{"Against: ", "Dagegen: "}, {"For: ", "Dafür: "}};
    size_t n = 0;
    for (size_t i = 0; i < verdict->n && n < PHRASES; i++) {
        if ((verdict->reasons[i].weight > 0.0) != speaks_for)
            continue;
        strbuf_add_c(buf, n++ == 0 ? heads[speaks_for][german(language)] : "; ");
        strbuf_add(buf, phrase_of(&verdict->reasons[i], language));
    }
    if (n > 0)
        strbuf_add_c(buf, ". ");
}

/* "14:1", "1:14". */
static struct str odds(double bits, struct arena *arena)
{
    double times = fmin(exp2(fabs(bits)), 9999.0);
    return bits > 0.0 ? str_printf(arena, "%.0f:1", times) : str_printf(arena, "1:%.0f", times);
}

struct str dedupe_rival_sentence(const struct dedupe_verdict *verdict, const char *language, struct arena *arena)
{
    static const char *const rivals[DEDUPE_RIVALS][2] = {
        {"a colleague", "eine Kollegin oder ein Kollege"},
        {"somebody else of that name", "jemand anderes dieses Namens"},
        {"a relative", "jemand aus der Familie"},
        {"a stranger", "eine fremde Person"},
    };
    struct strbuf buf = {.arena = arena};
    const char *rival = rivals[verdict->rival][german(language)];
    struct str ratio = odds(verdict->rival_bits, arena);
    add_phrases(&buf, verdict, true, language);
    add_phrases(&buf, verdict, false, language);
    if (verdict->rival_bits > 0.0)
        strbuf_printf(&buf,
                      german(language) ? "Eher %s als dieselbe Person (%.*s)."
                                       : "More likely %s than the same person (%.*s).",
                      rival, STR_ARG(ratio));
    else
        strbuf_printf(&buf,
                      german(language) ? "Wenn nicht dieselbe Person, dann am ehesten %s (%.*s)."
                                       : "If not the same person, then most likely %s (%.*s).",
                      rival, STR_ARG(ratio));
    return strbuf_str(&buf);
}

/* Whole percent; never 0 or 100, which nobody knows. */
static double percent(double bits)
{
    return fmin(99.0, fmax(1.0, round(100.0 * dedupe_probability(bits))));
}

struct str dedupe_counterfactual_sentence(const struct dedupe_verdict *verdict, const char *language,
                                          struct arena *arena)
{
    double bits = verdict->prior + verdict->weight;
    const struct dedupe_reason *pillar = NULL; /* the strongest reason for what is said */
    for (size_t i = 0; i < verdict->n && !pillar; i++) {
        if ((verdict->reasons[i].weight > 0.0) == (bits > 0.0))
            pillar = &verdict->reasons[i];
    }
    if (!pillar)
        return STR_NONE;
    struct str phrase = phrase_of(pillar, language);
    return str_printf(arena,
                      german(language) ? "Ohne „%.*s“ wären es %.0f %% statt %.0f %%."
                                       : "Without “%.*s” it would be %.0f %% instead of %.0f %%.",
                      STR_ARG(phrase), percent(bits - pillar->weight), percent(bits));
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
