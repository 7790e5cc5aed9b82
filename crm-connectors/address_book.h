/* The built-in address book: where records live that no CRM keeps. */
#ifndef CRM_CONNECTORS_ADDRESS_BOOK_H
#define CRM_CONNECTORS_ADDRESS_BOOK_H

#include "crm-connectors/connector.h"

extern const struct crm_connector crm_address_book;

/* The table's functions over lent->book, for other entries that keep their records with us, too. remove() is refused
 * (CRM_REJECTED) where the book says ERR_CRM_REFUSED. */
int crm_book_test(struct crm_lent *lent, struct arena *arena, struct crm_result *ret, struct err *err);
int crm_book_find_exact(struct crm_lent *lent, const struct contact *probe, struct arena *arena, struct crm_result *ret,
                        struct err *err);
int crm_book_search(struct crm_lent *lent, struct str text, struct arena *arena, struct crm_result *ret,
                    struct err *err);
int crm_book_get(struct crm_lent *lent, struct str remote_id, struct arena *arena, struct crm_result *ret,
                 struct err *err);
int crm_book_find_marker(struct crm_lent *lent, struct str marker, struct arena *arena, struct crm_result *ret,
                         struct err *err);
int crm_book_create(struct crm_lent *lent, struct str marker, const struct contact *contact, struct arena *arena,
                    struct crm_result *ret, struct err *err);
int crm_book_update(struct crm_lent *lent, const struct crm_update *update, struct arena *arena, struct crm_result *ret,
                    struct err *err);
int crm_book_remove(struct crm_lent *lent, const struct crm_update *update, struct arena *arena, struct crm_result *ret,
                    struct err *err);
int crm_book_changes(struct crm_lent *lent, struct str cursor, struct arena *arena, struct crm_page *ret,
                     struct err *err);

#endif
