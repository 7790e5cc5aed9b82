/* kartei dedupe: finds the records of a CSV file that are one person; works without database and network. */
#include "dedupe/block.h"
#include "dedupe/cluster.h"
#include "dedupe/dedupe.h"
#include "services/dedupe/csv.h"
#include "services/dedupe/stock.h"
#include "services/kartei.h"

#include <errno.h>
#include <getopt.h>
#include <string.h>
#include <unistd.h>

struct options {
    const char *in, *against, *schema, *pairs, *clusters, *region;
    double threshold; /* 0 = not given */
    bool explain;
};

/* A pair that is written. */
struct scored {
    struct dedupe_pair pair;
    double probability, weight;
};

struct result {
    struct scored *scored;
    size_t n;
};

static const char help[] =
    "Examples:\n"
    "  kartei dedupe contacts.csv --pairs pairs.csv --clusters clusters.csv\n"
    "  kartei dedupe fair.csv --against crm.csv --pairs matches.csv --explain\n"
    "  kartei dedupe people.csv --schema columns.toml --pairs pairs.csv --threshold 0.9\n\n"
    "Usage: kartei dedupe IN.csv [options] --pairs P.csv\n"
    "  --against CRM.csv   compare IN with CRM instead of with itself\n"
    "  --schema S.toml     lines: column = \"known column\", for files with other headings\n"
    "  --threshold P       least probability of a pair that is written, and of a cluster (default: 0.05 and 0.5)\n"
    "  --pairs P.csv       writes id_l,id_r,probability,weight, the strongest first\n"
    "  --clusters C.csv    writes id,cluster; a cluster is named by the id of its first record\n"
    "  --explain           adds a column per compared field: level and bits\n"
    "  --region CC         country for phone numbers written without one (default: DE)\n\n"
    "Known columns: id, title, first_name/given_name, last_name/surname/family_name, full_name, company/organization,\n"
    "job_title, email, phone, mobile, fax, street, postcode/postal_code, city, country, dob/date_of_birth.\n";

static int wrong_use(const char *what)
{
    (void)fprintf(stderr, "kartei dedupe: %s\nTry `kartei dedupe --help`.\n", what);
    return 2;
}

/* A decimal number in (0, 1]. */
static bool read_probability(const char *text, double *ret_value)
{
    char *end = NULL;
    errno = 0;
    double value = strtod(text, &end);
    *ret_value = value;
    return errno == 0 && end != text && *end == '\0' && value > 0.0 && value <= 1.0;
}

/* -1: go on; otherwise the exit status. */
static int read_options(int argc, char **argv, struct options *options)
{
    static const struct option names[] = {{"against", required_argument, NULL, 'a'},
                                          {"schema", required_argument, NULL, 's'},
                                          {"pairs", required_argument, NULL, 'p'},
                                          {"clusters", required_argument, NULL, 'c'},
                                          {"region", required_argument, NULL, 'r'},
                                          {"threshold", required_argument, NULL, 't'},
                                          {"explain", no_argument, NULL, 'e'},
                                          {"help", no_argument, NULL, 'h'},
                                          {0}};
    for (int c; (c = getopt_long(argc, argv, "", names, NULL)) != -1;) {
        if (c == 'a')
            options->against = optarg;
        else if (c == 's')
            options->schema = optarg;
        else if (c == 'p')
            options->pairs = optarg;
        else if (c == 'c')
            options->clusters = optarg;
        else if (c == 'r')
            options->region = optarg;
        else if (c == 'e')
            options->explain = true;
        else if (c == 't' && !read_probability(optarg, &options->threshold))
            return wrong_use("--threshold is a number above 0 and up to 1");
        else if (c == 'h')
            return fputs(help, stdout) < 0;
        else if (c == '?')
            return wrong_use("unknown option");
    }
    if (optind + 1 != argc)
        return wrong_use(optind < argc ? "one file only" : "no file given");
    options->in = argv[optind];
    return options->pairs ? -1 : wrong_use("--pairs is missing");
}

static void progress(const char *what, size_t n)
{
    if (isatty(STDERR_FILENO))
        (void)fprintf(stderr, "kartei dedupe: %zu %s\n", n, what);
}

/* Reads the one stock or the two, which then lie one behind the other. */
static int read_stocks(const struct options *options, struct arena *arena, struct stock *stock, size_t *ret_border,
                       struct err *err)
{
    struct stock_schema schema = {0};
    size_t border = 0;
    if (options->schema && stock_schema_read(options->schema, arena, &schema, err) < 0)
        return -1;
    if (stock_read(options->in, &schema, options->region, arena, stock, err) < 0)
        return -1;
    if (options->against) {
        border = stock->n;
        if (stock_read(options->against, &schema, options->region, arena, stock, err) < 0)
            return -1;
    }
    *ret_border = border;
    return 0;
}

static int by_weight(const void *left, const void *right)
{
    const struct scored *a = left, *b = right;
    if (a->weight < b->weight || a->weight > b->weight)
        return a->weight > b->weight ? -1 : 1;
    if (a->pair.left != b->pair.left)
        return a->pair.left < b->pair.left ? -1 : 1;
    return a->pair.right < b->pair.right ? -1 : a->pair.right > b->pair.right;
}

