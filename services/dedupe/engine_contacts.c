/* Business contacts: the same weights and the same code as when a card meets the CRM. */
#include "dedupe/weights/weights.h"
#include "services/dedupe/engine.h"
#include "services/dedupe/spill.h"
#include "services/dedupe/stage.h"
#include "services/dedupe/stock.h"

#include <errno.h>
#include <string.h>

struct contacts {
    struct stock stock;
    const struct dedupe_model *model;
    struct arena *arena;
};

static const char *const fields[] = {"name", "employer", "email", "phone", "mobile", "address", "birth"};

static void explain(void *self, const struct dedupe_scored *pair, FILE *to)
{
    struct contacts *contacts = self;
    struct dedupe_verdict verdict = {0};
    if (pair)
        dedupe_score(contacts->model, contacts->stock.records[pair->left], contacts->stock.records[pair->right],
                     contacts->arena, &verdict);
    for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
        (void)fprintf(to, ",%s", pair ? "" : fields[i]);
        for (size_t k = 0; k < verdict.n; k++) {
            const struct dedupe_reason *reason = &verdict.reasons[k];
            if (str_eq(reason->field, str_c(fields[i])))
                (void)fprintf(to, "%.*s %+.2f", STR_ARG(reason->level), reason->weight);
        }
    }
    if (pair)
        (void)fprintf(to, ",%s,%s,%s %+.2f", dedupe_band_words[verdict.band], dedupe_outcome_words[verdict.outcome],
                      dedupe_rival_words[verdict.rival], verdict.rival_bits);
    else
        (void)fputs(",band,outcome,rival", to);
}

bool engine_is_contacts(const struct source *source)
{
    return source_has(source, FIELD_COMPANY) &&
           (source_has(source, FIELD_FAMILY_NAME) || source_has(source, FIELD_FULL_NAME));
}

/* Blocks the parts that are not on disk yet, then weighs what all of them hold. */
static int match_by_parts(const struct engine_input *input, const struct dedupe_blocking *whole, struct arena *arena,
                          size_t *ret_pairs, struct err *err)
{
    struct spill_key key = {.bytes = input->in->text.n,
                            .changed = source_changed(input->in->file),
                            .records = whole->stock->n,
                            .border = whole->stock->border,
                            .parts = input->parts};
    struct dedupe_blocked blocked;
    struct spill *spill;
    if (input->against) {
        key.bytes += input->against->text.n;
        key.changed ^= source_changed(input->against->file);
    }
    if (spill_open(input->work, &key, arena, &spill, err) < 0)
        return -1;
    for (unsigned part = 0; part < input->parts; part++) {
        if (spill_has(spill, part))
            continue;
        if (spill_begin(spill, part, err) < 0)
            return -1;
        dedupe_block(&(struct dedupe_blocking){whole->stock, whole->threads, part, input->parts, spill, spill_give},
                     &blocked);
        if (spill_end(spill, err) < 0)
            return -1;
        stage_end("part", blocked.pairs, "pairs");
    }
    if (spill_read(spill, whole, ret_pairs, err) < 0)
        return -1;
    spill_remove(spill);
    return 0;
}

static int match(const struct engine_input *input, const struct dedupe_blocking *whole, struct arena *arena,
                 size_t *ret_pairs, struct err *err)
{
    struct dedupe_blocked blocked;
    if (input->work)
        return match_by_parts(input, whole, arena, ret_pairs, err);
    dedupe_block(whole, &blocked);
    *ret_pairs = blocked.pairs;
    return 0;
}

static int find_pairs(struct contacts *contacts, const struct engine_input *input, struct outcome *outcome,
                      struct err *err)
{
    const struct stock *stock = &contacts->stock;
    const struct dedupe_stock blocked_stock = {stock->records, stock->n, outcome->border};
    struct dedupe_weigher *weigher = dedupe_weigher_new(
        &(struct dedupe_weighing){&blocked_stock, stock->glances, contacts->model, input->least, input->threads},
        contacts->arena);
    const struct dedupe_blocking whole = {&blocked_stock, input->threads, 0, 1, weigher, dedupe_weigher_give};
    size_t pairs;
    int matched = match(input, &whole, contacts->arena, &pairs, err);
    dedupe_weigher_done(weigher, contacts->arena, &outcome->scored);
    if (matched == 0)
        stage_end("match", pairs, "pairs");
    return matched;
}

