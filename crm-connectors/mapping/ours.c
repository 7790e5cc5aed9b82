/* See ours.h. */
#include "crm-connectors/mapping/ours.h"

#define TEXT(field, wants)                                                                                             \
    {                                                                                                                  \
#field, {NULL, CRM_SLOT_TEXT, #field, -1, 0 }, wants, false                                                    \
    }
#define VALUE(field, word, kind, wants)                                                                                \
    {                                                                                                                  \
#field "." word, {NULL, CRM_SLOT_VALUE, #field, kind, 0 }, wants, true                                         \
    }
#define PART(number, at, word, part, wants)                                                                            \
    {                                                                                                                  \
        "addresses." number "." word, {NULL, part, NULL, -1, at}, wants, false                                         \
    }
#define ADDRESS(number, at)                                                                                            \
    PART(number, at, "street", CRM_SLOT_STREET, 60), PART(number, at, "postal_code", CRM_SLOT_POSTAL_CODE, 10),        \
        PART(number, at, "city", CRM_SLOT_CITY, 40), PART(number, at, "region", CRM_SLOT_REGION, 30),                  \
        PART(number, at, "country", CRM_SLOT_COUNTRY, 30), PART(number, at, "country_code", CRM_SLOT_COUNTRY_CODE, 2)

const struct crm_ours crm_ours[] = {
    TEXT(name_prefix, 10),
    TEXT(given_name, 30),
    TEXT(family_name, 30),
    TEXT(name_suffix, 10),
    TEXT(job_title, 60),
    TEXT(department, 60),
    TEXT(organization, 80),
    VALUE(emails, "work", CONTACT_WORK, 60),
    VALUE(emails, "home", CONTACT_HOME, 60),
    VALUE(emails, "other", CONTACT_OTHER, 60),
    VALUE(emails, "any", -1, 60),
    VALUE(phones, "work", CONTACT_WORK, 20),
    VALUE(phones, "mobile", CONTACT_MOBILE, 20),
    VALUE(phones, "home", CONTACT_HOME, 20),
    VALUE(phones, "fax", CONTACT_FAX, 20),
    VALUE(phones, "other", CONTACT_OTHER, 20),
    VALUE(phones, "any", -1, 20),
    VALUE(urls, "work", CONTACT_WORK, 100),
    VALUE(urls, "any", -1, 100),
    ADDRESS("1", 0),
    ADDRESS("2", 1),
    ADDRESS("3", 2),
};
const size_t crm_ours_count = ARRAY_LEN(crm_ours);

const struct crm_ours *crm_ours_find(struct str name)
{
    for (size_t i = 0; i < crm_ours_count; i++)
        if (str_eq(str_c(crm_ours[i].name), name))
            return &crm_ours[i];
    return NULL;
}

const struct crm_ours *crm_ours_of_slot(const struct crm_slot *slot)
{
    for (size_t i = 0; i < crm_ours_count; i++) {
        const struct crm_slot *own = &crm_ours[i].slot;
        if (own->part == slot->part && own->kind == slot->kind && own->address == slot->address &&
            str_eq(str_c(own->field), str_c(slot->field)))
            return &crm_ours[i];
    }
    return NULL;
}

const char *crm_ours_field(const struct crm_ours *ours)
{
    return ours->slot.field ? ours->slot.field : "addresses";
}

static struct str part_of(const struct contact_address *address, enum crm_slot_part part)
{
    switch (part) {
    case CRM_SLOT_STREET:
        return address->street;
    case CRM_SLOT_POSTAL_CODE:
        return address->postal_code;
    case CRM_SLOT_CITY:
        return address->city;
    case CRM_SLOT_REGION:
        return address->region;
    case CRM_SLOT_COUNTRY:
    case CRM_SLOT_COUNTRY_CODE:
        return address->country;
    case CRM_SLOT_TEXT:
    case CRM_SLOT_VALUE:
        break;
    }
    return STR_NONE;
}

/* What the i-th entry of a list has for the place. */
static struct str entry_text(const struct crm_ours *ours, const struct contact_field *field, const void *items,
                             size_t i)
{
    if (!items)
        return STR_NONE;
    if (field->kind != CONTACT_FIELD_VALUES)
        return i == (size_t)ours->slot.address ? part_of((const struct contact_address *)items + i, ours->slot.part)
                                               : STR_NONE;
    const struct contact_value *value = (const struct contact_value *)items + i;
    return ours->slot.kind < 0 || value->kind == ours->slot.kind ? value->value : STR_NONE;
}

struct json_list crm_ours_texts(const struct crm_ours *ours, const struct contact *contact, struct arena *arena)
{
    const struct contact_field *field = contact_field_find(str_c(crm_ours_field(ours)));
    const void *at = (const char *)contact + field->offset;
    const struct json_list *list = at;
    size_t n = field->kind == CONTACT_FIELD_TEXT ? 1 : list->n;
    struct str *texts = arena_array(arena, n + 1, sizeof *texts);
    struct json_list found = {texts, 0};
    for (size_t i = 0; i < n; i++) {
        struct str text =
            field->kind == CONTACT_FIELD_TEXT ? *(const struct str *)at : entry_text(ours, field, list->items, i);
        if (!str_empty(text))
            texts[found.n++] = text;
    }
    return found;
}
