/* From rows to prepared contacts, on all cores. */
#include "services/dedupe/stock.h"

#include "dedupe/batch.h"
#include "services/dedupe/ids.h"
#include "services/dedupe/number.h"

#include <string.h>

enum { PHONES = 2, SCRATCH_ROWS = 256 };

/* Fields of one meaning are joined: given names by a blank, a date of birth by hyphens. */
static void gather(const struct source *source, const struct str *cells, struct arena *arena, struct str values[FIELDS])
{
    for (size_t i = 0; i < source->columns_n; i++) {
        struct str *value = &values[source->fields[i]], text = str_trim(cells[i]);
        if (source->fields[i] == FIELD_NONE || str_empty(text))
            continue;
        if (str_empty(*value))
            *value = text;
        else
            *value = str_printf(arena, source->fields[i] == FIELD_BIRTH ? "%.*s-%.*s" : "%.*s %.*s", STR_ARG(*value),
                                STR_ARG(text));
    }
}

/* What one thread reads. */
struct part {
    struct source source;
    const char *region;
    struct arena *arena;
    struct dedupe_pool *pool;
    struct str *ids;
    const struct dedupe_record **records;
    struct dedupe_glance *glances;
    size_t n;
    struct str country; /* of the row before, and its region: most rows are of one country */
    const char *country_region;
    struct err err;
    bool failed;
};

static const char *region_of(struct part *part, struct str country)
{
    if (!part->country_region || !str_eq(part->country, country)) {
        part->country = country;
        part->country_region = source_region(country, part->region, part->arena);
    }
    return part->country_region;
}

static void add_phone(struct json_list *phones, struct str text, int kind, const char *region, struct arena *scratch)
{
    struct contact_value *values = phones->items;
    char *buffer = arena_alloc(scratch, NUMBER_BYTES);
    if (str_empty(text))
        return;
    struct str number = number_e164(text, region, buffer, scratch);
    values[phones->n++] = (struct contact_value){number.p ? number : text, text, kind};
}

static const struct dedupe_record *record_of(struct part *part, const struct str values[FIELDS], struct arena *scratch)
{
    struct contact_value email = {.value = values[FIELD_EMAIL], .kind = -1}, phones[PHONES];
    struct contact_address address = {
        .street = values[FIELD_STREET], .postal_code = values[FIELD_POSTAL_CODE], .city = values[FIELD_CITY]};
    bool named = !str_empty(values[FIELD_GIVEN_NAME]) || !str_empty(values[FIELD_FAMILY_NAME]);
    struct contact contact = {
        .name_prefix = values[FIELD_TITLE],
        .given_name = values[FIELD_GIVEN_NAME],
        .family_name = named ? values[FIELD_FAMILY_NAME] : values[FIELD_FULL_NAME],
        .organization = values[FIELD_COMPANY],
        .job_title = values[FIELD_JOB_TITLE],
        .emails = {&email, str_empty(values[FIELD_EMAIL]) ? 0 : 1},
        .phones = {phones, 0},
        .addresses = {&address, 1},
    };
    const char *region = region_of(part, values[FIELD_COUNTRY]);
    add_phone(&contact.phones, values[FIELD_PHONE], -1, region, scratch);
    add_phone(&contact.phones, values[FIELD_MOBILE], CONTACT_MOBILE, region, scratch);
    struct dedupe_record *record = dedupe_prepare_lean(part->pool, &contact);
    dedupe_set_birth(record, values[FIELD_BIRTH]);
    return record;
}

/* Up to SCRATCH_ROWS rows; what a quoted or joined field made of them stays, as the records are views of it. Returns
 * what source_row() does. */
