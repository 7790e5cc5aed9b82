/* File drop: the table's entry for a CRM that no program may write to. The records are kept by the lent book, as those
 * of the built-in address book are; the book also keeps what has to go into the next file. What a row of the file has
 * no column for is told. Taking back works until the file with it is fetched. */
#include "crm-connectors/file_drop/file_drop.h"

#include "crm-connectors/address_book.h"
#include "crm-connectors/file_drop/table.h"

static int drop_create(struct crm_lent *lent, struct str marker, const struct contact *contact, struct arena *arena,
                       struct crm_result *ret, struct err *err)
{
    if (crm_book_create(lent, marker, contact, arena, ret, err) < 0)
        return -1;
    if (ret->outcome == CRM_CREATED)
        ret->left = crm_drop_left(contact, arena);
    return 0;
}

static int drop_update(struct crm_lent *lent, const struct crm_update *update, struct arena *arena,
                       struct crm_result *ret, struct err *err)
{
    if (crm_book_update(lent, update, arena, ret, err) < 0)
        return -1;
    if (ret->outcome == CRM_UPDATED)
        ret->left = crm_drop_left(update->after, arena);
    return 0;
}

const struct crm_connector crm_file_drop = {
    .kind = CRM_FILE_DROP_KIND,
    .name = "CSV / vCard",
    .map = {crm_drop_map, CRM_DROP_FIELDS},
    .reversal = {[CRM_ACTION_CREATE] = {CRM_PARTLY, "reversal.create.until_fetched"},
                 [CRM_ACTION_UPDATE] = {CRM_PARTLY, "reversal.update.next_file"},
                 [CRM_ACTION_MERGE] = {CRM_NOT, "reversal.merge.none"}},
    .conditional = true,
    .marker = true,
    .test = crm_book_test,
    .find_exact = crm_book_find_exact,
    .search = crm_book_search,
    .get = crm_book_get,
    .find_marker = crm_book_find_marker,
    .create = drop_create,
    .update = drop_update,
    .remove = crm_book_remove,
    .changes = crm_book_changes,
};
