/* Grades all pairs that meet on all cores, counts patterns, learns, and scores by looking up. */
#include "dedupe/table/match.h"

#include "base/parallel.h"
#include "dedupe/table/meet.h"

#include <math.h>
#include <string.h>

enum { DRAWN = 300000 };

/* Patterns seen by one thread. */
struct patterns {
    struct dedupe_seen *seen; /* from 1 on */
    size_t n, room;
    uint32_t *slots;
    size_t slots_n;
};

struct worker {
    const struct dedupe_table *table;
    const uint64_t *pair;
    uint32_t *pattern; /* per pair */
    size_t n;
    struct arena *arena;
    struct patterns patterns;
};

static uint64_t hash_of(const struct dedupe_pattern *pattern)
{
    uint64_t words[2];
    memcpy(words, pattern, sizeof words);
    uint64_t h = words[0] * 0x9e3779b97f4a7c15u ^ (words[1] + 1) * 0xff51afd7ed558ccdu;
    return h ^ h >> 32;
}

static size_t slot_of(const struct patterns *patterns, const struct dedupe_pattern *pattern)
{
    size_t mask = patterns->slots_n - 1, slot = hash_of(pattern) & mask;
    while (patterns->slots[slot] &&
           memcmp(&patterns->seen[patterns->slots[slot]].pattern, pattern, sizeof *pattern) != 0)
        slot = (slot + 1) & mask;
    return slot;
}

static void grow(struct patterns *patterns, struct arena *arena)
{
    size_t room = patterns->room ? 2 * patterns->room : 4096;
    struct dedupe_seen *seen = arena_array(arena, room, sizeof *seen);
    if (patterns->n > 0)
        memcpy(seen, patterns->seen, patterns->n * sizeof *seen);
    else
        patterns->n = 1;
    patterns->seen = seen;
    patterns->room = room;
    patterns->slots_n = 4 * room;
    patterns->slots = arena_array(arena, patterns->slots_n, sizeof *patterns->slots);
    for (uint32_t i = 1; i < patterns->n; i++)
        patterns->slots[slot_of(patterns, &seen[i].pattern)] = i;
}

static uint32_t pattern_number(struct patterns *patterns, const struct dedupe_pattern *pattern, struct arena *arena)
{
    if (patterns->n == patterns->room)
        grow(patterns, arena);
    size_t slot = slot_of(patterns, pattern);
    if (!patterns->slots[slot]) {
        patterns->slots[slot] = (uint32_t)patterns->n;
        patterns->seen[patterns->n++].pattern = *pattern;
    }
    return patterns->slots[slot];
}

static void grade_part(void *self)
{
    struct worker *worker = self;
    struct dedupe_grader *grader = dedupe_grader_new(worker->table, worker->arena);
    for (size_t i = 0; i < worker->n; i++) {
        struct dedupe_pattern pattern;
        dedupe_grade_pair(grader, (uint32_t)(worker->pair[i] >> 32), (uint32_t)worker->pair[i], &pattern);
        worker->pattern[i] = pattern_number(&worker->patterns, &pattern, worker->arena);
        worker->patterns.seen[worker->pattern[i]].pairs += 1.0;
    }
}

static int by_pattern(const void *left, const void *right)
{
    const struct dedupe_seen *a = left, *b = right;
    return memcmp(&a->pattern, &b->pattern, sizeof a->pattern);
}

/* A pair drawn at random; the same ones every time. */
static bool draw(const struct dedupe_table *table, size_t border, uint64_t *state, uint64_t *ret_pair)
{
    uint64_t drawn[2];
    for (size_t i = 0; i < 2; i++) {
        *state = *state * 6364136223846793005u + 1442695040888963407u;
        drawn[i] = *state >> 33;
    }
    uint64_t left = drawn[0] % (border ? border : table->n);
    uint64_t right = border ? border + drawn[1] % (table->n - border) : drawn[1] % table->n;
    *ret_pair = left < right ? left << 32 | right : right << 32 | left;
    return left != right;
}

static bool has_met(const struct dedupe_meetings *met, uint64_t pair)
{
    size_t low = 0, high = met->n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (met->pair[middle] < pair)
            low = middle + 1;
        else
            high = middle;
    }
    return low < met->n && met->pair[low] == pair;
}

