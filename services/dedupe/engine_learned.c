/* Any file of people or things: its columns make a table, whose weights are learned from the file itself. */
#include "contact/phone.h"
#include "dedupe/table/match.h"
#include "services/dedupe/engine.h"
#include "services/dedupe/ids.h"
#include "services/dedupe/stage.h"

struct learned {
    struct dedupe_matching *matching;
    struct str *ids;
    size_t room;
};

static void explain(void *self, const struct dedupe_scored *pair, FILE *to)
{
    struct learned *learned = self;
    const struct dedupe_table *table = learned->matching->table;
    struct dedupe_account account = {0};
    if (pair)
        account = dedupe_table_account(learned->matching, pair->left, pair->right);
    for (size_t f = 0; f < table->fields_n; f++) {
        (void)fputc(',', to);
        if (!pair)
            csv_print(to, table->fields[f].name);
        else if (account.pattern.grade[f] != DEDUPE_GRADE_NONE)
            (void)fprintf(to, "%s %+.2f", dedupe_grade_words[account.pattern.grade[f]], account.field[f]);
    }
    if (pair)
        (void)fprintf(to, ",%s %+.2f", dedupe_class_words[account.rival], account.rest);
    else
        (void)fputs(",rival", to);
}

/* The table's columns are those of the first file that are compared. */
static size_t columns_of(const struct source *source, struct dedupe_column *ret_columns, size_t *ret_at)
{
    size_t n = 0;
    for (size_t i = 0; i < source->columns_n; i++) {
        if (source->kinds[i] == DEDUPE_KINDS)
            continue;
        ret_columns[n] = (struct dedupe_column){source->kinds[i], source->names[i]};
        ret_at[n++] = i;
    }
    return n;
}

/* Where the second file has the columns of the first: by name, else the next one of the same meaning. */
static void columns_in(const struct source *other, const struct dedupe_column *columns, size_t n, size_t *ret_at)
{
    bool used[SOURCE_COLUMNS] = {false};
    for (size_t c = 0; c < n; c++) {
        size_t found = SOURCE_COLUMNS;
        for (size_t i = 0; i < other->columns_n; i++) {
            bool named = str_eq(other->names[i], columns[c].name);
            if (!used[i] && other->kinds[i] == columns[c].kind && (named || found == SOURCE_COLUMNS))
                found = i;
        }
        ret_at[c] = found;
        if (found < SOURCE_COLUMNS)
            used[found] = true;
    }
}

static void grow(struct learned *learned, size_t n, struct arena *arena)
{
    if (n < learned->room)
        return;
    size_t room = learned->room ? 2 * learned->room : 1024;
    struct str *ids = arena_array(arena, room, sizeof *ids);
    for (size_t i = 0; i < n; i++)
        ids[i] = learned->ids[i];
    learned->ids = ids;
    learned->room = room;
}

struct filling {
    struct learned *learned;
    struct dedupe_table *table;
    struct dedupe_column columns[SOURCE_COLUMNS];
    size_t columns_n;
    const char *region;
    struct arena *arena;
};

static struct str cell_of(const struct filling *filling, enum dedupe_kind kind, struct str text, struct arena *arena)
{
    struct contact_phone phone;
    bool number = kind == DEDUPE_KIND_PHONE && contact_phone_parse(text, filling->region, arena, &phone);
    return number ? phone.e164 : text;
}

static int fill(struct filling *filling, struct source *source, const size_t *at, struct err *err)
{
    struct str row[SOURCE_COLUMNS], cells[SOURCE_COLUMNS];
    size_t first = filling->table->n;
    if (source_check(source, err) < 0)
        return -1;
    for (int got; (got = source_row(source, filling->arena, row, err)) != 0;) {
        _cleanup_(arena_freep) struct arena *scratch = arena_new(1 << 20);
        if (got < 0)
            return -1;
        for (size_t c = 0; c < filling->columns_n; c++)
            cells[c] =
                at[c] < source->columns_n ? cell_of(filling, filling->columns[c].kind, row[at[c]], scratch) : STR_NONE;
        grow(filling->learned, filling->table->n, filling->arena);
        filling->learned->ids[filling->table->n] = source_id(source, row);
        dedupe_table_add(filling->table, filling->columns, cells, filling->columns_n);
    }
    _cleanup_(arena_freep) struct arena *scratch = arena_new(SIZE_MAX);
    struct ids *index;
    return ids_index(filling->learned->ids + first, filling->table->n - first, source->file, scratch, &index, err);
}

int engine_learned(const struct engine_input *input, struct arena *arena, struct outcome *ret_outcome, struct err *err)
{
    struct learned *learned = arena_one(arena, struct learned);
    struct filling *filling = arena_one(arena, struct filling);
    size_t at[SOURCE_COLUMNS];
    *filling = (struct filling){.learned = learned, .region = input->region, .arena = arena};
    filling->columns_n = columns_of(input->in, filling->columns, at);
    filling->table = dedupe_table_new(filling->columns, filling->columns_n, arena);
    struct dedupe_match_options options = {.least = input->least, .threads = input->threads};
    if (fill(filling, input->in, at, err) < 0)
        return -1;
    if (input->against) {
        options.border = filling->table->n;
        columns_in(input->against, filling->columns, filling->columns_n, at);
        if (fill(filling, input->against, at, err) < 0)
            return -1;
    }
    stage_end("read", filling->table->n, "records");
    bool alone = input->against && (options.border == 0 || options.border == filling->table->n);
    if (alone) /* one of the two files is empty: nothing to pair */
        filling->table->n = 0;
    learned->matching = dedupe_table_match(filling->table, &options, arena);
    stage_end("score", learned->matching->met, "pairs");
    *ret_outcome = (struct outcome){.ids = learned->ids, .n = filling->table->n, .explain = explain, .self = learned};
    ret_outcome->border = options.border;
    struct dedupe_scored *scored = arena_array(arena, learned->matching->n, sizeof *scored);
    for (size_t i = 0; i < learned->matching->n; i++) {
        const struct dedupe_matched *matched = &learned->matching->matched[i];
        scored[i] = (struct dedupe_scored){matched->left, matched->right, matched->probability, matched->weight};
    }
    ret_outcome->scored = (struct dedupe_scored_list){scored, learned->matching->n};
    return 0;
}
