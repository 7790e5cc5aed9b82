/* Field by field comparison; see diff.h. */
#include "contact/diff.h"

#include "contact/text.h"

const char *const contact_diff_words[] = {"equal", "conflict", "addition", "right", NULL};

static struct str url_key(struct str url, struct arena *arena)
{
    struct str s = str_trim(url);
    ptrdiff_t scheme = str_find(s, STR("://"), 0);
    if (scheme >= 0)
        s = str_slice(s, (size_t)scheme + 3, s.n);
    size_t host = 0;
    while (host < s.n && !strchr("/?#", s.p[host]))
        host++;
    /* The host has no case, the path has. */
    struct str key = str_printf(arena, "%.*s%.*s", STR_ARG(contact_text_lower(str_slice(s, 0, host), arena)),
                                STR_ARG(str_slice(s, host, s.n)));
    if (str_starts(key, STR("www.")))
        key = str_slice(key, 4, key.n);
    while (str_ends(key, STR("/")))
        key.n--;
    return key;
}

struct str contact_value_key(struct str field, struct str value, struct arena *arena)
{
    if (str_eq(field, STR("emails")))
        return contact_text_lower(str_trim(value), arena);
    if (str_eq(field, STR("phones")))
        return str_trim(value);
    if (str_eq(field, STR("urls")))
        return url_key(value, arena);
    return contact_text_squeeze(contact_text_nfc(value, arena), arena);
}

struct str contact_address_key(const struct contact_address *a, struct arena *arena)
{
    return str_printf(arena, "%.*s|%.*s|%.*s|%.*s", STR_ARG(contact_text_letters(a->street, arena)),
                      STR_ARG(contact_text_letters(a->postal_code, arena)),
                      STR_ARG(contact_text_letters(a->city, arena)), STR_ARG(contact_text_letters(a->country, arena)));
}

static const void *member(const struct contact *contact, const struct contact_field *field)
{
    return (const char *)contact + field->offset;
}

static struct str item_key(const struct contact_field *field, const struct json_list *list, size_t i,
                           struct arena *arena)
{
    if (field->kind == CONTACT_FIELD_ADDRESSES)
        return contact_address_key((const struct contact_address *)list->items + i, arena);
    return contact_value_key(str_c(field->name), ((const struct contact_value *)list->items)[i].value, arena);
}

static struct contact_diff_item *find(struct contact_diff_item *items, size_t n, struct str key)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(items[i].key, key))
            return &items[i];
    return NULL;
}

/* Union of both lists; a value repeated within one side stands once. */
static size_t unite(const struct contact_field *field, const struct json_list *left, const struct json_list *right,
                    struct arena *arena, struct contact_diff_item *items)
{
    size_t n = 0;
    for (size_t i = 0; i < left->n; i++) {
        struct str key = item_key(field, left, i, arena);
        if (!find(items, n, key))
            items[n++] = (struct contact_diff_item){key, (int)i, -1};
    }
    for (size_t i = 0; i < right->n; i++) {
        struct str key = item_key(field, right, i, arena);
        struct contact_diff_item *item = find(items, n, key);
        if (!item)
            items[n++] = (struct contact_diff_item){key, -1, (int)i};
        else if (item->right < 0)
            item->right = (int)i;
    }
    return n;
}

static bool diff_list(const struct contact_field *field, const struct json_list *left, const struct json_list *right,
                      struct arena *arena, struct contact_diff_row *ret_row)
{
    struct contact_diff_item *items = arena_array(arena, left->n + right->n, sizeof *items);
    size_t n = unite(field, left, right, arena, items);
    bool only_left = false, only_right = false;
    for (size_t i = 0; i < n; i++) {
        only_left = only_left || items[i].right < 0;
        only_right = only_right || items[i].left < 0;
    }
    enum contact_diff_state state = CONTACT_DIFF_EQUAL;
    if (only_left)
        state = only_right ? CONTACT_DIFF_CONFLICT : CONTACT_DIFF_ADDITION;
    else if (only_right)
        state = CONTACT_DIFF_RIGHT;
    *ret_row = (struct contact_diff_row){field, state, {n ? items : NULL, n}};
    return n > 0;
}

static bool diff_text(const struct contact_field *field, struct str left, struct str right, struct arena *arena,
                      struct contact_diff_row *ret_row)
{
    struct str name = str_c(field->name);
    enum contact_diff_state state = CONTACT_DIFF_CONFLICT;
    if (str_empty(left) && str_empty(right))
        return false;
    if (str_empty(right))
        state = CONTACT_DIFF_ADDITION;
    else if (str_empty(left))
        state = CONTACT_DIFF_RIGHT;
    else if (str_eq(contact_value_key(name, left, arena), contact_value_key(name, right, arena)))
        state = CONTACT_DIFF_EQUAL;
    *ret_row = (struct contact_diff_row){field, state, {NULL, 0}};
    return true;
}

size_t contact_diff(const struct contact *left, const struct contact *right, struct arena *arena,
                    struct contact_diff_row **ret_rows)
{
    struct contact_diff_row *rows = arena_array(arena, contact_field_count, sizeof *rows);
    size_t n = 0;
    for (size_t i = 0; i < contact_field_count; i++) {
        const struct contact_field *field = &contact_fields[i];
        const void *l = member(left, field), *r = member(right, field);
        bool any = false;
        if (field->kind == CONTACT_FIELD_TEXT)
            any = diff_text(field, *(const struct str *)l, *(const struct str *)r, arena, &rows[n]);
        else
            any = diff_list(field, l, r, arena, &rows[n]);
        n += any;
    }
    *ret_rows = rows;
    return n;
}
