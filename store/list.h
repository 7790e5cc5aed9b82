/* Lists: folders of contacts with an owner, editors and readers. */
#ifndef STORE_LIST_H
#define STORE_LIST_H

#include "store/store.h"

struct store_list {
    struct id id, owner;
    struct str name; /* sealed at rest */
    int64_t version, created_at;
    int64_t contacts;         /* living contacts in it */
    struct json_list members; /* struct store_list_member */
};

struct store_list_member {
    struct id user;
    struct str role; /* "editor" | "reader" */
};

int store_list_add(struct store_tx *tx, const struct id *owner, struct str name, struct id *ret_id, struct err *err);
int store_list_get(struct store_tx *tx, const struct id *id, struct arena *arena, struct store_list *ret_list,
                   struct err *err);
/* Lists that `user` owns or is a member of; all lists for NULL. At most 1000, oldest first. */
int store_list_all(struct store_tx *tx, const struct id *user, struct arena *arena, struct json_list *ret_lists,
                   struct err *err);
/* The list new things of this user go to: the oldest that it owns; made with `name` when there is none. */
int store_list_default(struct store_tx *tx, const struct id *user, struct str name, struct id *ret_id, struct err *err);
/* Writes name and members over list->version. ERR_STALE, ERR_NOT_FOUND. */
int store_list_save(struct store_tx *tx, const struct store_list *list, struct err *err);
/* Deletes an empty list. ERR_STALE, ERR_NOT_FOUND; ERR_CONFLICT when contacts or scans (deleted ones too) are in it. */
int store_list_delete(struct store_tx *tx, const struct id *id, int64_t version, struct err *err);

#endif
