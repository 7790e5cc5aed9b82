/* Takes the reader apart where words become fields: `card_words read FILE…` prints the words of each card as JSON
 * lines, `card_words fields FILE` runs the recognisers over such lines without reading a picture again, and prints what
 * `kartei scan` would. `read --answers FILE` also keeps what the reader answered, with CPU milliseconds by stage, and
 * `read --without N` leaves steps out (enum ocr_step, or-ed), `--lang` chooses models. `card_words find FILE…` prints
 * the corners of the cards on each photo. */
#include "ocr/fields/fields.h"
#include "ocr/find/find.h"
#include "ocr/image/decode.h"
#include "ocr/reader.h"

#include "base/limits.h"

#include <fcntl.h>
#include <math.h>
#include <sys/stat.h>
#include <time.h>

enum { MAX_FILE = 256 * 1024 * 1024, PAYLOAD = 64 * 1024 };

struct page_row {
    struct str file;
    double width, height;
    struct json_list codes, lines; /* of struct line_row */
};

struct line_row {
    double height;
    int64_t block;
    struct json_list words; /* of struct word_row */
};

struct word_row {
    struct str text;
    double confidence;
    struct json_list box, alternatives;
};

#define ROW(type, member, kind_, ...)                                                                                  \
    {                                                                                                                  \
        .name = #member, .kind = kind_, .offset = offsetof(struct type, member), __VA_ARGS__                           \
    }

static const struct json_field word_fields[] = {
    ROW(word_row, text, JSON_STR),
    ROW(word_row, confidence, JSON_DOUBLE),
    ROW(word_row, box, JSON_DOUBLES),
    ROW(word_row, alternatives, JSON_STRS),
};
static const struct json_shape word_shape = {"Word", sizeof(struct word_row), word_fields, ARRAY_LEN(word_fields),
                                             false};
static const struct json_field line_fields[] = {
    ROW(line_row, height, JSON_DOUBLE),
    ROW(line_row, block, JSON_INT),
    ROW(line_row, words, JSON_LIST, .shape = &word_shape),
};
static const struct json_shape line_shape = {"Line", sizeof(struct line_row), line_fields, ARRAY_LEN(line_fields),
                                             false};
static const struct json_field page_fields[] = {
    ROW(page_row, file, JSON_STR),
    ROW(page_row, width, JSON_DOUBLE),
    ROW(page_row, height, JSON_DOUBLE),
    ROW(page_row, codes, JSON_STRS, .max = PAYLOAD),
    ROW(page_row, lines, JSON_LIST, .shape = &line_shape),
};
static const struct json_shape page_shape = {"Page", sizeof(struct page_row), page_fields, ARRAY_LEN(page_fields),
                                             false};

static struct word_row word_row_of(const struct ocr_word *word, struct arena *arena)
{
    double *box = arena_array(arena, 4, sizeof *box);
    box[0] = word->box.x;
    box[1] = word->box.y;
    box[2] = word->box.w;
    box[3] = word->box.h;
    return (struct word_row){word->text, word->confidence, {box, 4}, word->alternatives};
}

/* Where the words of one file go. */
struct watch {
    struct arena *arena;
    const char *file;
};

static void print_page(void *arg, const struct ocr_page *page)
{
    struct watch *watch = arg;
    struct arena *arena = watch->arena;
    struct line_row *lines = arena_array(arena, page->n, sizeof *lines);
    for (size_t i = 0; i < page->n; i++) {
        const struct ocr_line *line = &page->lines[i];
        struct word_row *words = arena_array(arena, line->n, sizeof *words);
        for (size_t k = 0; k < line->n; k++)
            words[k] = word_row_of(&line->words[k], arena);
        lines[i] = (struct line_row){line->height, line->block, {words, line->n}};
    }
    struct page_row row = {str_c(watch->file), page->width, page->height, page->codes, {lines, page->n}};
    printf("%.*s\n", STR_ARG(json_write(&page_shape, &row, arena)));
}

