/* Business contacts: the same weights and the same code as when a card meets the CRM. */
#include "dedupe/batch.h"
#include "dedupe/block/block.h"
#include "dedupe/glance.h"
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

static void explain(void *self, const struct scored *pair, FILE *to)
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

enum {
    FAR = 16, /* pairs ahead: memory is slower than the comparisons */
    NEAR = 8,
    BATCH = 1024, /* pairs that are glanced at before the promising ones are weighed */
};

/* What one thread weighs, and finds. */
struct part {
    const struct stock *stock;
    const struct dedupe_scorer *scorer;
    const struct dedupe_bounds *bounds;
    double least;
    struct scored *scored;
    size_t scored_n, room;
};

static void add_scored(struct part *part, struct scored scored)
{
    if (part->scored_n == part->room) {
        part->room = part->room ? 2 * part->room : 4096;
        part->scored = realloc(part->scored, part->room * sizeof *part->scored);
        if (!part->scored)
            abort(); /* as arena_alloc() does */
    }
    part->scored[part->scored_n++] = scored;
}

/* Those of `n` pairs that are worth weighing. */
static size_t glance(const struct part *part, const struct dedupe_pair *pair, size_t n, struct dedupe_pair *ret_pairs)
{
    const struct dedupe_glance *glances = part->stock->glances;
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (i + FAR < n) {
            const char *ahead = (const char *)&glances[pair[i + FAR].right];
            __builtin_prefetch(ahead);
            __builtin_prefetch(ahead + 64);
        }
        ret_pairs[kept] = pair[i];
        kept += dedupe_promising(part->bounds, &glances[pair[i].left], &glances[pair[i].right]);
    }
    return kept;
}

static void weigh_promising(struct part *part, const struct dedupe_pair *pair, size_t n)
{
    const struct dedupe_record *const *records = part->stock->records;
    for (size_t i = 0; i < n; i++) {
        uint32_t left = pair[i].left, right = pair[i].right;
        if (i + FAR < n)
            dedupe_foresee(records[pair[i + FAR].right], false);
        if (i + NEAR < n)
            dedupe_foresee(records[pair[i + NEAR].right], true);
        double weight, probability = dedupe_weigh(part->scorer, records[left], records[right], &weight);
        if (probability >= part->least)
            add_scored(part, (struct scored){left, right, (float)probability, (float)weight});
    }
}

/* Pairs that share a key, as dedupe_block() hands them out. */
static void weigh(void *self, unsigned thread, size_t range, const struct dedupe_pair *pairs, size_t pairs_n)
{
    struct part *part = (struct part *)self + thread;
    struct dedupe_pair promising[BATCH];
    (void)range;
    for (size_t i = 0, n; i < pairs_n; i += n) {
        n = pairs_n - i < BATCH ? pairs_n - i : BATCH;
        weigh_promising(part, promising, glance(part, pairs + i, n, promising));
    }
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
    struct part parts[PARALLEL_MAX] = {0};
    const struct stock *stock = &contacts->stock;
    const struct dedupe_stock blocked_stock = {stock->records, stock->n, outcome->border};
    size_t pairs;
    for (unsigned t = 0; t < input->threads; t++)
        parts[t] = (struct part){.stock = stock,
                                 .scorer = dedupe_scorer_new(contacts->model, contacts->arena),
                                 .bounds = dedupe_bounds_new(contacts->model, input->least, contacts->arena),
                                 .least = input->least};
    const struct dedupe_blocking whole = {&blocked_stock, input->threads, 0, 1, parts, weigh};
    int matched = match(input, &whole, contacts->arena, &pairs, err);
    for (unsigned t = 0; t < input->threads; t++)
        outcome->scored_n += parts[t].scored_n;
    outcome->scored = arena_array(contacts->arena, outcome->scored_n, sizeof *outcome->scored);
    for (size_t t = 0, at = 0; t < input->threads; at += parts[t++].scored_n) {
        if (parts[t].scored_n > 0)
            memcpy(outcome->scored + at, parts[t].scored, parts[t].scored_n * sizeof *outcome->scored);
        free(parts[t].scored);
    }
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
