/* From rows to prepared records. */
#include "services/dedupe/stock.h"

#include "contact/country.h"
#include "contact/phone.h"
#include "services/dedupe/csv.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { COLUMNS_MAX = 200, PHONES = 3 };

enum field {
    FIELD_NONE,
    FIELD_ID,
    FIELD_TITLE,
    FIELD_GIVEN_NAME,
    FIELD_FAMILY_NAME,
    FIELD_FULL_NAME,
    FIELD_COMPANY,
    FIELD_JOB_TITLE,
    FIELD_EMAIL,
    FIELD_PHONE,
    FIELD_MOBILE,
    FIELD_FAX,
    FIELD_STREET,
    FIELD_POSTAL_CODE,
    FIELD_CITY,
    FIELD_COUNTRY,
    FIELD_BIRTH,
    FIELDS
};

static const struct {
    enum field field;
    const char *column;
} known[] = {
#define X(field, column) {FIELD_##field, column},
#include "services/dedupe/columns.def"
#undef X
};

/* What one file's columns mean. */
struct header {
    enum field field[COLUMNS_MAX];
    size_t n;
};

static int read_file(const char *file, struct arena *arena, struct str *ret_text, struct err *err)
{
    struct stat status;
    _cleanup_(cleanup_close) int fd = open(file, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &status) < 0)
        return err_set(err, ERR_INVALID, "%s: %s", file, strerror(errno));
    if (!S_ISREG(status.st_mode))
        return err_set(err, ERR_INVALID, "%s is not a file", file);
    size_t size = (size_t)status.st_size, n = 0;
    char *text = arena_alloc(arena, size + 1);
    while (n < size) {
        ssize_t got = read(fd, text + n, size - n);
        if (got < 0 && errno != EINTR)
            return err_set(err, ERR_INVALID, "%s: %s", file, strerror(errno));
        if (got == 0)
            break;
        n += got > 0 ? (size_t)got : 0;
    }
    *ret_text = (struct str){text, n};
    return 0;
}

static enum field field_of(struct str column)
{
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        if (str_eq_nocase(column, str_c(known[i].column)))
            return known[i].field;
    }
    return FIELD_NONE;
}

/* Bare or quoted text of one side of a schema line. */
static struct str schema_side(struct str side)
{
    side = str_trim(side);
    bool quoted = side.n >= 2 && side.p[0] == '"' && side.p[side.n - 1] == '"';
    return quoted ? str_slice(side, 1, side.n - 1) : side;
}

int stock_schema_read(const char *file, struct arena *arena, struct stock_schema *ret_schema, struct err *err)
{
    struct stock_schema schema = {0};
    struct str rest, line;
    if (read_file(file, arena, &rest, err) < 0)
        return -1;
    for (size_t number = 1; str_split(&rest, '\n', &line); number++) {
        line = str_trim(line);
        if (str_empty(line) || line.p[0] == '#' || str_eq(line, STR("[columns]")))
            continue;
        ptrdiff_t equals = str_find(line, STR("="), 0);
        struct str column = schema_side(str_slice(line, 0, equals < 0 ? 0 : (size_t)equals));
        struct str meaning = schema_side(str_slice(line, equals < 0 ? 0 : (size_t)equals + 1, line.n));
        if (equals < 0 || str_empty(column) || field_of(meaning) == FIELD_NONE)
            return err_set(err, ERR_INVALID, "%s line %zu is not: column = \"known column\"", file, number);
        if (schema.n == ARRAY_LEN(schema.rows))
            return err_set(err, ERR_INVALID, "%s has more than %zu columns", file, schema.n);
        schema.rows[schema.n].column = column;
        schema.rows[schema.n++].known = meaning;
    }
    *ret_schema = schema;
    return 0;
}

static enum field meaning_of(const struct stock_schema *schema, struct str column)
{
    for (size_t i = 0; i < schema->n; i++) {
        if (str_eq(schema->rows[i].column, column))
            return field_of(schema->rows[i].known);
    }
    return field_of(column);
}

static int read_header(struct csv *csv, const char *file, const struct stock_schema *schema, struct arena *arena,
                       struct header *ret_header, struct err *err)
{
    struct str columns[COLUMNS_MAX];
    bool has_id = false;
    ret_header->n = 0;
    if (csv_row(csv, arena, columns, COLUMNS_MAX, &ret_header->n, err) < 0)
        return -1;
    for (size_t i = 0; i < ret_header->n; i++) {
        ret_header->field[i] = meaning_of(schema, str_trim(columns[i]));
        has_id |= ret_header->field[i] == FIELD_ID;
        if (ret_header->field[i] == FIELD_NONE)
            (void)fprintf(stderr, "kartei dedupe: %s: column %.*s is not used\n", file, STR_ARG(columns[i]));
    }
    return has_id ? 0 : err_set(err, ERR_INVALID, "%s has no column id", file);
}

/* Fields of one meaning are joined: given names by a blank, a date of birth by hyphens. */
static void gather(const struct header *header, const struct str *row, struct arena *arena, struct str values[FIELDS])
{
    for (size_t i = 0; i < header->n; i++) {
        struct str *value = &values[header->field[i]], text = str_trim(row[i]);
        if (header->field[i] == FIELD_NONE || str_empty(text))
            continue;
        if (str_empty(*value))
            *value = text;
        else
            *value = str_printf(arena, header->field[i] == FIELD_BIRTH ? "%.*s-%.*s" : "%.*s %.*s", STR_ARG(*value),
                                STR_ARG(text));
    }
}

