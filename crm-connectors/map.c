/* What differs between two contacts in the fields that a CRM knows; see map.h. */
#include "crm-connectors/map.h"

#include "contact/diff.h"

const struct crm_map *crm_map_find(const struct crm_map_list *map, struct str field)
{
    for (size_t i = 0; i < map->n; i++)
        if (str_eq(str_c(map->rows[i].field), field))
            return &map->rows[i];
    return NULL;
}

static size_t field_size(const struct contact_field *field)
{
    return field->kind == CONTACT_FIELD_TEXT ? sizeof(struct str) : sizeof(struct json_list);
}

static const void *field_of(const struct contact *contact, const struct contact_field *field)
{
    return (const char *)contact + field->offset;
}

struct contact crm_map_only(const struct crm_map_list *map, const struct contact *contact)
{
    struct contact only = {0};
    for (size_t i = 0; i < contact_field_count; i++) {
        const struct contact_field *field = &contact_fields[i];
        if (crm_map_find(map, str_c(field->name)))
            memcpy((char *)&only + field->offset, field_of(contact, field), field_size(field));
    }
    return only;
}

static size_t item_size(const struct contact_field *field)
{
    return field->kind == CONTACT_FIELD_ADDRESSES ? sizeof(struct contact_address) : sizeof(struct contact_value);
}

static const void *item(const struct contact_field *field, const struct json_list *list, size_t i)
{
    return (const char *)list->items + i * item_size(field);
}

/* Comparison form of one value of a list. */
static struct str key_of(const struct contact_field *field, const void *value, struct arena *arena)
{
    if (field->kind == CONTACT_FIELD_ADDRESSES)
        return contact_address_key(value, arena);
    const struct contact_value *one = value;
    return contact_value_key(str_c(field->name), one->value, arena);
}

/* True when the two say the same but are not written the same: the row there is to be corrected. */
static bool rewritten(const struct contact_field *field, const void *before, const void *after, bool exact)
{
    if (field->kind == CONTACT_FIELD_ADDRESSES) {
        const struct contact_address *a = before, *b = after;
        return !str_eq(a->street, b->street) || !str_eq(a->postal_code, b->postal_code) || !str_eq(a->city, b->city) ||
               !str_eq(a->region, b->region) || !str_eq(a->country, b->country);
    }
    const struct contact_value *a = before, *b = after;
    return !str_eq(a->value, b->value) || ((exact || b->kind >= 0) && a->kind != b->kind);
}

/* Values of one side that the other side has not got; repeated values count once each. */
struct side {
    const struct json_list *list;
    bool *used;
};

static ptrdiff_t find_free(const struct contact_field *field, const struct side *side, struct str key,
                           struct arena *arena)
{
    for (size_t i = 0; i < side->list->n; i++)
        if (!side->used[i] && str_eq(key_of(field, item(field, side->list, i), arena), key))
            return (ptrdiff_t)i;
    return -1;
}

/* A value to be removed that `after` may take the place of: of the same kind, or any address. */
static ptrdiff_t find_place(const struct contact_field *field, const struct side *before, const void *after)
{
    for (size_t i = 0; i < before->list->n; i++) {
        if (before->used[i])
            continue;
        const struct contact_value *old = item(field, before->list, i), *new = after;
        if (field->kind == CONTACT_FIELD_ADDRESSES || old->kind == new->kind)
            return (ptrdiff_t)i;
    }
    return -1;
}

static void add_value_change(struct json_list *changes, const void *before, const void *after)
{
    struct crm_value_change *items = changes->items;
    items[changes->n++] = (struct crm_value_change){before, after};
}

