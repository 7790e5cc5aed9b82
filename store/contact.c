/* See contact.h. */
#include "store/contact.h"

#include "base/limits.h"
#include "store/core/tx.h"
#include "store/match/index.h"

static const char contact_column[] = "contacts.contact", reading_column[] = "contacts.reading",
                  version_column[] = "contact_versions.contact";

/* The sealed columns of a contact. */
struct sealed {
    struct str contact, reading;
};

static int contact_seal(struct store_tx *tx, const struct store_contact *contact, const struct id *id,
                        struct arena *arena, struct sealed *ret_sealed, struct err *err)
{
    struct str json = json_write(&contact_shape, &contact->contact, arena);
    if (store_seal(tx, (struct store_place){contact_column, id}, json, arena, &ret_sealed->contact, err) < 0)
        return -1;
    return store_seal(tx, (struct store_place){reading_column, id}, contact->reading, arena, &ret_sealed->reading, err);
}

static int contact_unseal(struct store_tx *tx, struct store_place place, struct str sealed, struct arena *arena,
                          struct contact *ret_contact, struct err *err)
{
    struct str json;
    if (store_unseal(tx, place, sealed, arena, &json, err) < 0)
        return -1;
    return json_read(&contact_shape, json, arena, ret_contact, err);
}

int store_contact_add(struct store_tx *tx, const struct store_contact *contact, struct id *ret_id, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct id id = id_new();
    struct sealed sealed;
    if (contact_seal(tx, contact, &id, arena, &sealed, err) < 0)
        return -1;
    if (store_run(tx, SQL_CONTACT_ADD,
                  ARGS(ARG_ID(&id), ARG_ID(&contact->list), ARG_ID(&contact->owner), ARG_ID(&contact->scan),
                       ARG_INT(contact->card), ARG_STR(contact->state), ARG_STR(sealed.contact),
                       ARG_STR(sealed.reading), ARG_ID(&contact->mailbox), ARG_ID(&contact->fair.id)),
                  NULL, err) < 0)
        return -1;
    *ret_id = id;
    return 0;
}

static int contact_read(struct store_tx *tx, const struct store_rows *rows, int row, struct arena *arena,
                        struct store_contact *ret_contact, struct err *err)
{
    struct store_contact contact = {
        .id = store_row_id(rows, row, 0),
        .list = store_row_id(rows, row, 1),
        .owner = store_row_id(rows, row, 2),
        .scan = store_row_id(rows, row, 3),
        .card = store_row_int(rows, row, 4),
        .state = store_row_str(rows, row, 5, arena),
        .version = store_row_int(rows, row, 6),
        .created_at = store_row_int(rows, row, 7),
        .updated_at = store_row_int(rows, row, 8),
        .deleted_at = store_row_int(rows, row, 9),
        .mailbox = store_row_id(rows, row, 12),
        .suggested_at = store_row_int(rows, row, 13),
        .checked_at = store_row_int(rows, row, 18),
        .back = store_row_bool(rows, row, 19),
        .fair = {.id = store_row_id(rows, row, 14), .legal_basis = store_row_str(rows, row, 17, arena)},
    };
    const struct id *fair = &contact.fair.id;
    if (contact_unseal(tx, (struct store_place){contact_column, &contact.id}, store_row_view(rows, row, 10), arena,
                       &contact.contact, err) < 0 ||
        store_unseal(tx, (struct store_place){reading_column, &contact.id}, store_row_view(rows, row, 11), arena,
                     &contact.reading, err) < 0 ||
        store_unseal(tx, (struct store_place){"fairs.name", fair}, store_row_view(rows, row, 15), arena,
                     &contact.fair.name, err) < 0 ||
        store_unseal(tx, (struct store_place){"fairs.tag", fair}, store_row_view(rows, row, 16), arena,
                     &contact.fair.tag, err) < 0)
        return -1;
    *ret_contact = contact;
    return 0;
}

int store_contact_get(struct store_tx *tx, const struct id *id, struct arena *arena, struct store_contact *ret_contact,
                      struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_one(tx, SQL_CONTACT_GET, ARGS(ARG_ID(id)), &rows, err) < 0)
        return -1;
    return contact_read(tx, rows, 0, arena, ret_contact, err);
}

