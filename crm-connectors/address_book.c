/* The built-in address book: the table's entry over the functions that flow lends (struct crm_book). No network, so its
 * outcomes are only those of our own store. File drop stands on the same functions. */
#include "crm-connectors/address_book.h"

#include "crm-connectors/fault.h"

static void result_one(struct arena *arena, enum crm_outcome outcome, const struct crm_record *record,
                       struct crm_result *ret)
{
    crm_result_records(record, 1, arena, ret);
    ret->outcome = outcome;
}

/* What the book's refusals mean; -1 with the error for everything else. */
static int refusal(const struct err *failure, struct arena *arena, struct crm_result *ret, struct err *err)
{
    if (failure->code == ERR_CRM_REFUSED) {
        *ret = (struct crm_result){.outcome = CRM_REJECTED, .not_sent = true};
        ret->sentence = str_dup(arena, str_c(failure->param));
        return 0;
    }
    if (failure->code != ERR_NOT_FOUND && failure->code != ERR_STALE) {
        *err = *failure;
        return -1;
    }
    *ret = (struct crm_result){.outcome = failure->code == ERR_STALE ? CRM_CONFLICT : CRM_GONE, .not_sent = true};
    return 0;
}

static int result_list(int rc, const struct json_list *list, struct arena *arena, struct crm_result *ret)
{
    if (rc == 0)
        crm_result_records(list->items, list->n, arena, ret);
    return rc;
}

int crm_book_test(struct crm_lent *lent, struct arena *arena _unused_, struct crm_result *ret, struct err *err)
{
    if (!lent->book)
        return err_set(err, ERR_INVALID, "the address book");
    *ret = (struct crm_result){.outcome = CRM_FOUND, .not_sent = true};
    return 0;
}

int crm_book_find_exact(struct crm_lent *lent, const struct contact *probe, struct arena *arena, struct crm_result *ret,
                        struct err *err)
{
    struct json_list list = {0};
    return result_list(lent->book->find(lent->book->self, probe, arena, &list, err), &list, arena, ret);
}

int crm_book_search(struct crm_lent *lent, struct str text, struct arena *arena, struct crm_result *ret,
                    struct err *err)
{
    struct json_list list = {0};
    return result_list(lent->book->search(lent->book->self, text, arena, &list, err), &list, arena, ret);
}

int crm_book_find_marker(struct crm_lent *lent, struct str marker, struct arena *arena, struct crm_result *ret,
                         struct err *err)
{
    struct json_list list = {0};
    return result_list(lent->book->find_marker(lent->book->self, marker, arena, &list, err), &list, arena, ret);
}

int crm_book_get(struct crm_lent *lent, struct str remote_id, struct arena *arena, struct crm_result *ret,
                 struct err *err)
{
    struct crm_record record;
    struct err failure = {0};
    if (lent->book->get(lent->book->self, remote_id, arena, &record, &failure) < 0)
        return refusal(&failure, arena, ret, err);
    result_one(arena, CRM_FOUND, &record, ret);
    return 0;
}

int crm_book_create(struct crm_lent *lent, struct str marker, const struct contact *contact, struct arena *arena,
                    struct crm_result *ret, struct err *err)
{
    struct crm_record record;
    if (lent->book->create(lent->book->self, marker, contact, arena, &record, err) < 0)
        return -1;
    result_one(arena, CRM_CREATED, &record, ret);
    return 0;
}

int crm_book_update(struct crm_lent *lent, const struct crm_update *update, struct arena *arena, struct crm_result *ret,
                    struct err *err)
{
    const struct crm_record seen = {
        .remote_id = update->remote_id, .version = update->version, .contact = *update->before};
    struct crm_record record;
    struct err failure = {0};
    if (lent->book->update(lent->book->self, &seen, update->after, arena, &record, &failure) < 0)
        return refusal(&failure, arena, ret, err);
    result_one(arena, CRM_UPDATED, &record, ret);
    return 0;
}

int crm_book_remove(struct crm_lent *lent, const struct crm_update *update, struct arena *arena, struct crm_result *ret,
                    struct err *err)
{
    const struct crm_record seen = {.remote_id = update->remote_id, .version = update->version};
    struct err failure = {0};
    if (lent->book->remove(lent->book->self, &seen, &failure) < 0)
        return refusal(&failure, arena, ret, err);
    *ret = (struct crm_result){.outcome = CRM_UPDATED};
    return 0;
}

int crm_book_changes(struct crm_lent *lent, struct str cursor, struct arena *arena, struct crm_page *ret,
                     struct err *err)
{
    return lent->book->changes(lent->book->self, cursor, arena, ret, err);
}

/* It keeps everything we know, in our order. */
static const struct crm_map map[] = {
#define X(member, what, many) {#member, #member, CONTACT_FIELD_##what == CONTACT_FIELD_VALUES},
#include "contact/fields.def"
#undef X
};

const struct crm_connector crm_address_book = {
    .kind = "address_book",
    .name = "Kartei",
    .map = {map, ARRAY_LEN(map)},
    .reversal = {[CRM_ACTION_CREATE] = {CRM_REVERSIBLE, "reversal.create.deleted"},
                 [CRM_ACTION_UPDATE] = {CRM_REVERSIBLE, "reversal.update.restored"},
                 [CRM_ACTION_MERGE] = {CRM_NOT, "reversal.merge.none"}},
    .conditional = true,
    .marker = true,
    .test = crm_book_test,
    .find_exact = crm_book_find_exact,
    .search = crm_book_search,
    .get = crm_book_get,
    .find_marker = crm_book_find_marker,
    .create = crm_book_create,
    .update = crm_book_update,
    .remove = crm_book_remove,
    .changes = crm_book_changes,
};
