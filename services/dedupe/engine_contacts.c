/* Business contacts: the same weights and the same code as when a card meets the CRM. */
#include "dedupe/batch.h"
#include "dedupe/block.h"
#include "dedupe/weights/weights.h"
#include "services/dedupe/engine.h"
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
}

bool engine_is_contacts(const struct source *source)
{
    return source_has(source, FIELD_COMPANY) &&
           (source_has(source, FIELD_FAMILY_NAME) || source_has(source, FIELD_FULL_NAME));
}

enum { FAR = 16, NEAR = 8 }; /* pairs ahead: memory is slower than the comparisons */

/* Pairs that one thread weighs. */
struct part {
    const struct stock *stock;
    const struct dedupe_scorer *scorer;
    const struct dedupe_pair *pair;
    size_t n;
    double least;
    struct scored *scored;
    size_t scored_n, room;
};

static void weigh(void *self)
{
    struct part *part = self;
    for (size_t i = 0; i < part->n; i++) {
        uint32_t left = part->pair[i].left, right = part->pair[i].right;
        if (i + FAR < part->n)
            dedupe_foresee(part->stock->records[part->pair[i + FAR].right], false);
        if (i + NEAR < part->n)
            dedupe_foresee(part->stock->records[part->pair[i + NEAR].right], true);
        double weight,
            probability = dedupe_weigh(part->scorer, part->stock->records[left], part->stock->records[right], &weight);
        if (probability < part->least)
            continue;
        if (part->scored_n == part->room) {
            part->room = part->room ? 2 * part->room : 4096;
            part->scored = realloc(part->scored, part->room * sizeof *part->scored);
            if (!part->scored)
                abort(); /* as arena_alloc() does */
        }
        part->scored[part->scored_n++] = (struct scored){left, right, (float)probability, (float)weight};
    }
}

static void weigh_all(struct contacts *contacts, const struct dedupe_pairs *pairs, const struct engine_input *input,
                      struct outcome *outcome)
{
    struct part parts[PARALLEL_MAX] = {0};
    const struct dedupe_scorer *scorer = dedupe_scorer_new(contacts->model, contacts->arena);
    for (unsigned t = 0; t < input->threads; t++) {
        size_t from = pairs->n * t / input->threads, to = pairs->n * (t + 1) / input->threads;
        parts[t] = (struct part){.stock = &contacts->stock, .scorer = scorer, .n = to - from, .least = input->least};
        parts[t].pair = pairs->pair + from;
    }
    parallel_run(weigh, parts, sizeof parts[0], input->threads);
    for (unsigned t = 0; t < input->threads; t++)
        outcome->scored_n += parts[t].scored_n;
    outcome->scored = arena_array(contacts->arena, outcome->scored_n, sizeof *outcome->scored);
    for (size_t t = 0, at = 0; t < input->threads; at += parts[t++].scored_n) {
        if (parts[t].scored_n > 0)
            memcpy(outcome->scored + at, parts[t].scored, parts[t].scored_n * sizeof *outcome->scored);
        free(parts[t].scored);
    }
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
    struct dedupe_pairs pairs = {0};
    contacts->arena = arena;
    *ret_outcome = (struct outcome){.explain = explain, .release = release, .self = contacts};
    if (stock_read(input->in, input->region, input->threads, arena, stock, err) < 0)
        return -1;
    size_t border = input->against ? stock->n : 0;
    if (input->against && stock_read(input->against, input->region, input->threads, arena, stock, err) < 0)
        return -1;
    engine_progress("records read", stock->n);
    if (choose_model(contacts, input, border, err) < 0)
        return -1;
    _cleanup_(arena_freep) struct arena *work = arena_new(SIZE_MAX);
    bool alone = input->against && (border == 0 || border == stock->n); /* one is empty: nothing to pair */
    if (!alone)
        dedupe_block(&(struct dedupe_stock){stock->records, stock->n, border}, input->threads, work, &pairs);
    engine_progress("pairs share a key", pairs.n);
    ret_outcome->ids = stock->ids;
    ret_outcome->n = stock->n;
    ret_outcome->border = border;
    weigh_all(contacts, &pairs, input, ret_outcome);
    return 0;
}