/* Why a contact could not be saved: deleted ones are not there for that. */
static int contact_not_saved(struct store_tx *tx, const struct id *id, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_one(tx, SQL_CONTACT_VERSION, ARGS(ARG_ID(id)), &rows, err) < 0)
        return -1;
    return err_set(err, store_row_bool(rows, 0, 1) ? ERR_NOT_FOUND : ERR_STALE, "%s", "");
}

/* The state so far becomes a version, sealed as such: it cannot be taken for another. ERR_NOT_FOUND: it is not the
 * version that the caller saw. */
static int contact_keep(struct store_tx *tx, const struct store_contact *contact, const struct id *by,
                        struct arena *arena, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    struct id version = id_new();
    struct str plain, sealed;
    if (store_run_one(tx, SQL_CONTACT_VERSION_LOCK, ARGS(ARG_ID(&contact->id), ARG_INT(contact->version)), &rows, err) <
            0 ||
        store_unseal(tx, (struct store_place){contact_column, &contact->id}, store_row_view(rows, 0, 0), arena, &plain,
                     err) < 0 ||
        store_seal(tx, (struct store_place){version_column, &version}, plain, arena, &sealed, err) < 0)
        return -1;
    return store_run(
        tx, SQL_CONTACT_VERSION_ADD,
        ARGS(ARG_ID(&contact->id), ARG_INT(contact->version), ARG_ID(&version), ARG_STR(sealed), ARG_ID(by)), NULL,
        err);
}

int store_contact_save(struct store_tx *tx, const struct store_contact *contact, const struct id *by,
                       int64_t *ret_version, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    struct sealed sealed;
    if (contact_seal(tx, contact, &contact->id, arena, &sealed, err) < 0)
        return -1;
    if (contact_keep(tx, contact, by, arena, err) < 0)
        return err->code == ERR_NOT_FOUND ? contact_not_saved(tx, &contact->id, err) : -1;
    if (store_run_one(tx, SQL_CONTACT_SAVE,
                      ARGS(ARG_ID(&contact->id), ARG_INT(contact->version), ARG_STR(sealed.contact),
                           ARG_ID(&contact->list), ARG_STR(sealed.reading), ARG_BOOL(by != NULL)),
                      &rows, err) < 0)
        return -1;
    *ret_version = store_row_int(rows, 0, 0);
    return 0;
}

int store_contact_move(struct store_tx *tx, const struct id *id, int64_t version, const char *from, const char *to,
                       struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_one(tx, SQL_CONTACT_MOVE, ARGS(ARG_ID(id), ARG_INT(version), ARG_C(from), ARG_C(to)), NULL, err) == 0)
        return 0;
    if (err->code != ERR_NOT_FOUND || store_run_one(tx, SQL_CONTACT_VERSION, ARGS(ARG_ID(id)), &rows, err) < 0)
        return -1;
    if (store_row_bool(rows, 0, 1))
        return err_set(err, ERR_NOT_FOUND, "%s", "");
    if (from && !str_eq(store_row_view(rows, 0, 2), str_c(from)))
        return err_set(err, ERR_CONFLICT, "it is not in state %s", from);
    return err_set(err, ERR_STALE, "%s", "");
}

int store_contact_check(struct store_tx *tx, const struct id *id, int64_t version, bool checked, struct err *err)
{
    if (store_run_one(tx, SQL_CONTACT_CHECK, ARGS(ARG_ID(id), ARG_INT(version), ARG_BOOL(checked)), NULL, err) == 0)
        return 0;
    return err->code == ERR_NOT_FOUND ? contact_not_saved(tx, id, err) : -1;
}

int store_contact_delete(struct store_tx *tx, const struct id *id, int64_t version, struct err *err)
{
    if (store_run_one(tx, SQL_CONTACT_DELETE, ARGS(ARG_ID(id), ARG_INT(version)), NULL, err) < 0)
        return err->code == ERR_NOT_FOUND ? store_not_deleted(tx, SQL_CONTACT_VERSION, id, true, err) : -1;
    return 0;
}