struct job {
    struct dedupe_matching *matching;
    struct dedupe_meetings met;
    struct worker workers[PARALLEL_MAX];
    unsigned threads;
    struct patterns all;
    struct arena *work;
    size_t border, drawn;
};

static void grade_all(struct job *job, uint32_t *pattern)
{
    for (unsigned t = 0; t < job->threads; t++) {
        size_t from = job->met.n * t / job->threads, to = job->met.n * (t + 1) / job->threads;
        struct worker *worker = &job->workers[t];
        *worker = (struct worker){.table = job->matching->table,
                                  .pair = job->met.pair + from,
                                  .pattern = pattern + from,
                                  .n = to - from,
                                  .arena = arena_new(SIZE_MAX)};
    }
    parallel_run(grade_part, job->workers, sizeof job->workers[0], job->threads);
}

/* Patterns of all threads as one list, and the pairs' numbers by it. */
static void merge(struct job *job)
{
    for (unsigned t = 0; t < job->threads; t++) {
        struct worker *worker = &job->workers[t];
        uint32_t *number = arena_array(job->work, worker->patterns.n + 1, sizeof *number);
        for (size_t i = 1; i < worker->patterns.n; i++) {
            const struct dedupe_seen *seen = &worker->patterns.seen[i];
            number[i] = pattern_number(&job->all, &seen->pattern, job->work);
            job->all.seen[number[i]].pairs += seen->pairs;
        }
        for (size_t i = 0; i < worker->n; i++)
            worker->pattern[i] = number[worker->pattern[i]];
        arena_free(worker->arena);
    }
}

static void draw_strangers(struct job *job)
{
    const struct dedupe_table *table = job->matching->table;
    uint64_t state = 1, pair;
    for (size_t i = 0; i < DRAWN; i++) {
        struct dedupe_pattern pattern;
        if (!draw(table, job->border, &state, &pair) || has_met(&job->met, pair))
            continue;
        dedupe_grade_pair(job->matching->grader, (uint32_t)(pair >> 32), (uint32_t)pair, &pattern);
        uint32_t number = pattern_number(&job->all, &pattern, job->work);
        job->all.seen[number].chance += 1.0;
        job->drawn++;
    }
}

static void learn(struct job *job)
{
    const struct dedupe_table *table = job->matching->table;
    double n = (double)table->n, border = (double)job->border;
    double all = job->border ? border * (n - border) : n * (n - 1.0) / 2.0;
    double fewer = job->border ? fmin(border, n - border) : n;
    struct dedupe_seen *sorted = arena_array(job->work, job->all.n, sizeof *sorted);
    memcpy(sorted, job->all.seen + 1, (job->all.n - 1) * sizeof *sorted);
    qsort(sorted, job->all.n - 1, sizeof *sorted, by_pattern); /* the same sums on any number of threads */
    struct dedupe_learning learning = {
        .seen = sorted,
        .seen_n = job->all.n - 1,
        .fields_n = table->fields_n,
        .chance_weight = job->drawn ? fmax(0.0, all - (double)job->met.n) / (double)job->drawn : 0.0,
        .one = fmin(0.02, 0.3 * fewer / all),
    };
    for (size_t f = 0; f < table->fields_n; f++)
        learning.kinds[f] = table->fields[f].kind;
    dedupe_learn(&learning, &job->matching->weights);
}

/* Among equal values of one grade the rarer tell more: pairs of one have a value in proportion to its records,
 * strangers to their square. */
static void measure_rarity(struct dedupe_matching *matching, struct arena *arena)
{
    for (size_t f = 0; f < matching->table->fields_n; f++) {
        const struct dedupe_field *field = &matching->table->fields[f];
        double sum[DEDUPE_GRADES] = {0}, squares[DEDUPE_GRADES] = {0};
        matching->rarity[f] = arena_array(arena, field->values_n, sizeof(float));
        for (size_t v = 1; v < field->values_n; v++) {
            double records = field->values[v].records;
            enum dedupe_grade grade = dedupe_grade_same(&field->values[v]);
            sum[grade] += records > 1.0 ? records : 0.0;
            squares[grade] += records > 1.0 ? records * records : 0.0;
        }
        for (size_t v = 1; v < field->values_n; v++) {
            double records = field->values[v].records;
            enum dedupe_grade grade = dedupe_grade_same(&field->values[v]);
            matching->rarity[f][v] = records > 1.0 ? (float)log2(squares[grade] / sum[grade] / records) : 0.0f;
        }
    }
}

