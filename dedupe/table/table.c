/* Builds a table: columns to fields, texts to numbered normal forms. */
#include "dedupe/table/table.h"

#include "dedupe/table/form.h"

#include <assert.h>
#include <string.h>

const char *const dedupe_kind_words[] = {
#define X(name, word, doc) word,
#include "dedupe/table/kinds.def"
#undef X
    NULL};

static int add_field(struct dedupe_table *table, enum dedupe_kind kind, struct str name)
{
    if (table->fields_n == DEDUPE_FIELDS_MAX)
        return -1;
    struct dedupe_field *field = &table->fields[table->fields_n];
    field->kind = kind;
    field->name = str_dup(table->arena, name);
    field->values_room = 1024;
    field->values = arena_array(table->arena, field->values_room, sizeof *field->values);
    field->values_n = 1;
    field->slots_n = 4096;
    field->slots = arena_array(table->arena, field->slots_n, sizeof *field->slots);
    return (int)table->fields_n++;
}

static bool is_name(enum dedupe_kind kind)
{
    return kind == DEDUPE_KIND_GIVEN || kind == DEDUPE_KIND_FAMILY || kind == DEDUPE_KIND_OTHER_NAMES;
}

static bool joined(enum dedupe_kind kind)
{
    return is_name(kind) || kind == DEDUPE_KIND_BIRTH;
}

struct dedupe_table *dedupe_table_new(const struct dedupe_column *columns, size_t columns_n, struct arena *arena)
{
    struct dedupe_table *table = arena_one(arena, struct dedupe_table);
    bool names = false, full = false, birth = false;
    table->arena = arena;
    table->given = table->family = table->others = -1;
    for (size_t i = 0; i < columns_n; i++) {
        names |= is_name(columns[i].kind);
        full |= columns[i].kind == DEDUPE_KIND_OTHER_NAMES;
    }
    if (names) {
        table->given = add_field(table, DEDUPE_KIND_GIVEN, str_c(dedupe_kind_words[DEDUPE_KIND_GIVEN]));
        table->family = add_field(table, DEDUPE_KIND_FAMILY, str_c(dedupe_kind_words[DEDUPE_KIND_FAMILY]));
    }
    if (full)
        table->others = add_field(table, DEDUPE_KIND_OTHER_NAMES, str_c(dedupe_kind_words[DEDUPE_KIND_OTHER_NAMES]));
    for (size_t i = 0; i < columns_n; i++) {
        bool again = columns[i].kind == DEDUPE_KIND_BIRTH && birth;
        birth |= columns[i].kind == DEDUPE_KIND_BIRTH;
        if (!is_name(columns[i].kind) && !again)
            (void)add_field(table, columns[i].kind, columns[i].name);
    }
    return table;
}

static uint64_t hash_of(struct str text)
{
    uint64_t h = 0xcbf29ce484222325u;
    for (size_t i = 0; i < text.n; i++)
        h = (h ^ (unsigned char)text.p[i]) * 0x100000001b3u;
    return h ^ h >> 29;
}

static size_t slot_of(const struct dedupe_field *field, struct str text)
{
    size_t mask = field->slots_n - 1, slot = hash_of(text) & mask;
    while (field->slots[slot] && !str_eq(field->values[field->slots[slot]].text, text))
        slot = (slot + 1) & mask;
    return slot;
}

/* Doubles a field's room; the old arrays stay in the arena, at most as much again. */
static void grow_field(struct dedupe_field *field, struct arena *arena)
{
    struct dedupe_value *values = arena_array(arena, 2 * field->values_room, sizeof *values);
    memcpy(values, field->values, field->values_n * sizeof *values);
    field->values = values;
    field->values_room *= 2;
    field->slots_n *= 2;
    field->slots = arena_array(arena, field->slots_n, sizeof *field->slots);
    for (uint32_t v = 1; v < field->values_n; v++)
        field->slots[slot_of(field, values[v].text)] = v;
}

/* Number of a normal form; 0 for the empty one. */
static uint32_t number_of(struct dedupe_field *field, struct str text, struct arena *arena)
{
    if (str_empty(text))
        return 0;
    size_t slot = slot_of(field, text);
    if (!field->slots[slot]) {
        if (field->values_n == field->values_room) {
            grow_field(field, arena);
            slot = slot_of(field, text);
        }
        field->slots[slot] = (uint32_t)field->values_n;
        field->values[field->values_n++].text = str_dup(arena, text);
    }
    field->values[field->slots[slot]].records++;
    return field->slots[slot];
}

static void grow_table(struct dedupe_table *table)
{
    if (table->n < table->room)
        return;
    size_t room = table->room ? 2 * table->room : 1024;
    for (size_t f = 0; f < table->fields_n; f++) {
        uint32_t *cells = arena_array(table->arena, room, sizeof *cells);
        if (table->n > 0)
            memcpy(cells, table->fields[f].cells, table->n * sizeof *cells);
        table->fields[f].cells = cells;
    }
    table->room = room;
}

static void put(struct dedupe_table *table, int field, struct str text)
{
    if (field >= 0)
        table->fields[field].cells[table->n] = number_of(&table->fields[field], text, table->arena);
}

/* Texts of the columns of one kind, joined by a blank, or by a hyphen for the parts of a date. */
static struct str gather(const struct dedupe_column *columns, const struct str *cells, size_t n, enum dedupe_kind kind,
                         struct arena *arena)
{
    struct str text = STR_NONE;
    for (size_t i = 0; i < n; i++) {
        struct str cell = str_trim(cells[i]);
        if (columns[i].kind != kind || str_empty(cell))
            continue;
        text = str_empty(text) ? cell
                               : str_printf(arena, kind == DEDUPE_KIND_BIRTH ? "%.*s-%.*s" : "%.*s %.*s", STR_ARG(text),
                                            STR_ARG(cell));
    }
    return text;
}

void dedupe_table_add(struct dedupe_table *table, const struct dedupe_column *columns, const struct str *cells,
                      size_t columns_n)
{
    _cleanup_(arena_freep) struct arena *scratch = arena_new(16 << 20);
    bool birth = false;
    grow_table(table);
    if (table->given >= 0) {
        struct str given = gather(columns, cells, columns_n, DEDUPE_KIND_GIVEN, scratch);
        struct str family = gather(columns, cells, columns_n, DEDUPE_KIND_FAMILY, scratch);
        struct str full = gather(columns, cells, columns_n, DEDUPE_KIND_OTHER_NAMES, scratch);
        struct dedupe_name_form form = dedupe_form_name(given, family, full, scratch);
        put(table, table->given, form.given);
        put(table, table->family, form.family);
        put(table, table->others, form.others);
    }
    int field = (table->given >= 0 ? 2 : 0) + (table->others >= 0 ? 1 : 0);
    for (size_t i = 0; i < columns_n && field < (int)table->fields_n; i++) {
        enum dedupe_kind kind = columns[i].kind;
        if (is_name(kind) || (birth && kind == DEDUPE_KIND_BIRTH))
            continue;
        birth |= kind == DEDUPE_KIND_BIRTH;
        struct str text = joined(kind) ? gather(columns, cells, columns_n, kind, scratch) : cells[i];
        put(table, field++, dedupe_form(kind, text, scratch));
    }
    table->n++;
}
