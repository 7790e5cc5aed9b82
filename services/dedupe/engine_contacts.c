/* Business contacts: the same weights and the same code as when a card meets the CRM. */
#include "dedupe/block.h"
#include "dedupe/dedupe.h"
#include "services/dedupe/engine.h"
#include "services/dedupe/stock.h"

struct contacts {
    struct stock stock;
    struct arena *arena;
};

static const char *const fields[] = {"name", "employer", "email", "phone", "mobile", "address", "birth"};

static void explain(void *self, const struct scored *pair, FILE *to)
{
    struct contacts *contacts = self;
    struct dedupe_verdict verdict = {0};
    if (pair)
        dedupe_score(dedupe_model_default(), contacts->stock.records[pair->left], contacts->stock.records[pair->right],
                     contacts->arena, &verdict);
    for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
        (void)fprintf(to, ",%s", pair ? "" : fields[i]);
        for (size_t k = 0; k < verdict.n; k++) {
            const struct dedupe_reason *reason = &verdict.reasons[k];
            if (str_eq(reason->field, str_c(fields[i])))
                (void)fprintf(to, "%.*s %+.2f", STR_ARG(reason->level), reason->weight);
        }
    }
}

bool engine_is_contacts(const struct source *source)
{
    return source_has(source, FIELD_COMPANY) &&
           (source_has(source, FIELD_FAMILY_NAME) || source_has(source, FIELD_FULL_NAME));
}

static void score_pairs(const struct contacts *contacts, const struct dedupe_pairs *pairs, double least,
                        struct outcome *outcome)
{
    outcome->scored = arena_array(contacts->arena, pairs->n, sizeof *outcome->scored);
    for (size_t i = 0; i < pairs->n; i++) {
        struct dedupe_verdict verdict;
        struct dedupe_pair pair = pairs->pair[i];
        dedupe_score(dedupe_model_default(), contacts->stock.records[pair.left], contacts->stock.records[pair.right],
                     contacts->arena, &verdict);
        if (verdict.probability >= least)
            outcome->scored[outcome->scored_n++] =
                (struct scored){pair.left, pair.right, (float)verdict.probability, (float)verdict.weight};
    }
}

int engine_contacts(const struct engine_input *input, struct arena *arena, struct outcome *ret_outcome, struct err *err)
{
    struct contacts *contacts = arena_one(arena, struct contacts);
    struct stock *stock = &contacts->stock;
    struct dedupe_pairs pairs = {0};
    contacts->arena = arena;
    if (stock_read(input->in, input->region, arena, stock, err) < 0)
        return -1;
    size_t border = input->against ? stock->n : 0;
    if (input->against && stock_read(input->against, input->region, arena, stock, err) < 0)
        return -1;
    engine_progress("records read", stock->n);
    bool alone = input->against && (border == 0 || border == stock->n); /* one is empty: nothing to pair */
    if (!alone)
        dedupe_block(&(struct dedupe_stock){stock->records, stock->n, border}, input->threads, arena, &pairs);
    engine_progress("pairs share a key", pairs.n);
    *ret_outcome = (struct outcome){.ids = stock->ids, .n = stock->n, .explain = explain, .self = contacts};
    score_pairs(contacts, &pairs, input->least, ret_outcome);
    return 0;
}