static struct json_list value_changes(const struct contact_field *field, const struct json_list *before,
                                      const struct json_list *after, bool exact, struct arena *arena)
{
    struct side old = {before, arena_array(arena, before->n + 1, sizeof(bool))};
    struct side new = {after, arena_array(arena, after->n + 1, sizeof(bool))};
    struct json_list changes = {arena_array(arena, before->n + after->n + 1, sizeof(struct crm_value_change)), 0};
    for (size_t i = 0; i < after->n; i++) {
        const void *value = item(field, after, i);
        ptrdiff_t same = find_free(field, &old, key_of(field, value, arena), arena);
        if (same < 0)
            continue;
        old.used[same] = new.used[i] = true;
        if (rewritten(field, item(field, before, (size_t)same), value, exact))
            add_value_change(&changes, item(field, before, (size_t)same), value);
    }
    for (size_t i = 0; i < after->n; i++) {
        if (new.used[i])
            continue;
        const void *value = item(field, after, i);
        ptrdiff_t place = find_place(field, &old, value);
        if (place >= 0)
            old.used[place] = true;
        add_value_change(&changes, place < 0 ? NULL : item(field, before, (size_t)place), value);
    }
    for (size_t i = 0; i < before->n; i++)
        if (!old.used[i])
            add_value_change(&changes, item(field, before, i), NULL);
    return changes;
}

/* The first of `after` where it says another thing than the first of `before`; NULL: it does not. */
static const void *main_moved(const struct contact_field *field, const struct json_list *before,
                              const struct json_list *after, struct arena *arena)
{
    if (after->n == 0 || (before->n > 0 && str_eq(key_of(field, item(field, before, 0), arena),
                                                  key_of(field, item(field, after, 0), arena))))
        return NULL;
    return item(field, after, 0);
}

static bool same_text(struct str a, struct str b)
{
    return (str_empty(a) && str_empty(b)) || str_eq(a, b);
}

static struct json_list changes_of(const struct crm_map_list *map, const struct contact *before,
                                   const struct contact *after, bool exact, struct arena *arena)
{
    struct crm_change *changes = arena_array(arena, contact_field_count, sizeof *changes);
    size_t n = 0;
    for (size_t i = 0; i < contact_field_count; i++) {
        const struct contact_field *field = &contact_fields[i];
        const struct crm_map *row = crm_map_find(map, str_c(field->name));
        if (!row)
            continue;
        struct crm_change change = {.field = field};
        if (field->kind == CONTACT_FIELD_TEXT) {
            change.before = *(const struct str *)field_of(before, field);
            change.after = *(const struct str *)field_of(after, field);
        } else {
            change.values = value_changes(field, field_of(before, field), field_of(after, field), exact, arena);
            change.main = row->main ? main_moved(field, field_of(before, field), field_of(after, field), arena) : NULL;
        }
        if (change.values.n > 0 || change.main || !same_text(change.before, change.after))
            changes[n++] = change;
    }
    return (struct json_list){changes, n};
}

struct json_list crm_changes(const struct crm_map_list *map, const struct contact *before, const struct contact *after,
                             struct arena *arena)
{
    return changes_of(map, before, after, false, arena);
}

struct json_list crm_changes_back(const struct crm_map_list *map, const struct contact *before,
                                  const struct contact *after, struct arena *arena)
{
    return changes_of(map, before, after, true, arena);
}

static bool same_list(const struct contact_field *field, const struct json_list *a, const struct json_list *b,
                      struct arena *arena)
{
    struct side right = {b, arena_array(arena, b->n + 1, sizeof(bool))};
    if (a->n != b->n)
        return false;
    for (size_t i = 0; i < a->n; i++) {
        ptrdiff_t hit = find_free(field, &right, key_of(field, item(field, a, i), arena), arena);
        if (hit < 0)
            return false;
        right.used[hit] = true;
    }
    return true;
}

bool crm_map_same(const struct crm_map_list *map, const struct contact *a, const struct contact *b, struct arena *arena)
{
    for (size_t i = 0; i < contact_field_count; i++) {
        const struct contact_field *field = &contact_fields[i];
        const struct crm_map *row = crm_map_find(map, str_c(field->name));
        if (!row)
            continue;
        bool same = field->kind == CONTACT_FIELD_TEXT
                        ? same_text(*(const struct str *)field_of(a, field), *(const struct str *)field_of(b, field))
                        : same_list(field, field_of(a, field), field_of(b, field), arena);
        if (!same || (row->main && main_moved(field, field_of(a, field), field_of(b, field), arena)))
            return false;
    }
    return true;
}
