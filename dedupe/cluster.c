/* Greedy average linkage over the sparse graph of scored pairs. */
#include "dedupe/cluster.h"

#include <assert.h>

#define UNSCORED 0.15

/* A scored pair as one of its ends sees it. */
struct neighbour {
    uint32_t record;
    double probability;
};

struct graph {
    struct neighbour *neighbours; /* of all records, one after another */
    size_t *first;                /* n + 2: where those of a record begin; the next entry is their end */
    uint32_t *group, *size;       /* group of a record: its least index; size of a group */
    uint32_t *next;               /* next member of the same group, a ring */
};

static int by_probability(const void *left, const void *right)
{
    const struct dedupe_edge *a = left, *b = right;
    if (a->probability < b->probability || a->probability > b->probability)
        return a->probability > b->probability ? -1 : 1;
    if (a->left != b->left)
        return a->left < b->left ? -1 : 1;
    return a->right < b->right ? -1 : a->right > b->right;
}

static struct graph graph_of(const struct dedupe_edge *edges, size_t edges_n, size_t n, struct arena *arena)
{
    struct graph graph = {
        .neighbours = arena_array(arena, 2 * edges_n, sizeof *graph.neighbours),
        .first = arena_array(arena, n + 2, sizeof *graph.first),
        .group = arena_array(arena, n, sizeof *graph.group),
        .size = arena_array(arena, n, sizeof *graph.size),
        .next = arena_array(arena, n, sizeof *graph.next),
    };
    for (uint32_t i = 0; i < n; i++) {
        graph.group[i] = graph.next[i] = i;
        graph.size[i] = 1;
    }
    /* first[r + 2] counts, then first[r + 1] walks to the end of r, so that first[r] is its beginning. */
    for (size_t i = 0; i < edges_n; i++) {
        assert(edges[i].left < n && edges[i].right < n && edges[i].left != edges[i].right);
        graph.first[edges[i].left + 2]++;
        graph.first[edges[i].right + 2]++;
    }
    for (size_t r = 2; r <= n + 1; r++)
        graph.first[r] += graph.first[r - 1];
    for (size_t i = 0; i < edges_n; i++) {
        const struct dedupe_edge *edge = &edges[i];
        graph.neighbours[graph.first[edge->left + 1]++] = (struct neighbour){edge->right, edge->probability};
        graph.neighbours[graph.first[edge->right + 1]++] = (struct neighbour){edge->left, edge->probability};
    }
    return graph;
}

/* Mean probability between two groups, DEDUPE_NEVER when any two of them are never one; walks the smaller one. */
static double mean_between(const struct graph *graph, uint32_t small, uint32_t big)
{
    double sum = 0.0, scored = 0.0;
    uint32_t member = small;
    do {
        for (size_t i = graph->first[member]; i < graph->first[member + 1]; i++) {
            if (graph->group[graph->neighbours[i].record] != big)
                continue;
            if (graph->neighbours[i].probability < 0.0)
                return DEDUPE_NEVER;
            sum += graph->neighbours[i].probability;
            scored += 1.0;
        }
        member = graph->next[member];
    } while (member != small);
    double pairs = (double)graph->size[small] * (double)graph->size[big];
    return (sum + (pairs - scored) * UNSCORED) / pairs;
}

static void join(struct graph *graph, uint32_t a, uint32_t b)
{
    uint32_t kept = a < b ? a : b, gone = a < b ? b : a, member = gone;
    do {
        graph->group[member] = kept;
        member = graph->next[member];
    } while (member != gone);
    graph->size[kept] += graph->size[gone];
    uint32_t swap = graph->next[kept];
    graph->next[kept] = graph->next[gone];
    graph->next[gone] = swap;
}

void dedupe_cluster(struct dedupe_edge *edges, size_t edges_n, size_t n, double threshold, uint32_t *ret_clusters)
{
    assert(threshold > 0.0 && n < UINT32_MAX);
    _cleanup_(arena_freep) struct arena *arena = arena_new(SIZE_MAX);
    if (edges_n > 0)
        qsort(edges, edges_n, sizeof *edges, by_probability);
    struct graph graph = graph_of(edges, edges_n, n, arena);
    for (size_t i = 0; i < edges_n && edges[i].probability >= UNSCORED; i++) {
        uint32_t a = graph.group[edges[i].left], b = graph.group[edges[i].right];
        bool a_small = graph.size[a] < graph.size[b];
        if (a != b && mean_between(&graph, a_small ? a : b, a_small ? b : a) >= threshold)
            join(&graph, a, b);
    }
    for (size_t i = 0; i < n; i++)
        ret_clusters[i] = graph.group[i];
}
