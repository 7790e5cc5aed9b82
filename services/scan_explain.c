/* Claims with their reasons as text; see scan_explain.h. */
#include "services/scan_explain.h"

#include <math.h>

static int by_weight(const void *a, const void *b)
{
    double x = fabs(((const struct ocr_reason *)a)->weight), y = fabs(((const struct ocr_reason *)b)->weight);
    return (x < y) - (x > y);
}

/* What speaks about the claim's field, strongest first. */
static struct ocr_reason *reasons_of(const struct ocr_card *card, struct str field, struct arena *arena, size_t *ret_n)
{
    const struct ocr_reason *all = card->reasons.items;
    struct ocr_reason *some = arena_array(arena, card->reasons.n, sizeof *some);
    size_t n = 0;
    for (size_t i = 0; i < card->reasons.n; i++)
        if (str_eq(all[i].field, field))
            some[n++] = all[i];
    qsort(some, n, sizeof *some, by_weight);
    *ret_n = n;
    return some;
}

static void print_alternatives(FILE *out, const struct json_list *alternatives)
{
    const struct str *texts = alternatives->items;
    for (size_t i = 0; i < alternatives->n; i++)
        (void)fprintf(out, "%s%.*s", i ? " | " : "      or: ", STR_ARG(texts[i]));
    if (alternatives->n)
        (void)fputc('\n', out);
}

static void print_claim(FILE *out, const struct ocr_card *card, const struct contact_claim *claim, struct arena *arena)
{
    size_t n;
    const struct ocr_reason *reasons = reasons_of(card, claim->field, arena, &n);
    (void)fprintf(out, "  %-26.*s %.2f  %.*s\n", STR_ARG(claim->field), claim->confidence, STR_ARG(claim->value));
    if (claim->raw.p && !str_eq(claim->raw, claim->value))
        (void)fprintf(out, "      printed: %.*s\n", STR_ARG(claim->raw));
    for (size_t i = 0; i < n; i++)
        (void)fprintf(out, "      %+6.2f  %s %.*s (%.2f)\n", reasons[i].weight,
                      reasons[i].weight < 0 ? "against:" : "for:    ", STR_ARG(reasons[i].sign), reasons[i].value);
    print_alternatives(out, &claim->alternatives);
}

void scan_explain(FILE *out, const char *file, const struct ocr_card *card, struct arena *arena)
{
    const struct contact_claim *claims = card->fields.items;
    const struct ocr_rest *rests = card->unassigned.items;
    const struct str *advice = card->quality.advice.items;
    (void)fprintf(out, "%s, card %lld: %lld x %lld pixels, sharpness %.2f", file, (long long)card->card,
                  (long long)card->width, (long long)card->height, card->quality.sharpness);
    for (size_t i = 0; i < card->quality.advice.n; i++)
        (void)fprintf(out, ", %.*s", STR_ARG(advice[i]));
    (void)fputc('\n', out);
    for (size_t i = 0; i < card->fields.n; i++)
        print_claim(out, card, &claims[i], arena);
    for (size_t i = 0; i < card->unassigned.n; i++)
        (void)fprintf(out, "  %-26s       %.*s\n", "(no field)", STR_ARG(rests[i].text));
}
