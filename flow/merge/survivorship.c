/* See survivorship.h. */
#include "flow/merge/survivorship.h"

#include "flow/shape/rows.h"

#include <stdio.h>

const char *const flow_survives_words[] = {"trusted", "newest", "longest", "fullest", "all", NULL};

const struct flow_survivorship flow_survivorship_default = {{
#define X(field, rule) FLOW_SURVIVES_##rule,
#include "flow/merge/survivorship.def"
#undef X
}};

/* The rows follow fields.def, name by name: else this does not compile. */
enum {
#define X(field, rule) RULE_##field,
#include "flow/merge/survivorship.def"
#undef X
    RULES
};
enum {
#define X(field, kind, multi) FIELD_##field,
#include "contact/fields.def"
#undef X
    FIELDS
};
#define X(field, kind, multi) _Static_assert((int)RULE_##field == (int)FIELD_##field, "survivorship.def, " #field);
#include "contact/fields.def"
#undef X
_Static_assert((int)RULES == (int)FIELDS && (int)FIELDS == (int)FLOW_SURVIVORSHIP_FIELDS, "one rule a field");

static const struct json_field flow_survival_rows[] = {
    NEEDED(flow_survival, field, 40, "Name of the contact's field."),
    ROW(flow_survival, rule, WORD, .flags = JSON_REQUIRED, .words = flow_survives_words,
        .doc = "Which of two differing values is proposed to stay."),
};
SHAPE(flow_survival, "Survival");

struct json_list flow_survivorship_rows(const struct flow_survivorship *survivorship, struct arena *arena)
{
    struct flow_survival *rows = arena_array(arena, FLOW_SURVIVORSHIP_FIELDS, sizeof *rows);
    for (size_t i = 0; i < FLOW_SURVIVORSHIP_FIELDS; i++)
        rows[i] = (struct flow_survival){str_c(contact_fields[i].name), (int)survivorship->rule[i]};
    return (struct json_list){rows, FLOW_SURVIVORSHIP_FIELDS};
}

int flow_survivorship_apply(const struct json_list *rows, const struct flow_survivorship *base,
                            struct flow_survivorship *ret_survivorship, struct err *err)
{
    struct flow_survivorship result = *base;
    bool named[FLOW_SURVIVORSHIP_FIELDS] = {false};
    for (size_t i = 0; i < rows->n; i++) {
        const struct flow_survival *row = (const struct flow_survival *)rows->items + i;
        const struct contact_field *field = contact_field_find(row->field);
        char pointer[sizeof err->pointer];
        (void)snprintf(pointer, sizeof pointer, "/survivorship/%zu", i);
        if (!field)
            return err_field(err, ERR_INVALID, pointer, "there is no such field");
        size_t at = (size_t)(field - contact_fields);
        if (named[at])
            return err_field(err, ERR_INVALID, pointer, "this field is named twice");
        if (row->rule == FLOW_SURVIVES_ALL && !field->multi)
            return err_field(err, ERR_INVALID, pointer, "this field has one value only");
        named[at] = true;
        result.rule[at] = (enum flow_survives)row->rule;
    }
    *ret_survivorship = result;
    return 0;
}

enum flow_survives flow_survives(const struct flow_survivorship *survivorship, const struct contact_field *field)
{
    return survivorship->rule[field - contact_fields];
}

struct size {
    size_t letters, parts;
};

static void size_add(struct size *size, struct str text)
{
    struct str rest = str_trim(text), word;
    size->letters += utf8_count(rest);
    while (str_split(&rest, ' ', &word))
        size->parts += !str_empty(word);
}

static struct size size_of(const struct contact *contact, const struct contact_field *field)
{
    const void *at = (const char *)contact + field->offset;
    struct size size = {0, 0};
    if (field->kind == CONTACT_FIELD_TEXT) {
        size_add(&size, *(const struct str *)at);
        return size;
    }
    const struct json_list *list = at;
    for (size_t i = 0; i < list->n; i++) {
        if (field->kind == CONTACT_FIELD_VALUES) {
            size_add(&size, ((const struct contact_value *)list->items)[i].value);
            continue;
        }
        const struct contact_address *address = (const struct contact_address *)list->items + i;
        const struct str parts[] = {address->street, address->postal_code, address->city, address->region,
                                    address->country};
        for (size_t k = 0; k < ARRAY_LEN(parts); k++)
            size_add(&size, parts[k]);
    }
    return size;
}

bool flow_card_survives(enum flow_survives rule, const struct contact *card, const struct contact *crm,
                        const struct contact_field *field)
{
    struct size ours = size_of(card, field), theirs = size_of(crm, field);
    switch (rule) {
    case FLOW_SURVIVES_NEWEST:
        return true;
    case FLOW_SURVIVES_LONGEST:
        return ours.letters > theirs.letters;
    case FLOW_SURVIVES_FULLEST:
        return ours.parts > theirs.parts;
    case FLOW_SURVIVES_TRUSTED:
    case FLOW_SURVIVES_ALL:
        break;
    }
    return false;
}
