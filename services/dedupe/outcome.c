/* Pairs and clusters as CSV. */
#include "services/dedupe/outcome.h"

#include "dedupe/cluster.h"
#include "services/dedupe/csv.h"

#include <errno.h>
#include <string.h>

static int by_weight(const void *left, const void *right)
{
    const struct scored *a = left, *b = right;
    if (a->weight < b->weight || a->weight > b->weight)
        return a->weight > b->weight ? -1 : 1;
    if (a->left != b->left)
        return a->left < b->left ? -1 : 1;
    return a->right < b->right ? -1 : a->right > b->right;
}

void outcome_freep(struct outcome *outcome)
{
    if (outcome->release)
        outcome->release(outcome->self);
}

void outcome_sort(struct outcome *outcome)
{
    if (outcome->scored_n > 0)
        qsort(outcome->scored, outcome->scored_n, sizeof *outcome->scored, by_weight);
}

static uint64_t pair_of(uint32_t left, uint32_t right)
{
    return (uint64_t)left << 32 | right;
}

static int by_pair(const void *left, const void *right)
{
    const struct decided *a = left, *b = right;
    uint64_t first = pair_of(a->left, a->right), second = pair_of(b->left, b->right);
    return first < second ? -1 : first > second;
}

int outcome_keep_apart(struct outcome *outcome, const char *file, struct arena *arena, struct err *err)
{
    const struct decided_source source = {
        .file = file, .ids = outcome->ids, .n = outcome->n, .border = outcome->border};
    struct decided_list list;
    size_t unknown, kept = 0;
    if (ids_read_decided(&source, arena, &list, &unknown, err) < 0)
        return -1;
    if (list.n == 0)
        return 0;
    qsort(list.items, list.n, sizeof *list.items, by_pair);
    for (size_t i = 0; i < list.n; i++) {
        if (kept == 0 || by_pair(&list.items[kept - 1], &list.items[i]) != 0)
            list.items[kept++] = list.items[i];
    }
    outcome->apart = list.items;
    outcome->apart_n = kept;
    kept = 0;
    for (size_t i = 0; i < outcome->scored_n; i++) {
        const struct decided pair = {outcome->scored[i].left, outcome->scored[i].right, false};
        if (!bsearch(&pair, outcome->apart, outcome->apart_n, sizeof pair, by_pair))
            outcome->scored[kept++] = outcome->scored[i];
    }
    outcome->scored_n = kept;
    return 0;
}

/* Closes what was written; a full disk shows here at the latest. */
static int close_output(FILE *to, const char *file, struct err *err)
{
    bool failed = ferror(to) != 0;
    if (fclose(to) != 0 || failed)
        return err_set(err, ERR_INVALID, "%s: %s", file, strerror(errno));
    return 0;
}

int outcome_write_pairs(const struct outcome *outcome, const char *file, bool explain, struct err *err)
{
    FILE *to = fopen(file, "we");
    if (!to)
        return err_set(err, ERR_INVALID, "%s: %s", file, strerror(errno));
    (void)fputs("id_l,id_r,probability,weight", to);
    if (explain)
        outcome->explain(outcome->self, NULL, to);
    (void)fputc('\n', to);
    for (size_t i = 0; i < outcome->scored_n; i++) {
        const struct scored *scored = &outcome->scored[i];
        csv_print(to, outcome->ids[scored->left]);
        (void)fputc(',', to);
        csv_print(to, outcome->ids[scored->right]);
        (void)fprintf(to, ",%.6f,%.4f", (double)scored->probability, (double)scored->weight);
        if (explain)
            outcome->explain(outcome->self, scored, to);
        (void)fputc('\n', to);
    }
    return close_output(to, file, err);
}

int outcome_write_clusters(const struct outcome *outcome, const char *file, double threshold, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(SIZE_MAX);
    uint32_t *clusters = arena_array(arena, outcome->n, sizeof *clusters);
    struct dedupe_edge *edges = arena_array(arena, outcome->scored_n + outcome->apart_n, sizeof *edges);
    for (size_t i = 0; i < outcome->scored_n; i++) {
        const struct scored *scored = &outcome->scored[i];
        edges[i] = (struct dedupe_edge){scored->left, scored->right, (double)scored->probability};
    }
    for (size_t i = 0; i < outcome->apart_n; i++)
        edges[outcome->scored_n + i] =
            (struct dedupe_edge){outcome->apart[i].left, outcome->apart[i].right, DEDUPE_NEVER};
    dedupe_cluster(edges, outcome->scored_n + outcome->apart_n, outcome->n, threshold, clusters);
    FILE *to = fopen(file, "we");
    if (!to)
        return err_set(err, ERR_INVALID, "%s: %s", file, strerror(errno));
    (void)fputs("id,cluster\n", to);
    for (size_t i = 0; i < outcome->n; i++) {
        csv_print(to, outcome->ids[i]);
        (void)fputc(',', to);
        csv_print(to, outcome->ids[clusters[i]]);
        (void)fputc('\n', to);
    }
    return close_output(to, file, err);
}
