/* See weigher.h. */
#include "dedupe/stock/weigher.h"

#include "base/parallel.h"

#include <stdlib.h>
#include <string.h>

enum {
    FAR = 16, /* pairs ahead: memory is slower than the comparisons */
    NEAR = 8,
    BATCH = 1024, /* pairs that are glanced at before the promising ones are weighed */
};

/* What one thread weighs, and finds. */
struct part {
    const struct dedupe_record *const *records;
    const struct dedupe_glance *glances;
    const struct dedupe_scorer *scorer;
    const struct dedupe_bounds *bounds;
    double least;
    struct dedupe_scored *scored;
    size_t scored_n, room;
};

struct dedupe_weigher {
    struct part parts[PARALLEL_MAX];
    unsigned parts_n;
};

static void add_scored(struct part *part, struct dedupe_scored scored)
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
    const struct dedupe_glance *glances = part->glances;
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
    const struct dedupe_record *const *records = part->records;
    for (size_t i = 0; i < n; i++) {
        uint32_t left = pair[i].left, right = pair[i].right;
        if (i + FAR < n)
            dedupe_foresee(records[pair[i + FAR].right], false);
        if (i + NEAR < n)
            dedupe_foresee(records[pair[i + NEAR].right], true);
        double weight, probability = dedupe_weigh(part->scorer, records[left], records[right], &weight);
        if (probability >= part->least)
            add_scored(part, (struct dedupe_scored){left, right, (float)probability, (float)weight});
    }
}

struct dedupe_weigher *dedupe_weigher_new(const struct dedupe_weighing *weighing, struct arena *arena)
{
    struct dedupe_weigher *weigher = arena_one(arena, struct dedupe_weigher);
    weigher->parts_n = weighing->threads;
    for (unsigned t = 0; t < weighing->threads; t++)
        weigher->parts[t] = (struct part){.records = weighing->stock->records,
                                          .glances = weighing->glances,
                                          .scorer = dedupe_scorer_new(weighing->model, arena),
                                          .bounds = dedupe_bounds_new(weighing->model, weighing->least, arena),
                                          .least = weighing->least};
    return weigher;
}

void dedupe_weigher_give(void *self, unsigned thread, size_t range, const struct dedupe_pair *pairs, size_t pairs_n)
{
    struct part *part = &((struct dedupe_weigher *)self)->parts[thread];
    struct dedupe_pair promising[BATCH];
    (void)range;
    for (size_t i = 0, n; i < pairs_n; i += n) {
        n = pairs_n - i < BATCH ? pairs_n - i : BATCH;
        weigh_promising(part, promising, glance(part, pairs + i, n, promising));
    }
}

void dedupe_weigher_done(struct dedupe_weigher *weigher, struct arena *arena, struct dedupe_scored_list *ret_list)
{
    size_t n = 0, at = 0;
    for (unsigned t = 0; t < weigher->parts_n; t++)
        n += weigher->parts[t].scored_n;
    struct dedupe_scored *items = arena_array(arena, n, sizeof *items);
    for (unsigned t = 0; t < weigher->parts_n; t++) {
        struct part *part = &weigher->parts[t];
        if (part->scored_n > 0)
            memcpy(items + at, part->scored, part->scored_n * sizeof *items);
        at += part->scored_n;
        free(part->scored);
        part->scored = NULL;
        part->scored_n = part->room = 0;
    }
    *ret_list = (struct dedupe_scored_list){items, n};
}

static int by_weight(const void *left, const void *right)
{
    const struct dedupe_scored *a = left, *b = right;
    if (a->weight < b->weight || a->weight > b->weight)
        return a->weight > b->weight ? -1 : 1;
    if (a->left != b->left)
        return a->left < b->left ? -1 : 1;
    return a->right < b->right ? -1 : a->right > b->right;
}

void dedupe_scored_sort(struct dedupe_scored_list *list)
{
    if (list->n > 0)
        qsort(list->items, list->n, sizeof *list->items, by_weight);
}

void dedupe_stock_pairs(const struct dedupe_weighing *weighing, struct arena *arena,
                        struct dedupe_scored_list *ret_list)
{
    struct dedupe_weigher *weigher = dedupe_weigher_new(weighing, arena);
    struct dedupe_blocked blocked;
    dedupe_block(&(struct dedupe_blocking){weighing->stock, weighing->threads, 0, 1, weigher, dedupe_weigher_give},
                 &blocked);
    dedupe_weigher_done(weigher, arena, ret_list);
    dedupe_scored_sort(ret_list);
}