static int read_rows(struct part *part)
{
    _cleanup_(arena_freep) struct arena *scratch = arena_new(SIZE_MAX);
    struct str cells[SOURCE_COLUMNS];
    int got = 1;
    for (size_t i = 0; i < SCRATCH_ROWS && (got = source_row(&part->source, part->arena, cells, &part->err)) > 0; i++) {
        struct str values[FIELDS] = {0};
        gather(&part->source, cells, part->arena, values);
        part->ids[part->n] = source_id(&part->source, cells);
        part->records[part->n] = record_of(part, values, scratch);
        dedupe_glance_at(part->records[part->n], &part->glances[part->n]);
        part->n++;
    }
    return got;
}

static void read_part(void *self)
{
    struct part *part = self;
    int got = source_check(&part->source, &part->err) < 0 ? -1 : 1;
    part->pool = dedupe_pool_new(part->arena);
    while (got > 0)
        got = read_rows(part);
    part->failed = got < 0;
    dedupe_pool_done(part->pool);
}

/* Room in the stock for all rows that the parts may have, behind those that are there; each part gets its piece. */
static void make_room(struct stock *stock, struct part *parts, size_t parts_n, struct arena *arena)
{
    size_t room = stock->n;
    for (size_t i = 0; i < parts_n; i++)
        room += csv_rows_most(&parts[i].source.csv);
    struct str *ids = arena_array(arena, room, sizeof *ids);
    const struct dedupe_record **records = arena_array(arena, room, sizeof(const struct dedupe_record *));
    struct dedupe_glance *glances = arena_array(arena, room, sizeof *glances);
    if (stock->n > 0) {
        memcpy(ids, stock->ids, stock->n * sizeof *ids);
        memcpy(records, stock->records, stock->n * sizeof(const struct dedupe_record *));
        memcpy(glances, stock->glances, stock->n * sizeof *glances);
    }
    stock->ids = ids;
    stock->records = records;
    stock->glances = glances;
    for (size_t i = 0, at = stock->n; i < parts_n; at += csv_rows_most(&parts[i++].source.csv)) {
        parts[i].ids = ids + at;
        parts[i].records = records + at;
        parts[i].glances = glances + at;
    }
}

/* Closes the gaps behind parts that had fewer rows than lines. */
static void close_up(struct stock *stock, const struct part *parts, size_t parts_n)
{
    for (size_t i = 0; i < parts_n; stock->n += parts[i++].n) {
        if (parts[i].ids == stock->ids + stock->n || parts[i].n == 0)
            continue;
        memmove(stock->ids + stock->n, parts[i].ids, parts[i].n * sizeof *stock->ids);
        memmove(stock->records + stock->n, parts[i].records, parts[i].n * sizeof(const struct dedupe_record *));
        memmove(stock->glances + stock->n, parts[i].glances, parts[i].n * sizeof *stock->glances);
    }
}

int stock_read(const struct source *source, const char *region, unsigned threads, struct arena *arena,
               struct stock *stock, struct err *err)
{
    struct csv cut[PARALLEL_MAX];
    size_t n = csv_split(&source->csv, threads, cut), first = stock->n;
    struct part *parts = arena_array(arena, n, sizeof *parts);
    for (size_t i = 0; i < n; i++) {
        parts[i] = (struct part){.source = *source, .region = region, .arena = arena_new(SIZE_MAX)};
        parts[i].source.csv = cut[i];
        stock->arenas[stock->arenas_n++] = parts[i].arena;
    }
    make_room(stock, parts, n, arena);
    parallel_run(read_part, parts, sizeof *parts, (unsigned)n);
    for (size_t i = 0; i < n; i++) {
        if (parts[i].failed) {
            *err = parts[i].err;
            return -1;
        }
    }
    close_up(stock, parts, n);
    _cleanup_(arena_freep) struct arena *scratch = arena_new(SIZE_MAX);
    struct ids *index;
    if (ids_index(stock->ids + first, stock->n - first, source->file, scratch, &index, err) < 0)
        return -1;
    source_rest(source);
    return 0;
}

void stock_freep(struct stock *stock)
{
    while (stock->arenas_n > 0)
        arena_free(stock->arenas[--stock->arenas_n]);
}
