/* From rows to prepared contacts. */
#include "services/dedupe/stock.h"

#include "contact/phone.h"

enum { PHONES = 3 };

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

static void add_phone(struct json_list *phones, struct str text, int kind, const char *region, struct arena *arena)
{
    struct contact_phone phone;
    if (str_empty(text))
        return;
    bool parsed = contact_phone_parse(text, region, arena, &phone);
    struct contact_value *values = phones->items;
    values[phones->n++] = (struct contact_value){parsed ? phone.e164 : text, text, kind};
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
    region = source_region(values[FIELD_COUNTRY], region, arena);
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

int stock_read(struct source *source, const char *region, struct arena *arena, struct stock *stock, struct err *err)
{
    struct str cells[SOURCE_COLUMNS];
    size_t first = stock->n;
    for (int got; (got = source_row(source, arena, cells, err)) != 0;) {
        struct str values[FIELDS] = {0};
        if (got < 0)
            return -1;
        gather(source, cells, arena, values);
        grow(stock, arena);
        stock->ids[stock->n] = source_id(source, cells);
        stock->records[stock->n++] = record_of(values, region, arena);
    }
    return source_check_ids(stock->ids + first, stock->n - first, source->file, err);
}
