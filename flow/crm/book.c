/* The built-in address book on the store's records, and the mirror's upkeep; see book.h. */
#include "flow/crm/book.h"

#include "base/limits.h"
#include "contact/diff.h"
#include "crm-connectors/file_drop/file_drop.h"
#include "dedupe/dedupe.h"
#include "store/connection.h"
#include "store/crm/export.h"
#include "store/match/index.h"
#include "store/record.h"

enum { COMMON_KEY = 500, MOST_FOUND = 50 };

static const char *const kind_words[] = {[CRM_PERSON] = "person", [CRM_COMPANY] = "company", [CRM_LEAD] = "lead"};

/* Texts of the keys that have one of the bits `with` and none of `without`. */
static size_t texts_of(const struct dedupe_keys *keys, unsigned with, unsigned without, struct str *ret_texts)
{
    size_t n = 0;
    for (size_t i = 0; i < keys->n; i++)
        if (keys->key[i].use & with && !(keys->key[i].use & without))
            ret_texts[n++] = keys->key[i].text;
    return n;
}

int flow_key_hashes(struct store_tx *tx, const struct contact *contact, unsigned use, int64_t *ret_hashes,
                    size_t *ret_n, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct dedupe_keys keys;
    struct str texts[DEDUPE_KEYS_MAX];
    dedupe_keys(dedupe_prepare(contact, arena), arena, &keys);
    size_t n = texts_of(&keys, use, 0, texts);
    if (n && store_match_keys(tx, texts, n, ret_hashes, err) < 0)
        return -1;
    *ret_n = n;
    return 0;
}

int flow_keys_of(struct store_tx *tx, const struct contact *contact, struct flow_keys *ret_keys, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct dedupe_keys keys;
    struct str texts[DEDUPE_KEYS_MAX];
    dedupe_keys(dedupe_prepare(contact, arena), arena, &keys);
    ret_keys->matching = texts_of(&keys, DEDUPE_FOR_MATCH, 0, texts);
    ret_keys->n = ret_keys->matching + texts_of(&keys, DEDUPE_FOR_SEARCH, DEDUPE_FOR_MATCH, texts + ret_keys->matching);
    return ret_keys->n ? store_match_keys(tx, texts, ret_keys->n, ret_keys->hash, err) : 0;
}

struct store_record flow_mirror_row(const struct id *connection, const struct crm_record *record)
{
    return (struct store_record){.connection = *connection,
                                 .remote_id = record->remote_id,
                                 .kind = str_c(kind_words[record->kind]),
                                 .remote_version = record->version,
                                 .contact = record->contact,
                                 .custody = record->custody};
}

int flow_mirror_put(struct store_tx *tx, const struct id *connection, const struct crm_record *record,
                    struct id *ret_id, struct err *err)
{
    struct store_record row = flow_mirror_row(connection, record);
    struct flow_keys keys;
    bool fresh;
    if (store_record_put(tx, &row, ret_id, &fresh, err) < 0 || flow_keys_of(tx, &record->contact, &keys, err) < 0)
        return -1;
    return store_match_keys_set(tx, STORE_RECORD, ret_id, keys.hash, keys.n, err);
}

bool flow_book_keeps(struct str kind)
{
    return str_eq(kind, STR(FLOW_BOOK_KIND)) || str_eq(kind, STR(CRM_FILE_DROP_KIND));
}

static struct crm_record book_record(const struct store_record *row)
{
    struct crm_record record = {
        .remote_id = row->remote_id, .version = row->remote_version, .kind = CRM_PERSON, .contact = row->contact};
    for (size_t i = 0; i < ARRAY_LEN(kind_words); i++)
        if (str_eq(row->kind, str_c(kind_words[i])))
            record.kind = (enum crm_kind)i;
    return record;
}

static int book_begin(struct flow_book *book, struct store_tx **ret_tx, struct err *err)
{
    return store_begin(book->store, &book->org, ret_tx, err);
}

/* Writers of one book go one by one: noting the cursor locks the connection's row until the end of the transaction. */
static int book_begin_writing(struct flow_book *book, struct store_tx **ret_tx, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    if (book_begin(book, &tx, err) < 0 || store_connection_cursor(tx, &book->connection, STR_NONE, true, err) < 0)
        return -1;
    *ret_tx = take(tx);
    return 0;
}

static int book_get(void *self, struct str id, struct arena *arena, struct crm_record *ret, struct err *err)
{
    struct flow_book *book = self;
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_record row;
    if (book_begin(book, &tx, err) < 0 || store_record_find(tx, &book->connection, id, arena, &row, err) < 0)
        return -1;
    if (row.deleted_at)
        return err_set(err, ERR_NOT_FOUND, "record");
    *ret = book_record(&row);
    return 0;
}