static void add_phone(struct json_list *phones, struct str text, int kind, const char *region, struct arena *arena)
{
    struct contact_phone phone;
    if (str_empty(text))
        return;
    bool parsed = contact_phone_parse(text, region, arena, &phone);
    struct contact_value *values = phones->items;
    values[phones->n++] = (struct contact_value){parsed ? phone.e164 : text, text, kind};
}

/* Country of the contact for its national numbers, else that of the whole file. */
static const char *region_of(struct str country, const char *region, struct arena *arena)
{
    if (str_empty(country))
        return region;
    if (contact_country_known(country))
        return str_z(arena, country);
    const char *found = contact_country_find(country, arena);
    return found[0] ? found : region;
}

static const struct dedupe_record *record_of(const struct str values[FIELDS], const char *region, struct arena *arena)
{
    struct contact *contact = arena_one(arena, struct contact);
    struct contact_value *email = arena_one(arena, struct contact_value);
    struct contact_address *address = arena_one(arena, struct contact_address);
    bool named = !str_empty(values[FIELD_GIVEN_NAME]) || !str_empty(values[FIELD_FAMILY_NAME]);
    *email = (struct contact_value){.value = values[FIELD_EMAIL], .kind = -1};
    *address = (struct contact_address){
        .street = values[FIELD_STREET], .postal_code = values[FIELD_POSTAL_CODE], .city = values[FIELD_CITY]};
    *contact = (struct contact){
        .name_prefix = values[FIELD_TITLE],
        .given_name = values[FIELD_GIVEN_NAME],
        .family_name = named ? values[FIELD_FAMILY_NAME] : values[FIELD_FULL_NAME],
        .organization = values[FIELD_COMPANY],
        .job_title = values[FIELD_JOB_TITLE],
        .emails = {email, str_empty(values[FIELD_EMAIL]) ? 0 : 1},
        .phones = {arena_array(arena, PHONES, sizeof(struct contact_value)), 0},
        .addresses = {address, 1},
    };
    region = region_of(values[FIELD_COUNTRY], region, arena);
    add_phone(&contact->phones, values[FIELD_PHONE], -1, region, arena);
    add_phone(&contact->phones, values[FIELD_MOBILE], CONTACT_MOBILE, region, arena);
    struct dedupe_record *record = dedupe_prepare(contact, arena);
    dedupe_set_birth(record, values[FIELD_BIRTH]);
    return record;
}

/* Room for one more; the old arrays stay in the arena, at most as much again. */
static void grow(struct stock *stock, struct arena *arena)
{
    if (stock->n < stock->room)
        return;
    size_t room = stock->room ? 2 * stock->room : 1024;
    struct str *ids = arena_array(arena, room, sizeof *ids);
    const struct dedupe_record **records = arena_array(arena, room, sizeof(const struct dedupe_record *));
    for (size_t i = 0; i < stock->n; i++) {
        ids[i] = stock->ids[i];
        records[i] = stock->records[i];
    }
    stock->ids = ids;
    stock->records = records;
    stock->room = room;
}

static int by_text(const void *left, const void *right)
{
    return str_cmp(*(const struct str *)left, *(const struct str *)right);
}

/* Ids of one file, which are those from `first` on, are unique; two files may use the same. */
static int check_ids(const struct stock *stock, size_t first, const char *file, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(SIZE_MAX);
    size_t n = stock->n - first;
    struct str *sorted = arena_array(arena, n, sizeof *sorted);
    for (size_t i = 0; i < n; i++)
        sorted[i] = stock->ids[first + i];
    qsort(sorted, n, sizeof *sorted, by_text);
    for (size_t i = 1; i < n; i++) {
        if (str_eq(sorted[i - 1], sorted[i]))
            return err_set(err, ERR_INVALID, "%s: the id %.*s is there twice", file, STR_ARG(sorted[i]));
    }
    return 0;
}

int stock_read(const char *file, const struct stock_schema *schema, const char *region, struct arena *arena,
               struct stock *stock, struct err *err)
{
    struct header header;
    struct str text, row[COLUMNS_MAX];
    struct csv csv;
    size_t n, first = stock->n;
    if (read_file(file, arena, &text, err) < 0 || csv_open(text, &csv, err) < 0 ||
        read_header(&csv, file, schema, arena, &header, err) < 0)
        return -1;
    for (int got; (got = csv_row(&csv, arena, row, COLUMNS_MAX, &n, err)) != 0;) {
        struct str values[FIELDS] = {0};
        if (got < 0)
            return -1;
        if (n != header.n)
            return err_set(err, ERR_INVALID, "%s line %zu has %zu fields instead of %zu", file, csv.line, n, header.n);
        gather(&header, row, arena, values);
        if (str_empty(values[FIELD_ID]))
            return err_set(err, ERR_INVALID, "%s line %zu has no id", file, csv.line);
        grow(stock, arena);
        stock->ids[stock->n] = values[FIELD_ID];
        stock->records[stock->n++] = record_of(values, region, arena);
    }
    return check_ids(stock, first, file, err);
}