static struct ocr_box box_of(const struct json_list *list)
{
    const double *b = list->items;
    return list->n == 4 ? (struct ocr_box){b[0], b[1], b[2], b[3]} : (struct ocr_box){0};
}

static struct ocr_line line_of(const struct line_row *row, struct arena *arena)
{
    const struct word_row *words = row->words.items;
    struct ocr_line line = {.n = row->words.n, .height = row->height, .block = (int)row->block};
    struct strbuf text = {.arena = arena};
    double x0 = INFINITY, y0 = INFINITY, x1 = -INFINITY, y1 = -INFINITY;
    line.words = arena_array(arena, line.n, sizeof *line.words);
    for (size_t i = 0; i < line.n; i++) {
        struct ocr_box b = box_of(&words[i].box);
        line.words[i] = (struct ocr_word){words[i].text, words[i].confidence, b, words[i].alternatives};
        strbuf_printf(&text, i ? " %.*s" : "%.*s", STR_ARG(words[i].text));
        x0 = fmin(x0, b.x);
        y0 = fmin(y0, b.y);
        x1 = fmax(x1, b.x + b.w);
        y1 = fmax(y1, b.y + b.h);
    }
    line.box = (struct ocr_box){x0, y0, x1 - x0, y1 - y0};
    line.text = strbuf_str(&text);
    return line;
}

static struct ocr_page page_of(const struct page_row *row, struct arena *arena)
{
    struct ocr_page page = {.n = row->lines.n, .width = row->width, .height = row->height, .codes = row->codes};
    page.lines = arena_array(arena, page.n, sizeof *page.lines);
    for (size_t i = 0; i < page.n; i++)
        page.lines[i] = line_of((const struct line_row *)row->lines.items + i, arena);
    return page;
}

static int slurp(const char *file, struct arena *arena, struct str *ret_bytes)
{
    _cleanup_(cleanup_close) int fd = open(file, O_RDONLY | O_CLOEXEC);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) < 0 || st.st_size > MAX_FILE)
        return -1;
    char *bytes = arena_alloc(arena, (size_t)st.st_size + 1);
    size_t n = 0;
    for (ssize_t got; n < (size_t)st.st_size && (got = read(fd, bytes + n, (size_t)st.st_size - n)) > 0;)
        n += (size_t)got;
    *ret_bytes = (struct str){bytes, n};
    return 0;
}

static void print_card(FILE *out, struct str file, const struct ocr_card *card, struct arena *arena)
{
    struct str name = str_printf(arena, "{\"file\":"), rest = json_write(&ocr_card_shape, card, arena);
    struct strbuf line = {.arena = arena};
    strbuf_add(&line, name);
    json_quote(&line, file);
    (void)fprintf(out, "%.*s,%.*s\n", STR_ARG(strbuf_str(&line)), (int)rest.n - 1, rest.p + 1);
}

static int run_fields(const char *file)
{
    _cleanup_(arena_freep) struct arena *store = arena_new((size_t)2 * MAX_FILE);
    struct str text, line;
    if (slurp(file, store, &text) < 0)
        return perror(file), 1;
    while (str_split(&text, '\n', &line)) {
        _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
        struct page_row row;
        struct err err = {0};
        struct ocr_card card = {.card = 1};
        if (!line.n)
            continue;
        if (json_read(&page_shape, line, arena, &row, &err) < 0)
            return (void)fprintf(stderr, "%s: %s %s\n", file, err_slug(err.code), err.param), 1;
        struct ocr_page page = page_of(&row, arena);
        if (ocr_fields_read(&page, "DE", arena, &card, &err) == 0)
            print_card(stdout, row.file, &card, arena);
    }
    return 0;
}