static double rarity_of(const struct dedupe_matching *matching, size_t f, uint32_t left, uint32_t right)
{
    const uint32_t *cells = matching->table->fields[f].cells;
    return cells[left] && cells[left] == cells[right] ? (double)matching->rarity[f][cells[left]] : 0.0;
}

/* Nothing in common is no reason to look, however small the stock is. */
static bool agrees_somewhere(const struct dedupe_pattern *pattern)
{
    for (size_t f = 0; f < DEDUPE_FIELDS_MAX; f++) {
        if (pattern->grade[f] != DEDUPE_GRADE_NONE && pattern->grade[f] != DEDUPE_GRADE_OTHER)
            return true;
    }
    return false;
}

static void score_all(struct job *job, const uint32_t *pattern, double least)
{
    struct dedupe_matching *matching = job->matching;
    double *weights = arena_array(job->work, job->all.n, sizeof *weights);
    for (size_t i = 1; i < job->all.n; i++)
        weights[i] = agrees_somewhere(&job->all.seen[i].pattern)
                         ? dedupe_pattern_weight(&matching->weights, &job->all.seen[i].pattern)
                         : -HUGE_VAL;
    double least_weight = log2(least / (1.0 - fmin(least, 1.0 - 1e-9)));
    size_t kept = 0;
    for (size_t i = 0; i < job->met.n; i++) {
        uint32_t left = (uint32_t)(job->met.pair[i] >> 32), right = (uint32_t)job->met.pair[i];
        double weight = weights[pattern[i]];
        if (weight < least_weight - 12.0)
            continue;
        for (size_t f = 0; f < matching->table->fields_n; f++)
            weight += rarity_of(matching, f, left, right);
        if (weight < least_weight)
            continue;
        matching->matched[kept++] =
            (struct dedupe_matched){left, right, (float)(1.0 / (1.0 + exp2(-weight))), (float)weight};
    }
    matching->n = kept;
}

struct dedupe_matching *dedupe_table_match(const struct dedupe_table *table, const struct dedupe_match_options *options,
                                           struct arena *arena)
{
    _cleanup_(arena_freep) struct arena *work = arena_new(SIZE_MAX);
    struct dedupe_matching *matching = arena_one(arena, struct dedupe_matching);
    struct job *job = arena_one(work, struct job);
    *job = (struct job){.matching = matching, .work = work, .border = options->border};
    job->threads = options->threads < PARALLEL_MAX ? options->threads : PARALLEL_MAX;
    matching->table = table;
    matching->grader = dedupe_grader_new(table, arena);
    if (table->n < 2 || options->border >= table->n)
        return matching;
    dedupe_meet(table, options->border, work, &job->met);
    matching->met = job->met.n;
    uint32_t *pattern = arena_array(work, job->met.n, sizeof *pattern);
    grade_all(job, pattern);
    grow(&job->all, work);
    merge(job);
    draw_strangers(job);
    learn(job);
    measure_rarity(matching, arena);
    matching->matched = arena_array(arena, job->met.n, sizeof *matching->matched);
    score_all(job, pattern, options->least);
    return matching;
}

struct dedupe_account dedupe_table_account(struct dedupe_matching *matching, uint32_t left, uint32_t right)
{
    struct dedupe_account account = {.rival = DEDUPE_CLASS_STRANGERS};
    const struct dedupe_weights *weights = &matching->weights;
    double class[DEDUPE_CLASSES], sum = 0.0;
    dedupe_grade_pair(matching->grader, left, right, &account.pattern);
    dedupe_classify(weights, &account.pattern, class);
    for (size_t c = DEDUPE_CLASS_STRANGERS; c < DEDUPE_CLASSES; c++) {
        if (class[c] > class[account.rival])
            account.rival = (enum dedupe_class)c;
    }
    account.weight = dedupe_pattern_weight(weights, &account.pattern);
    for (size_t f = 0; f < matching->table->fields_n; f++) {
        uint8_t grade = account.pattern.grade[f];
        double rarity = rarity_of(matching, f, left, right);
        account.field[f] =
            (weights->grade[DEDUPE_CLASS_ONE][f][grade] - weights->grade[account.rival][f][grade]) / M_LN2 + rarity;
        account.weight += rarity;
        sum += account.field[f];
    }
    account.rest = account.weight - sum;
    return account;
}
