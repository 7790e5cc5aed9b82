/* Pairs and clusters as CSV. */
#include "services/dedupe/outcome.h"

#include "base/parallel.h"
#include "dedupe/cluster.h"
#include "services/dedupe/csv.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

void outcome_freep(struct outcome *outcome)
{
    if (outcome->release)
        outcome->release(outcome->self);
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
    for (size_t i = 0; i < outcome->scored.n; i++) {
        const struct decided pair = {outcome->scored.items[i].left, outcome->scored.items[i].right, false};
        if (!bsearch(&pair, outcome->apart, outcome->apart_n, sizeof pair, by_pair))
            outcome->scored.items[kept++] = outcome->scored.items[i];
    }
    outcome->scored.n = kept;
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

/* Lines that one thread makes. */
struct lines {
    const struct outcome *outcome;
    size_t from, to; /* pairs */
    char *text;
    size_t n, room;
};

enum { NUMBERS_BYTES = 64, PAIRS_AT_ONCE = 32768 };

static void make_room(struct lines *lines, size_t more)
{
    if (lines->n + more <= lines->room)
        return;
    lines->room = 2 * (lines->n + more);
    lines->text = realloc(lines->text, lines->room);
    if (!lines->text)
        abort(); /* as arena_alloc() does */
}

/* A number with so many decimals; printf() would take as long as the comparison of the pair. */
static void add_fixed(struct lines *lines, double value, unsigned decimals)
{
    char digits[24];
    uint64_t scale = 1, whole;
    size_t n = 0;
    for (unsigned i = 0; i < decimals; i++)
        scale *= 10;
    whole = (uint64_t)(fabs(value) * (double)scale + 0.5);
    if (value < 0.0 && whole > 0)
        lines->text[lines->n++] = '-';
    for (unsigned i = 0; i <= decimals || whole > 0; i++) {
        if (i == decimals)
            digits[n++] = '.';
        digits[n++] = (char)('0' + whole % 10);
        whole /= 10;
    }
    while (n > 0)
        lines->text[lines->n++] = digits[--n];
}

static void add_id(struct lines *lines, struct str id)
{
    make_room(lines, 2 * id.n + NUMBERS_BYTES);
    lines->n += csv_put(lines->text + lines->n, id);
    lines->text[lines->n++] = ',';
}

static void make_lines(void *self)
{
    struct lines *lines = self;
    const struct outcome *outcome = lines->outcome;
    lines->n = 0;
    for (size_t i = lines->from; i < lines->to; i++) {
        const struct dedupe_scored *scored = &outcome->scored.items[i];
        add_id(lines, outcome->ids[scored->left]);
        add_id(lines, outcome->ids[scored->right]);
        add_fixed(lines, (double)scored->probability, 6);
        lines->text[lines->n++] = ',';
        add_fixed(lines, (double)scored->weight, 4);
        lines->text[lines->n++] = '\n';
    }
}

static void write_plain(const struct outcome *outcome, FILE *to)
{
    struct lines parts[PARALLEL_MAX] = {0};
    unsigned threads = parallel_cores();
    for (size_t from = 0; from < outcome->scored.n; from += (size_t)threads * PAIRS_AT_ONCE) {
        for (unsigned t = 0; t < threads; t++) {
            size_t first = from + (size_t)t * PAIRS_AT_ONCE, last = first + PAIRS_AT_ONCE;
            parts[t].outcome = outcome;
            parts[t].from = first < outcome->scored.n ? first : outcome->scored.n;
            parts[t].to = last < outcome->scored.n ? last : outcome->scored.n;
        }
        parallel_run(make_lines, parts, sizeof parts[0], threads);
        for (unsigned t = 0; t < threads; t++)
            (void)fwrite(parts[t].text, 1, parts[t].n, to);
    }
    for (unsigned t = 0; t < threads; t++)
        free(parts[t].text);
}

static void write_explained(const struct outcome *outcome, FILE *to)
{
    for (size_t i = 0; i < outcome->scored.n; i++) {
        const struct dedupe_scored *scored = &outcome->scored.items[i];
        csv_print(to, outcome->ids[scored->left]);
        (void)fputc(',', to);
        csv_print(to, outcome->ids[scored->right]);
        (void)fprintf(to, ",%.6f,%.4f", (double)scored->probability, (double)scored->weight);
        outcome->explain(outcome->self, scored, to);
        (void)fputc('\n', to);
    }
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
    if (explain)
        write_explained(outcome, to);
    else
        write_plain(outcome, to);
    return close_output(to, file, err);
}

int outcome_write_clusters(const struct outcome *outcome, const char *file, double threshold, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(SIZE_MAX);
    uint32_t *clusters = arena_array(arena, outcome->n, sizeof *clusters);
    struct dedupe_edge *edges = arena_array(arena, outcome->scored.n + outcome->apart_n, sizeof *edges);
    for (size_t i = 0; i < outcome->scored.n; i++) {
        const struct dedupe_scored *scored = &outcome->scored.items[i];
        edges[i] = (struct dedupe_edge){scored->left, scored->right, (double)scored->probability};
    }
    for (size_t i = 0; i < outcome->apart_n; i++)
        edges[outcome->scored.n + i] =
            (struct dedupe_edge){outcome->apart[i].left, outcome->apart[i].right, DEDUPE_NEVER};
    dedupe_cluster(edges, outcome->scored.n + outcome->apart_n, outcome->n, threshold, clusters);
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