/* CPU milliseconds of this process: the times of an answer then are CPU times. */
static int64_t cpu_ms(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

struct options {
    const char *answers, *languages;
    unsigned without;
};

static int run_read(char **files, int n, const struct options *options)
{
    struct watch watch = {0};
    struct ocr_reader_settings settings = {
        .region = "DE", .clock = cpu_ms, .without = options->without, .watch = print_page, .watch_arg = &watch};
    settings.languages = options->languages;
    settings.deadline_ms = 60000; /* a busy machine shall not change what is measured */
    _cleanup_(ocr_reader_freep) struct ocr_reader *reader = NULL;
    FILE *answers = options->answers ? fopen(options->answers, "w") : NULL;
    struct err err = {0};
    if (ocr_reader_new(&settings, &reader, &err) < 0)
        return (void)fprintf(stderr, "card_words: %s\n", err.detail), 1;
    for (int i = 0; i < n; i++) {
        _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_PARSE_MEMORY);
        struct str bytes;
        struct ocr_message message;
        watch.arena = arena;
        watch.file = files[i];
        if (slurp(files[i], arena, &bytes) < 0)
            return perror(files[i]), 1;
        if (ocr_read(reader, bytes, arena, &message, &err) < 0)
            continue;
        const struct ocr_card *cards = message.cards.items;
        for (size_t k = 0; answers && k < message.cards.n; k++)
            print_card(answers, str_c(files[i]), &cards[k], arena);
        (void)fflush(stdout);
    }
    return answers && fclose(answers) != 0;
}

/* Corners of the cards of each photo, in pixels of the photo at full size; nothing is read. */
static int run_find(char **files, int n)
{
    enum { LOOK_PIXELS = 4000000 }; /* as ocr/reader.c */
    ocr_decode_prepare();
    for (int i = 0; i < n; i++) {
        _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_PARSE_MEMORY);
        struct ocr_photo photo;
        struct str bytes;
        struct err err = {0};
        if (slurp(files[i], arena, &bytes) < 0)
            return perror(files[i]), 1;
        if (ocr_decode(bytes, LOOK_PIXELS, arena, &photo, &err) < 0)
            continue;
        struct ocr_found found = ocr_find_cards(photo.image, arena);
        printf("{\"file\": \"%s\", \"quads\": [", files[i]);
        for (int k = 0; k < found.n; k++) {
            ocr_quad_scale(&found.quads[k], (double)photo.w / photo.image.w);
            const struct ocr_place *c = found.quads[k].corner;
            printf("%s[[%.0f,%.0f],[%.0f,%.0f],[%.0f,%.0f],[%.0f,%.0f]]", k ? ", " : "", c[0].x, c[0].y, c[1].x, c[1].y,
                   c[2].x, c[2].y, c[3].x, c[3].y);
        }
        printf("]}\n");
    }
    return 0;
}

int main(int argc, char **argv)
{
    struct options options = {0};
    int64_t without = 0;
    int at = 2;
    for (; at + 1 < argc && str_starts(str_c(argv[at]), STR("--")); at += 2) {
        if (strcmp(argv[at], "--answers") == 0)
            options.answers = argv[at + 1];
        else if (strcmp(argv[at], "--lang") == 0)
            options.languages = argv[at + 1];
        else if (strcmp(argv[at], "--without") == 0 && str_to_int(str_c(argv[at + 1]), 0, 255, &without))
            options.without = (unsigned)without;
    }
    if (argc > at && strcmp(argv[1], "read") == 0)
        return run_read(argv + at, argc - at, &options);
    if (argc > 2 && strcmp(argv[1], "find") == 0)
        return run_find(argv + 2, argc - 2);
    if (argc == 3 && strcmp(argv[1], "fields") == 0)
        return run_fields(argv[2]);
    (void)fprintf(stderr, "Usage: card_words read [--answers FILE] [--without N] [--lang NAMES] FILE...\n"
                          "       card_words fields WORDS.ndjson\n"
                          "       card_words find FILE...\n");
    return 2;
}
