/* Which of our fields a CRM has a place for, and what has to change there: pure, no network. */
#ifndef CRM_CONNECTORS_MAP_H
#define CRM_CONNECTORS_MAP_H

#include "contact/contact.h"

/* One row: our field and its place there. */
struct crm_map {
    const char *field;  /* name in fields.def */
    const char *remote; /* their name, for people and for the connector */
    bool main;          /* one of its values is the main one there: the first of ours */
};

struct crm_map_list {
    const struct crm_map *rows;
    size_t n;
};

/* Row of a field, or NULL: the CRM has no place for it. */
const struct crm_map *crm_map_find(const struct crm_map_list *map, struct str field);
/* The contact with only the mapped fields (a view: texts and lists are shared). */
struct contact crm_map_only(const struct crm_map_list *map, const struct contact *contact);

/* One value of a list that changes: added (before NULL), removed (after NULL) or replaced in place. */
struct crm_value_change {
    const void *before, *after; /* struct contact_value or struct contact_address */
};

/* One field that changes. */
struct crm_change {
    const struct contact_field *field;
    struct str before, after; /* CONTACT_FIELD_TEXT; absent = nothing there / to be emptied */
    struct json_list values;  /* otherwise: struct crm_value_change */
    const void *main;         /* struct contact_value that becomes the main one; NULL = the one that is stays it */
};

/* Struct crm_change for each mapped field in which `after` differs from `before`; empty when nothing does. A removed
 * and an added value of the same kind (phones, e-mails) or any two addresses make one replacement, so that what the CRM
 * knows besides stays with the row. */
struct json_list crm_changes(const struct crm_map_list *map, const struct contact *before, const struct contact *after,
                             struct arena *arena);
/* The same for the way back: a value that had no kind loses the one it got. */
struct json_list crm_changes_back(const struct crm_map_list *map, const struct contact *before,
                                  const struct contact *after, struct arena *arena);
/* True when both say the same in every mapped field (kinds and raw forms apart), also which value is the main one. */
bool crm_map_same(const struct crm_map_list *map, const struct contact *a, const struct contact *b,
                  struct arena *arena);

#endif