int store_contact_restore(struct store_tx *tx, const struct id *id, int64_t version, struct err *err)
{
    if (store_run_one(tx, SQL_CONTACT_RESTORE, ARGS(ARG_ID(id), ARG_INT(version)), NULL, err) < 0)
        return err->code == ERR_NOT_FOUND ? store_not_deleted(tx, SQL_CONTACT_VERSION, id, false, err) : -1;
    return 0;
}

int store_contact_versions(struct store_tx *tx, const struct id *id, struct arena *arena,
                           struct json_list *ret_versions, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_CONTACT_VERSIONS, ARGS(ARG_ID(id)), &rows, err) < 0)
        return -1;
    int n = store_rows_count(rows);
    struct store_contact_version *versions = arena_array(arena, (size_t)n, sizeof *versions);
    for (int i = 0; i < n; i++) {
        versions[i].version = store_row_int(rows, i, 0);
        versions[i].saved_at = store_row_int(rows, i, 1);
        versions[i].saved_by = store_row_id(rows, i, 2);
        struct id row = store_row_id(rows, i, 4);
        struct store_place place = {version_column, &row};
        if (contact_unseal(tx, place, store_row_view(rows, i, 3), arena, &versions[i].contact, err) < 0)
            return -1;
    }
    *ret_versions = (struct json_list){versions, (size_t)n};
    return 0;
}

int store_contact_list(struct store_tx *tx, const struct store_contact_filter *filter, const struct store_page *page,
                       struct arena *arena, struct json_list *ret_contacts, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    struct json_list having = {NULL, 0};
    if (filter->keys && store_match_keys_all(tx, &(struct store_having){STORE_CONTACT, filter->keys, filter->key_count},
                                             arena, &having, err) < 0)
        return -1;
    const struct store_arg args[] = {
        ARG_ID(filter->user),      ARG_ID(filter->list),  ARG_STR(filter->state),
        ARG_BOOL(filter->deleted), ARG_ID(&page->before), ARG_INT(page->limit),
        ARG_ID(filter->viewer),    ARG_ID(filter->fair),  ARG_IDS(having.items, having.n),
    };
    size_t argc = filter->keys ? ARRAY_LEN(args) : ARRAY_LEN(args) - 1;
    if (store_run(tx, filter->keys ? SQL_CONTACT_SEARCH : SQL_CONTACT_LIST, args, argc, &rows, err) < 0)
        return -1;
    int n = store_rows_count(rows);
    struct store_contact *contacts = arena_array(arena, (size_t)n, sizeof *contacts);
    for (int i = 0; i < n; i++)
        if (contact_read(tx, rows, i, arena, &contacts[i], err) < 0)
            return -1;
    *ret_contacts = (struct json_list){contacts, (size_t)n};
    return 0;
}

int store_contact_count(struct store_tx *tx, int64_t *ret_n, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_CONTACT_COUNT, ARGS_NONE, &rows, err) < 0)
        return -1;
    *ret_n = store_row_int(rows, 0, 0);
    return 0;
}

int store_suggestion_delete(struct store_tx *tx, const struct id *id, int64_t version, struct err *err)
{
    if (store_run_one(tx, SQL_SUGGESTION_DELETE, ARGS(ARG_ID(id), ARG_INT(version)), NULL, err) < 0)
        return err->code == ERR_NOT_FOUND ? store_stale(tx, SQL_CONTACT_VERSION, id, err) : -1;
    return store_match_keys_set(tx, STORE_CONTACT, id, NULL, 0, err);
}

int store_suggestions_expire(struct store_tx *tx, int64_t age_ms, int64_t *ret_n, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_SUGGESTION_OLD, ARGS(ARG_INT(age_ms)), &rows, err) < 0)
        return -1;
    int n = store_rows_count(rows);
    for (int i = 0; i < n; i++) {
        const struct id id = store_row_id(rows, i, 0);
        if (store_suggestion_delete(tx, &id, store_row_int(rows, i, 1), err) < 0)
            return -1;
    }
    *ret_n = n;
    return 0;
}