/* Pairs from `least` on, strongest first. */
static struct result score_pairs(const struct stock *stock, const struct dedupe_pairs *pairs, double least,
                                 struct arena *arena)
{
    struct result result = {.scored = arena_array(arena, pairs->n, sizeof *result.scored)};
    for (size_t i = 0; i < pairs->n; i++) {
        struct dedupe_verdict verdict;
        struct dedupe_pair pair = pairs->pair[i];
        dedupe_score(dedupe_model_default(), stock->records[pair.left], stock->records[pair.right], arena, &verdict);
        if (verdict.probability >= least)
            result.scored[result.n++] = (struct scored){pair, verdict.probability, verdict.weight};
    }
    qsort(result.scored, result.n, sizeof *result.scored, by_weight);
    return result;
}

static const char *const fields[] = {"name", "employer", "email", "phone", "mobile", "address", "birth"};

static void print_reasons(FILE *to, const struct stock *stock, struct dedupe_pair pair, struct arena *arena)
{
    struct dedupe_verdict verdict;
    dedupe_score(dedupe_model_default(), stock->records[pair.left], stock->records[pair.right], arena, &verdict);
    for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
        (void)fputc(',', to);
        for (size_t k = 0; k < verdict.n; k++) {
            const struct dedupe_reason *reason = &verdict.reasons[k];
            if (str_eq(reason->field, str_c(fields[i])))
                (void)fprintf(to, "%.*s %+.2f", STR_ARG(reason->level), reason->weight);
        }
    }
}

/* Closes what was written; a full disk shows here at the latest. */
static int close_output(FILE *to, const char *file, struct err *err)
{
    bool failed = ferror(to) != 0;
    if (fclose(to) != 0 || failed)
        return err_set(err, ERR_INVALID, "%s: %s", file, strerror(errno));
    return 0;
}

static int write_pairs(const struct options *options, const struct stock *stock, const struct result *result,
                       struct arena *arena, struct err *err)
{
    FILE *to = fopen(options->pairs, "we");
    if (!to)
        return err_set(err, ERR_INVALID, "%s: %s", options->pairs, strerror(errno));
    (void)fputs("id_l,id_r,probability,weight", to);
    for (size_t i = 0; options->explain && i < ARRAY_LEN(fields); i++)
        (void)fprintf(to, ",%s", fields[i]);
    (void)fputc('\n', to);
    for (size_t i = 0; i < result->n; i++) {
        const struct scored *scored = &result->scored[i];
        csv_print(to, stock->ids[scored->pair.left]);
        (void)fputc(',', to);
        csv_print(to, stock->ids[scored->pair.right]);
        (void)fprintf(to, ",%.6f,%.4f", scored->probability, scored->weight);
        if (options->explain)
            print_reasons(to, stock, scored->pair, arena);
        (void)fputc('\n', to);
    }
    return close_output(to, options->pairs, err);
}

static int write_clusters(const struct options *options, const struct stock *stock, const struct result *result,
                          struct arena *arena, struct err *err)
{
    uint32_t *clusters = arena_array(arena, stock->n, sizeof *clusters);
    struct dedupe_edge *edges = arena_array(arena, result->n, sizeof *edges);
    for (size_t i = 0; i < result->n; i++) {
        const struct scored *scored = &result->scored[i];
        edges[i] = (struct dedupe_edge){scored->pair.left, scored->pair.right, scored->probability};
    }
    double threshold = options->threshold > 0.0 ? options->threshold : 0.5;
    dedupe_cluster(edges, result->n, stock->n, threshold, clusters);
    FILE *to = fopen(options->clusters, "we");
    if (!to)
        return err_set(err, ERR_INVALID, "%s: %s", options->clusters, strerror(errno));
    (void)fputs("id,cluster\n", to);
    for (size_t i = 0; i < stock->n; i++) {
        csv_print(to, stock->ids[i]);
        (void)fputc(',', to);
        csv_print(to, stock->ids[clusters[i]]);
        (void)fputc('\n', to);
    }
    return close_output(to, options->clusters, err);
}

static int run(const struct options *options, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(SIZE_MAX);
    struct stock stock = {0};
    struct dedupe_pairs pairs;
    size_t border = 0;
    if (read_stocks(options, arena, &stock, &border, err) < 0)
        return -1;
    progress("records read", stock.n);
    if (options->against && (border == 0 || border == stock.n))
        pairs = (struct dedupe_pairs){0}; /* one of the two is empty: nothing to pair */
    else
        dedupe_block(stock.records, stock.n, border, arena, &pairs);
    progress("pairs share a key", pairs.n);
    struct result result = score_pairs(&stock, &pairs, options->threshold > 0.0 ? options->threshold : 0.05, arena);
    progress("pairs written", result.n);
    if (write_pairs(options, &stock, &result, arena, err) < 0)
        return -1;
    return options->clusters ? write_clusters(options, &stock, &result, arena, err) : 0;
}

int cmd_dedupe(int argc, char **argv)
{
    struct options options = {.region = "DE"};
    struct err err = {0};
    int status = read_options(argc, argv, &options);
    if (status >= 0)
        return status;
    if (run(&options, &err) < 0) {
        (void)fprintf(stderr, "kartei dedupe: %s\n", err.param);
        return 1;
    }
    return 0;
}
