/* See subject.h. */
#include "store/keep/subject.h"

#include "base/limits.h"
#include "store/core/tx.h"

static const char subject_column[] = "subject_requests.subject", reference_column[] = "subject_requests.reference",
                  certificate_column[] = "subject_requests.certificate";

int store_subject_request_add(struct store_tx *tx, const struct store_subject_request *request, struct id *ret_id,
                              struct err *err)
{
    struct id id = id_new();
    const struct store_place subject_at = {subject_column, &id}, reference_at = {reference_column, &id};
    struct str subject, reference;
    if (store_run(tx, SQL_NUMBERS_LOCK, ARGS_NONE, NULL, err) < 0 ||
        store_seal(tx, subject_at, request->subject, tx->arena, &subject, err) < 0 ||
        store_seal(tx, reference_at, request->reference, tx->arena, &reference, err) < 0 ||
        store_run_one(
            tx, SQL_SUBJECT_REQUEST_ADD,
            ARGS(ARG_ID(&id), ARG_STR(request->kind), ARG_STR(subject), ARG_STR(reference), ARG_ID(&request->user)),
            NULL, err) < 0)
        return -1;
    *ret_id = id;
    return 0;
}

static int request_read(struct store_tx *tx, const struct store_rows *rows, int row, struct arena *arena,
                        struct store_subject_request *ret_request, struct err *err)
{
    struct store_subject_request request = {.id = store_row_id(rows, row, 0),
                                            .number = store_row_int(rows, row, 1),
                                            .kind = store_row_str(rows, row, 2, arena),
                                            .user = store_row_id(rows, row, 5),
                                            .created_at = store_row_int(rows, row, 6),
                                            .due_at = store_row_int(rows, row, 7),
                                            .done_at = store_row_int(rows, row, 8),
                                            .done_by = store_row_id(rows, row, 9)};
    if (store_unseal(tx, (struct store_place){subject_column, &request.id}, store_row_view(rows, row, 3), arena,
                     &request.subject, err) < 0 ||
        store_unseal(tx, (struct store_place){reference_column, &request.id}, store_row_view(rows, row, 4), arena,
                     &request.reference, err) < 0 ||
        store_unseal(tx, (struct store_place){certificate_column, &request.id}, store_row_view(rows, row, 10), arena,
                     &request.certificate, err) < 0)
        return -1;
    *ret_request = request;
    return 0;
}

int store_subject_request_get(struct store_tx *tx, const struct id *id, struct arena *arena,
                              struct store_subject_request *ret_request, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_one(tx, SQL_SUBJECT_REQUEST_GET, ARGS(ARG_ID(id)), &rows, err) < 0)
        return -1;
    return request_read(tx, rows, 0, arena, ret_request, err);
}

int store_subject_request_list(struct store_tx *tx, const struct store_page *page, struct arena *arena,
                               struct json_list *ret_requests, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_SUBJECT_REQUEST_LIST, ARGS(ARG_ID(&page->before), ARG_INT(page->limit)), &rows, err) < 0)
        return -1;
    int n = store_rows_count(rows);
    struct store_subject_request *requests = arena_array(arena, (size_t)n, sizeof *requests);
    for (int i = 0; i < n; i++)
        if (request_read(tx, rows, i, arena, &requests[i], err) < 0)
            return -1;
    *ret_requests = (struct json_list){requests, (size_t)n};
    return 0;
}

int store_subject_request_done(struct store_tx *tx, const struct id *id, const struct id *by, struct str certificate,
                               struct err *err)
{
    struct str sealed;
    if (store_seal(tx, (struct store_place){certificate_column, id}, certificate, tx->arena, &sealed, err) < 0)
        return -1;
    if (store_run_one(tx, SQL_SUBJECT_REQUEST_DONE, ARGS(ARG_ID(id), ARG_ID(by), ARG_STR(sealed)), NULL, err) < 0)
        return err->code == ERR_NOT_FOUND ? err_set(err, ERR_CONFLICT, "%s", "it was done before") : -1;
    return 0;
}

int store_subjects_without_keys(struct store_tx *tx, enum store_subject kind, int most, struct arena *arena,
                                struct json_list *ret_ids, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    enum store_sql sql = kind == STORE_CONTACT ? SQL_SUBJECT_CONTACTS_WITHOUT_KEYS : SQL_SUBJECT_RECORDS_WITHOUT_KEYS;
    if (store_run(tx, sql, ARGS(ARG_INT(most)), &rows, err) < 0)
        return -1;
    int n = store_rows_count(rows);
    struct id *ids = arena_array(arena, (size_t)n, sizeof *ids);
    for (int i = 0; i < n; i++)
        ids[i] = store_row_id(rows, i, 0);
    *ret_ids = (struct json_list){ids, (size_t)n};
    return 0;
}

int store_subject_writes(struct store_tx *tx, const struct store_subject_rows *rows, int64_t *ret_all,
                         int64_t *ret_open, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *found = NULL;
    if (store_run_one(tx, SQL_SUBJECT_WRITES,
                      ARGS(ARG_IDS(rows->contacts, rows->contact_count), ARG_IDS(rows->records, rows->record_count)),
                      &found, err) < 0)
        return -1;
    *ret_all = store_row_int(found, 0, 0);
    *ret_open = store_row_int(found, 0, 1);
    return 0;
}

int store_subject_photos(struct store_tx *tx, const struct id *contacts, size_t n, struct arena *arena,
                         struct json_list *ret_photos, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_SUBJECT_PHOTOS, ARGS(ARG_IDS(contacts, n)), &rows, err) < 0)
        return -1;
    int count = store_rows_count(rows);
    struct store_subject_photo *photos = arena_array(arena, (size_t)count, sizeof *photos);
    for (int i = 0; i < count; i++)
        photos[i] = (struct store_subject_photo){store_row_id(rows, i, 0), store_row_int(rows, i, 1),
                                                 store_row_int(rows, i, 2)};
    *ret_photos = (struct json_list){photos, (size_t)count};
    return 0;
}