/* A record keeps the marker that made it as its id, so a create can be repeated and a lost one found. */
static int book_find_marker(void *self, struct str marker, struct arena *arena, struct json_list *ret, struct err *err)
{
    struct crm_record *record = arena_one(arena, struct crm_record);
    if (book_get(self, marker, arena, record, err) == 0) {
        *ret = (struct json_list){record, 1};
        return 0;
    }
    *ret = (struct json_list){NULL, 0};
    return err->code == ERR_NOT_FOUND ? 0 : -1;
}

typedef bool book_test_fn(const void *probe, const struct contact *contact, struct arena *arena);

struct book_search {
    const int64_t *hashes;
    size_t n;
    book_test_fn *test; /* key hashes only point; the test decides */
    const void *probe;
};

static int book_meet(struct flow_book *book, struct store_tx *tx, const struct book_search *search, struct arena *arena,
                     struct json_list *ret, struct err *err)
{
    struct store_meet meet = {
        .kind = STORE_RECORD, .keys = search->hashes, .n = search->n, .cap = COMMON_KEY, .limit = LIMIT_PAGE};
    struct json_list met, rows;
    if (store_match_keys_meet(tx, &meet, arena, &met, err) < 0)
        return -1;
    struct id *ids = arena_array(arena, met.n, sizeof *ids);
    for (size_t i = 0; i < met.n; i++)
        ids[i] = ((const struct store_meeting *)met.items)[i].id;
    if (store_record_get_many(tx, ids, met.n, arena, &rows, err) < 0)
        return -1;
    struct crm_record *found = arena_array(arena, MOST_FOUND, sizeof *found);
    size_t n = 0;
    for (size_t i = 0; i < rows.n && n < MOST_FOUND; i++) {
        const struct store_record *row = (const struct store_record *)rows.items + i;
        if (id_eq(&row->connection, &book->connection) && search->test(search->probe, &row->contact, arena))
            found[n++] = book_record(row);
    }
    *ret = (struct json_list){found, n};
    return 0;
}

static bool lists_share(struct str field, const struct json_list *a, const struct json_list *b, struct arena *arena)
{
    const struct contact_value *left = a->items, *right = b->items;
    for (size_t i = 0; i < a->n; i++)
        for (size_t k = 0; k < b->n; k++)
            if (str_eq(contact_value_key(field, left[i].value, arena), contact_value_key(field, right[k].value, arena)))
                return true;
    return false;
}

static bool shares_address(const void *probe, const struct contact *contact, struct arena *arena)
{
    const struct contact *wanted = probe;
    return lists_share(STR("emails"), &wanted->emails, &contact->emails, arena) ||
           lists_share(STR("phones"), &wanted->phones, &contact->phones, arena);
}

static int book_find(void *self, const struct contact *probe, struct arena *arena, struct json_list *ret,
                     struct err *err)
{
    struct flow_book *book = self;
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    int64_t hashes[DEDUPE_KEYS_MAX];
    struct book_search search = {.hashes = hashes, .test = shares_address, .probe = probe};
    unsigned use = DEDUPE_FOR_MATCH | DEDUPE_FOR_SEARCH;
    if (book_begin(book, &tx, err) < 0 || flow_key_hashes(tx, probe, use, hashes, &search.n, err) < 0)
        return -1;
    return book_meet(book, tx, &search, arena, ret, err);
}

static bool has_all_keys(const void *probe, const struct contact *contact, struct arena *arena)
{
    const struct dedupe_keys *wanted = probe;
    struct dedupe_keys has;
    dedupe_keys(dedupe_prepare(contact, arena), arena, &has);
    for (size_t i = 0; i < wanted->n; i++) {
        bool found = false;
        for (size_t k = 0; k < has.n && !found; k++)
            found = str_eq(has.key[k].text, wanted->key[i].text);
        if (!found)
            return false;
    }
    return true;
}

static int book_search(void *self, struct str text, struct arena *arena, struct json_list *ret, struct err *err)
{
    struct flow_book *book = self;
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    int64_t hashes[DEDUPE_KEYS_MAX];
    struct str texts[DEDUPE_KEYS_MAX];
    struct dedupe_keys wanted;
    dedupe_query_keys(text, arena, &wanted);
    struct book_search search = {.hashes = hashes, .n = wanted.n, .test = has_all_keys, .probe = &wanted};
    for (size_t i = 0; i < wanted.n; i++)
        texts[i] = wanted.key[i].text;
    if (wanted.n == 0) {
        *ret = (struct json_list){NULL, 0};
        return 0;
    }
    if (book_begin(book, &tx, err) < 0 || store_match_keys(tx, texts, wanted.n, hashes, err) < 0)
        return -1;
    return book_meet(book, tx, &search, arena, ret, err);
}

