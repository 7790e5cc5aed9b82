/* See fields.h. */
#include "crm-connectors/mapping/fields.h"

const char *const crm_field_type_words[] = {"text",   "long_text", "email", "phone",     "url",   "choice", "choices",
                                            "yes_no", "number",    "date",  "reference", "other", NULL};

#define ROW(type, member, what, ...)                                                                                   \
    {                                                                                                                  \
        .name = #member, .kind = JSON_##what, .offset = offsetof(struct type, member), __VA_ARGS__                     \
    }

static const struct json_field choice_rows[] = {
    ROW(crm_choice, value, STR, .flags = JSON_REQUIRED, .doc = "As it is written."),
    ROW(crm_choice, label, STR, .flags = JSON_OMIT, .doc = "For people; missing when it is the same."),
};
const struct json_shape crm_choice_shape = {"RemoteChoice", sizeof(struct crm_choice), choice_rows,
                                            ARRAY_LEN(choice_rows), false};

static const struct json_field field_rows[] = {
    ROW(crm_field, name, STR, .flags = JSON_REQUIRED, .doc = "As the CRM calls it."),
    ROW(crm_field, label, STR, .doc = "For people, in the CRM's language."),
    ROW(crm_field, type, WORD, .words = crm_field_type_words, .flags = JSON_REQUIRED),
    ROW(crm_field, length, INT, .doc = "Characters at most; 0: the CRM does not say."),
    ROW(crm_field, required, BOOL, .doc = "A new record needs it."),
    ROW(crm_field, create, BOOL, .doc = "May be written on a new record."),
    ROW(crm_field, update, BOOL, .doc = "May be written on a record that exists."),
    ROW(crm_field, custom, BOOL, .doc = "Made by the customer."),
    ROW(crm_field, strict, BOOL, .doc = "Takes nothing but its choices."),
    ROW(crm_field, bare, BOOL, .doc = "Written as a number or truth value, not as text."),
    ROW(crm_field, choices, LIST, .shape = &crm_choice_shape, .max = CRM_CHOICES_MAX),
};
const struct json_shape crm_field_shape = {"RemoteField", sizeof(struct crm_field), field_rows, ARRAY_LEN(field_rows),
                                           false};

int crm_fields_read(struct str list, crm_field_reader *read, struct arena *arena, struct json_list *ret_fields,
                    struct err *err)
{
    struct json_list items;
    if (json_items(list, arena, &items, err) < 0)
        return -1;
    if (items.n > CRM_FIELDS_MAX)
        return err_set(err, ERR_TOO_LARGE, "%d fields", CRM_FIELDS_MAX);
    struct crm_field *fields = arena_array(arena, items.n + 1, sizeof *fields);
    for (size_t i = 0; i < items.n; i++)
        if (read(((const struct str *)items.items)[i], arena, &fields[i], err) < 0)
            return -1;
    *ret_fields = (struct json_list){fields, items.n};
    return 0;
}

void crm_field_typed(struct crm_field *field, const struct crm_field_word *words, size_t n, struct str word)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(word, str_c(words[i].word))) {
            field->type = words[i].type;
            field->bare = words[i].bare;
            return;
        }
}

struct json_list crm_choices_read(struct str list, crm_choice_reader *read, struct arena *arena)
{
    struct json_list items = {0};
    struct err ignored;
    if (!list.p || json_items(list, arena, &items, &ignored) < 0)
        return (struct json_list){NULL, 0};
    struct crm_choice *choices = arena_array(arena, items.n + 1, sizeof *choices);
    size_t n = 0;
    for (size_t i = 0; i < items.n && n < CRM_CHOICES_MAX; i++)
        n += read(((const struct str *)items.items)[i], arena, &choices[n]);
    return (struct json_list){choices, n};
}

const struct crm_field *crm_field_find(struct json_list fields, struct str name)
{
    const struct crm_field *all = fields.items;
    for (size_t i = 0; i < fields.n; i++)
        if (str_eq(all[i].name, name))
            return &all[i];
    return NULL;
}

bool crm_field_long_enough(const struct crm_field *field, struct str value)
{
    return field->length == 0 || (int64_t)utf8_count(value) <= field->length;
}

bool crm_field_offers(const struct crm_field *field, struct str value)
{
    const struct crm_choice *choices = field->choices.items;
    for (size_t i = 0; i < field->choices.n; i++)
        if (str_eq(choices[i].value, value))
            return true;
    return field->type != CRM_FIELD_CHOICE || !field->strict;
}

bool crm_field_bare(struct str value, struct arena *arena)
{
    struct json_list items;
    struct err ignored;
    if (str_empty(value) || json_items(str_printf(arena, "[%.*s]", STR_ARG(value)), arena, &items, &ignored) < 0 ||
        items.n != 1 || !str_eq(*(const struct str *)items.items, value))
        return false;
    char first = value.p[0];
    return first == '-' || (first >= '0' && first <= '9') || first == 't' || first == 'f';
}
