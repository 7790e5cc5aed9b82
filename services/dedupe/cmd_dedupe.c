/* kartei dedupe: finds the records of a CSV file that are one person; works without database and network. */
#include "base/parallel.h"
#include "dedupe/weights/weights.h"
#include "services/dedupe/engine.h"
#include "services/dedupe/stage.h"
#include "services/kartei.h"

#include <errno.h>
#include <getopt.h>
#include <string.h>
#include <unistd.h>

struct options {
    const char *in, *against, *schema, *pairs, *clusters, *region, *weights, *labels, *save_weights, *not_same, *work;
    int64_t parts;
    double threshold; /* 0 = not given */
    bool explain, times;
};

enum { PARTS_MOST = 256 };

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
    "  --explain           adds a column per compared field: level and bits; for business contacts also band, outcome\n"
    "                      (same, moved, colleague, different) and the best rival of one person with its bits\n"
    "  --work FOLDER       business contacts by the ten million: candidate pairs go to files there, part by part, and "
    "a\n"
    "                      run that was stopped goes on with the part it was at; the files go when all is done\n"
    "  --parts N           how many such parts (default: 8); their number changes memory, not the result\n"
    "  --times             says on stderr how long each stage took\n"
    "  --weights W         shipped: those for business contacts; learned: from the file itself, without labels;\n"
    "                      or a file that --save-weights wrote\n"
    "                      (default: shipped when there are a company and a name, else learned)\n"
    "  --labels L.csv      lines id_l,id_r,same (yes or no): moves the weights of business contacts by what people\n"
    "                      decided; few decisions leave them as they are\n"
    "  --save-weights W    writes the weights of business contacts that were used, to read and to use again\n"
    "  --not-same N.csv    lines id_l,id_r: pairs that are not one, whatever their score\n"
    "  --region CC         country for phone numbers written without one (default: DE)\n\n"
    "Known columns: id, title, first_name/given_name, last_name/surname/family_name, full_name, company/organization,\n"
    "job_title, email, phone, mobile, fax, street, postcode/postal_code, city, country, dob/date_of_birth/date; in a\n"
    "schema also: identifier, text (anything else that is alike when two records are one).\n";

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
    static const struct option names[] = {
        {"against", required_argument, NULL, 'a'},  {"schema", required_argument, NULL, 's'},
        {"pairs", required_argument, NULL, 'p'},    {"clusters", required_argument, NULL, 'c'},
        {"region", required_argument, NULL, 'r'},   {"weights", required_argument, NULL, 'w'},
        {"labels", required_argument, NULL, 'l'},   {"save-weights", required_argument, NULL, 'v'},
        {"not-same", required_argument, NULL, 'n'}, {"threshold", required_argument, NULL, 't'},
        {"explain", no_argument, NULL, 'e'},        {"work", required_argument, NULL, 'k'},
        {"parts", required_argument, NULL, 'P'},    {"times", no_argument, NULL, 'm'},
        {"help", no_argument, NULL, 'h'},           {0}};
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
        else if (c == 'w')
            options->weights = optarg;
        else if (c == 'l')
            options->labels = optarg;
        else if (c == 'v')
            options->save_weights = optarg;
        else if (c == 'n')
            options->not_same = optarg;
        else if (c == 'e')
            options->explain = true;
        else if (c == 'k')
            options->work = optarg;
        else if (c == 'P' && !str_to_int(str_c(optarg), 1, PARTS_MOST, &options->parts))
            return wrong_use("--parts is a number from 1 to 256");
        else if (c == 'm')
            options->times = true;
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

static int read_weights(const char *file, struct arena *arena, const struct dedupe_model **ret_model, struct err *err)
{
    struct str text;
    struct err fault = {0};
    if (source_map(file, &text, err) < 0)
        return -1;
    if (dedupe_weights_read(text, arena, ret_model, &fault) < 0)
        return err_set(err, ERR_INVALID, "%s: no weights: %s%s%s", file, fault.param, fault.pointer[0] ? " at " : "",
                       fault.pointer);
    return 0;
}

static int find(const struct options *options, struct arena *arena, struct outcome *ret_outcome, struct err *err)
{
    struct source_schema schema = {0};
    struct source *sources = arena_array(arena, 2, sizeof *sources);
    struct engine_input input = {.in = sources, .region = options->region, .threads = parallel_cores()};
    input.labels = options->labels;
    input.work = options->work;
    input.parts = (unsigned)options->parts;
    input.save_weights = options->save_weights;
    input.least = options->threshold > 0.0 ? options->threshold : 0.05;
    if (options->schema && source_schema_read(options->schema, &schema, err) < 0)
        return -1;
    if (source_open(options->in, &schema, arena, &sources[0], err) < 0)
        return -1;
    if (options->against) {
        input.against = &sources[1];
        if (source_open(options->against, &schema, arena, &sources[1], err) < 0)
            return -1;
    }
    bool learned = options->weights && strcmp(options->weights, "learned") == 0;
    bool contacts = options->weights ? !learned : engine_is_contacts(&sources[0]);
    if (contacts && options->weights && strcmp(options->weights, "shipped") != 0 &&
        read_weights(options->weights, arena, &input.model, err) < 0)
        return -1;
    if (!contacts && (options->labels || options->save_weights || options->work))
        return err_set(err, ERR_INVALID,
                       "--labels, --save-weights and --work are for business contacts (--weights shipped)");
    return contacts ? engine_contacts(&input, arena, ret_outcome, err)
                    : engine_learned(&input, arena, ret_outcome, err);
}

static int run(const struct options *options, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(SIZE_MAX);
    _cleanup_(outcome_freep) struct outcome outcome = {0};
    if (find(options, arena, &outcome, err) < 0)
        return -1;
    if (options->not_same && outcome_keep_apart(&outcome, options->not_same, arena, err) < 0)
        return -1;
    dedupe_scored_sort(&outcome.scored);
    if (outcome_write_pairs(&outcome, options->pairs, options->explain, err) < 0)
        return -1;
    stage_end("write", outcome.scored.n, "pairs");
    double threshold = options->threshold > 0.0 ? options->threshold : 0.5;
    if (options->clusters && outcome_write_clusters(&outcome, options->clusters, threshold, err) < 0)
        return -1;
    stage_end("cluster", outcome.n, "records");
    return 0;
}

int cmd_dedupe(int argc, char **argv)
{
    struct options options = {.region = "DE", .parts = 8};
    struct err err = {0};
    int status = read_options(argc, argv, &options);
    if (status >= 0)
        return status;
    stage_show(options.times);
    if (run(&options, &err) < 0) {
        (void)fprintf(stderr, "kartei dedupe: %s\n", err.param);
        return 1;
    }
    return 0;
}