static void tell(const struct dedupe_lesson *lesson, size_t unknown)
{
    (void)fprintf(stderr, "kartei dedupe: %zu decisions (%zu same, %zu different)", lesson->same + lesson->different,
                  lesson->same, lesson->different);
    if (unknown > 0)
        (void)fprintf(stderr, ", %zu more name records that are not there", unknown);
    if (lesson->freedom > 0.0)
        (void)fprintf(stderr,
                      "; a decision surprises by %.3f bits instead of %.3f; most moved: %.*s %.*s by %+.2f bits\n",
                      lesson->surprise_after, lesson->surprise_before, STR_ARG(lesson->field), STR_ARG(lesson->level),
                      lesson->largest_change);
    else
        (void)fputs("; too few or too much alike to better the weights, which stay\n", stderr);
}

/* Weights after the decisions of a file. */
static int learn(const struct contacts *contacts, const struct engine_input *input, size_t border,
                 const struct dedupe_model **model, struct err *err)
{
    const struct stock *stock = &contacts->stock;
    const struct decided_source source = {input->labels, true, stock->ids, stock->n, border};
    struct decided_list list;
    struct dedupe_lesson lesson;
    size_t unknown;
    if (ids_read_decided(&source, contacts->arena, &list, &unknown, err) < 0)
        return -1;
    struct dedupe_decision *decisions = arena_array(contacts->arena, list.n, sizeof *decisions);
    for (size_t i = 0; i < list.n; i++) {
        const struct decided *pair = &list.items[i];
        decisions[i] = (struct dedupe_decision){stock->records[pair->left], stock->records[pair->right], pair->same};
    }
    *model = dedupe_weights_learn(*model, decisions, list.n, contacts->arena, &lesson);
    tell(&lesson, unknown);
    return 0;
}

static int save(const struct dedupe_model *model, const char *file, struct arena *arena, struct err *err)
{
    struct str text = dedupe_weights_write(model, arena);
    FILE *to = fopen(file, "we");
    bool written = to && fwrite(text.p, 1, text.n, to) == text.n;
    if (to && fclose(to) != 0)
        written = false;
    return written ? 0 : err_set(err, ERR_INVALID, "%s: %s", file, strerror(errno));
}

/* The weights of this run: given or shipped, moved by decisions, for a stock of this size. */
static int choose_model(struct contacts *contacts, const struct engine_input *input, size_t border, struct err *err)
{
    const struct stock *stock = &contacts->stock;
    const struct dedupe_model *model = input->model ? input->model : dedupe_model_default();
    model = dedupe_model_sized(model, stock->n, contacts->arena);
    if (input->labels && learn(contacts, input, border, &model, err) < 0)
        return -1;
    contacts->model = model;
    return input->save_weights ? save(model, input->save_weights, contacts->arena, err) : 0;
}

static void release(void *self)
{
    struct contacts *contacts = self;
    stock_freep(&contacts->stock);
}

int engine_contacts(const struct engine_input *input, struct arena *arena, struct outcome *ret_outcome, struct err *err)
{
    struct contacts *contacts = arena_one(arena, struct contacts);
    struct stock *stock = &contacts->stock;
    contacts->arena = arena;
    *ret_outcome = (struct outcome){.explain = explain, .release = release, .self = contacts};
    if (stock_read(input->in, input->region, input->threads, arena, stock, err) < 0)
        return -1;
    size_t border = input->against ? stock->n : 0;
    if (input->against && stock_read(input->against, input->region, input->threads, arena, stock, err) < 0)
        return -1;
    stage_end("read", stock->n, "records");
    if (choose_model(contacts, input, border, err) < 0)
        return -1;
    bool alone = input->against && (border == 0 || border == stock->n); /* one is empty: nothing to pair */
    ret_outcome->ids = stock->ids;
    ret_outcome->n = stock->n;
    ret_outcome->border = border;
    return alone ? 0 : find_pairs(contacts, input, ret_outcome, err);
}
