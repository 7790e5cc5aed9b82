/* Inside of the store: the erasure list, KEEP_DIR/ORG.ids, one line "KIND ID AT" each; ids only. */
#ifndef STORE_KEEP_LIST_H
#define STORE_KEEP_LIST_H

#include "base/err.h"
#include "base/id.h"
#include "base/json.h"

struct store_erased {
    char kind; /* 'c' contact, 's' scan, 'r' record, 'o' organisation */
    struct id id;
};
/* Appends n lines and flushes; nothing without a folder. ERR_DISK_FULL, ERR_INTERNAL. */
int store_erasures_note(const char *dir, const struct id *org, const struct store_erased *erased, size_t n,
                        struct err *err);
/* All of an organisation (struct store_erased); none when there is no file. ERR_INTERNAL. */
int store_erasures_read(const char *dir, const struct id *org, struct arena *arena, struct json_list *ret_erased,
                        struct err *err);
/* Organisations that have a list (struct id). */
int store_erasures_orgs(const char *dir, struct arena *arena, struct json_list *ret_orgs, struct err *err);

#endif