static int book_put(struct flow_book *book, struct store_tx **tx, const struct crm_record *record, bool fresh,
                    struct err *err)
{
    struct id id;
    if (flow_mirror_put(*tx, &book->connection, record, &id, err) < 0 ||
        (book->drop && store_export_note(*tx, &book->connection, &id, fresh, &record->contact, err) < 0))
        return -1;
    return store_commit(tx, err);
}

static int book_create(void *self, struct str marker, const struct contact *contact, struct arena *arena,
                       struct crm_record *ret, struct err *err)
{
    struct flow_book *book = self;
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_record row;
    if (book_begin_writing(book, &tx, err) < 0)
        return -1;
    if (store_record_find(tx, &book->connection, marker, arena, &row, err) == 0) {
        *ret = book_record(&row);
        return 0;
    }
    struct crm_record record = {
        .remote_id = str_dup(arena, marker), .version = STR("1"), .kind = CRM_PERSON, .contact = *contact};
    if (err->code != ERR_NOT_FOUND || book_put(book, &tx, &record, true, err) < 0)
        return -1;
    *ret = record;
    return 0;
}

/* The living record in the version seen. */
static int book_seen(struct flow_book *book, struct store_tx *tx, const struct crm_record *seen, struct arena *arena,
                     struct store_record *ret_row, struct err *err)
{
    struct store_record row;
    if (store_record_find(tx, &book->connection, seen->remote_id, arena, &row, err) < 0)
        return -1;
    if (row.deleted_at)
        return err_set(err, ERR_NOT_FOUND, "record");
    if (!str_eq(row.remote_version, seen->version))
        return err_set(err, ERR_STALE, "record");
    *ret_row = row;
    return 0;
}

static int book_update(void *self, const struct crm_record *seen, const struct contact *after, struct arena *arena,
                       struct crm_record *ret, struct err *err)
{
    struct flow_book *book = self;
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_record row = {.fetched_at = 0};
    int64_t version;
    if (book_begin_writing(book, &tx, err) < 0 || book_seen(book, tx, seen, arena, &row, err) < 0)
        return -1;
    if (!str_to_int(row.remote_version, 0, INT64_MAX - 1, &version))
        return err_set(err, ERR_INTERNAL, "version of a book record");
    struct crm_record record = book_record(&row);
    record.version = str_printf(arena, "%lld", (long long)version + 1);
    record.contact = *after;
    if (book_put(book, &tx, &record, false, err) < 0)
        return -1;
    *ret = record;
    return 0;
}

/* A new record that still waits for its file can be taken back; no file takes one out of the CRM. */
static int book_recall(struct flow_book *book, struct store_tx *tx, const struct id *record, struct err *err)
{
    if (store_export_forget(tx, &book->connection, record, err) == 0)
        return 0;
    return err->code != ERR_NOT_FOUND
               ? -1
               : err_set(err, ERR_CRM_REFUSED, "%s", "a file with this contact has been fetched");
}

static int book_remove(void *self, const struct crm_record *seen, struct err *err)
{
    struct flow_book *book = self;
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct store_record row;
    if (book_begin_writing(book, &tx, err) < 0 || book_seen(book, tx, seen, arena, &row, err) < 0 ||
        (book->drop && book_recall(book, tx, &row.id, err) < 0) ||
        store_record_bury(tx, &book->connection, seen->remote_id, err) < 0)
        return -1;
    return store_commit(&tx, err);
}

/* Nothing to pull: what matching reads is the book itself. */
static int book_changes(void *self, struct str cursor, struct arena *arena, struct crm_page *ret, struct err *err)
{
    (void)self, (void)arena, (void)err;
    *ret = (struct crm_page){.result = {.outcome = CRM_FOUND}, .cursor = cursor};
    return 0;
}

struct crm_book flow_book_lend(struct flow_book *self)
{
    return (struct crm_book){.self = self,
                             .find = book_find,
                             .find_marker = book_find_marker,
                             .search = book_search,
                             .get = book_get,
                             .create = book_create,
                             .update = book_update,
                             .remove = book_remove,
                             .changes = book_changes};
}
