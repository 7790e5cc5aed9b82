/* See flow/drop.h. */
#include "flow/drop.h"

#include "base/limits.h"
#include "contact/vcard.h"
#include "crm-connectors/fault.h"
#include "crm-connectors/file_drop/file_drop.h"
#include "crm-connectors/file_drop/table.h"
#include "flow/audit/audit.h"
#include "flow/common.h"
#include "flow/crm/book.h"
#include "flow/idempotency.h"
#include "flow/shape/rows.h"
#include "flow/work/work.h"
#include "store/connection.h"
#include "store/crm/export.h"
#include "store/record.h"

enum { MOST_FILES = 50, MOST_ROWS = 2000, BATCH = 200, MOST_MADE = 500 };

static const struct json_field flow_export_rows[] = {
    TEXT(flow_export, id, NULL),
    TEXT(flow_export, connection_id, NULL),
    WHOLE(flow_export, contacts, "Changes in the file."),
    TEXT(flow_export, created_at, "RFC 3339."),
};
SHAPE(flow_export, "Export");

static const struct json_field flow_exports_rows[] = {
    WHOLE(flow_exports, waiting, "Changes that the next file takes."),
    MANY(flow_exports, files, flow_export_shape, "Newest first, at most 50."),
};
SHAPE(flow_exports, "Exports");

static const struct json_field flow_import_new_rows[] = {
    NEEDED(flow_import_new, text, LIMIT_JSON_BYTES,
           "CSV with a line of headings, or vCards; at most 2,000 rows. A larger table comes in parts, each with its "
           "headings."),
    TEXT(flow_import_new, since, "What the answer to the first part gave; null: this is the first."),
    YES(flow_import_new, complete, "The last part of a table of everybody: who was not in it is not in the CRM."),
};
SHAPE(flow_import_new, "ImportNew");

static const struct json_field flow_import_rows[] = {
    WHOLE(flow_import, contacts, "Rows that became records."),
    WHOLE(flow_import, skipped, "Rows that name nobody or are not valid."),
    WHOLE(flow_import, gone, "Records that the complete table has not got."),
    TEXT(flow_import, since, "For the next part."),
};
SHAPE(flow_import, "Import");

/* Begins with a connection of this kind; its row stays locked with `lock`. */
static int drop_begin(const struct flow *flow, const struct flow_actor *actor, const struct id *connection, bool lock,
                      struct store_tx **ret_tx, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct store_connection row;
    int64_t version;
    if (flow_begin(flow, actor, &tx, err) < 0 || store_connection_get(tx, connection, arena, &row, err) < 0 ||
        (lock && store_connection_lock(tx, connection, &version, err) < 0))
        return -1;
    if (!str_eq(row.kind, STR(CRM_FILE_DROP_KIND)))
        return err_set(err, ERR_NOT_FOUND, "%s", "file drop");
    *ret_tx = take(tx);
    return 0;
}

/* ---- Out ---- */

static struct flow_export export_of(const struct store_export *row, struct arena *arena)
{
    return (struct flow_export){.id = flow_id_text(&row->id, arena),
                                .connection_id = flow_id_text(&row->connection, arena),
                                .contacts = row->entries,
                                .created_at = flow_time_text(row->created_at, arena)};
}

int flow_export_list(const struct flow *flow, const struct flow_actor *actor, struct id connection, struct arena *arena,
                     struct flow_exports *ret_exports, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct flow_exports exports = {.waiting = 0};
    struct json_list rows;
    if (flow_may(flow, actor, "export", "list", err) < 0 || drop_begin(flow, actor, &connection, false, &tx, err) < 0 ||
        store_export_waiting(tx, &connection, &exports.waiting, err) < 0 ||
        store_export_list(tx, &connection, MOST_FILES, arena, &rows, err) < 0)
        return -1;
    struct flow_export *files = arena_array(arena, rows.n, sizeof *files);
    for (size_t i = 0; i < rows.n; i++)
        files[i] = export_of((const struct store_export *)rows.items + i, arena);
    exports.files = (struct json_list){files, rows.n};
    *ret_exports = exports;
    return 0;
}

int flow_export_create(const struct flow *flow, const struct flow_actor *actor, struct id connection,
                       struct arena *arena, struct flow_export *ret_export, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_export row;
    struct id id;
    struct err why;
    struct flow_deed deed = {
        .action = "connection.export", .kind = "connection", .subject = &connection, .state = "exported"};
    if (drop_begin(flow, actor, &connection, true, &tx, err) < 0)
        return -1;
    if (store_export_take(tx, &connection, &actor->user, &id, &why) < 0) {
        *err = why;
        return why.code != ERR_NOT_FOUND
                   ? -1
                   : err_set(err, ERR_CONFLICT, "%s",
                             flow_say(actor, "nothing waits for a file", "es wartet nichts auf eine Datei"));
    }
    if (store_export_get(tx, &id, &row, err) < 0)
        return -1;
    *ret_export = export_of(&row, arena);
    const struct flow_idempotency_answer answer = {.status = 201,
                                                   .location = str_printf(arena, "/v1/exports/%s/file", id.s),
                                                   .body = json_write(&flow_export_shape, ret_export, arena)};
    flow_tell(tx, actor, &deed);
    return flow_once(tx, actor, &answer, err) < 0 ? -1 : store_commit(&tx, err);
}

static int add_entry(struct strbuf *out, const struct store_export_entry *entry, bool vcards, const char *region,
                     struct err *err)
{
    const struct crm_drop_row row = {.id = entry->ours ? STR_NONE : entry->remote_id,
                                     .marker = entry->ours ? entry->remote_id : STR_NONE,
                                     .contact = entry->contact};
    if (!vcards)
        return crm_drop_add(out, &row, region, err);
    const struct contact_vcard_extra extra = {.uid = entry->remote_id};
    strbuf_add(out, contact_vcard3(&entry->contact, &extra, out->arena));
    return 0;
}

int flow_export_file(const struct flow *flow, const struct flow_actor *actor, struct flow_export_ask ask,
                     struct arena *arena, struct str *ret_text, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct strbuf out = {.arena = arena};
    struct store_export row;
    struct json_list entries;
    if (flow_may(flow, actor, "export", "read", err) < 0 || flow_begin(flow, actor, &tx, err) < 0 ||
        store_export_get(tx, &ask.export, &row, err) < 0 ||
        store_export_entries(tx, &ask.export, arena, &entries, err) < 0)
        return -1;
    if (!ask.vcards) {
        strbuf_add_c(&out, "\xef\xbb\xbf"); /* spreadsheets take it for Windows-1252 otherwise */
        crm_drop_add_header(&out, actor->language);
    }
    for (size_t i = 0; i < entries.n; i++)
        if (add_entry(&out, (const struct store_export_entry *)entries.items + i, ask.vcards, flow_region(flow), err) <
            0)
            return -1;
    struct id *records = arena_array(arena, entries.n, sizeof *records);
    for (size_t i = 0; i < entries.n; i++)
        records[i] = ((const struct store_export_entry *)entries.items)[i].record;
    struct flow_deed deed = {
        .action = "export.read", .kind = "connection", .subject = &row.connection, .records = records, .n = entries.n};
    flow_tell(tx, actor, &deed);
    *ret_text = strbuf_str(&out);
    return store_commit(&tx, err);
}

/* ---- In ---- */

/* A table or vCards on their way in. */
struct importing {
    const struct flow *flow;
    const struct flow_actor *actor;
    const struct flow_import_ask *ask;
    bool vcards;
    struct crm_csv csv;
    struct crm_drop_columns columns;
    size_t at;             /* place in the vCards */
    struct json_list made; /* struct store_record: began here */
    struct flow_import result;
};

static int open_text(struct importing *in, struct arena *arena, struct err *err)
{
    struct str *cells = arena_array(arena, CRM_CSV_COLUMNS, sizeof *cells);
    struct str text = in->ask->input.text;
    size_t n = 0;
    if (crm_csv_begin(text, arena, &in->csv, err) < 0)
        return -1;
    in->vcards = str_starts(str_trim(in->csv.text), STR("BEGIN:VCARD"));
    if (in->vcards)
        return 0;
    int r = crm_csv_row(&in->csv, arena, cells, &n, err);
    if (r == 0)
        return err_field(err, ERR_INVALID, "/text", "the table is empty");
    return r < 0 ? -1 : crm_drop_header(cells, n, &in->columns, err);
}

/* Goes over all of the text once, so that a broken or too long one changes nothing. */
static int check_text(const struct importing *in, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct str *cells = arena_array(arena, CRM_CSV_COLUMNS, sizeof *cells);
    struct crm_csv csv = in->csv;
    size_t n, rows = 0;
    int r = 1;
    for (ptrdiff_t at = 0; in->vcards && (at = str_find(csv.text, STR("BEGIN:VCARD"), (size_t)at)) >= 0; at++)
        rows++;
    while (!in->vcards && rows <= MOST_ROWS && (r = crm_csv_row(&csv, arena, cells, &n, err)) == 1)
        rows++;
    if (r < 0)
        return -1;
    return rows > MOST_ROWS ? err_set(err, ERR_TOO_LARGE, "%s", "2000") : 0;
}

/* The next vCard: 1, 0 at the end; one that cannot be read is a row that names nobody. */
static int next_vcard(struct importing *in, struct arena *arena, struct crm_drop_row *ret_row, bool *ret_good)
{
    struct contact_vcard_extra extra;
    struct err broken;
    ptrdiff_t start = str_find(in->csv.text, STR("BEGIN:VCARD"), in->at);
    if (start < 0)
        return 0;
    ptrdiff_t next = str_find(in->csv.text, STR("BEGIN:VCARD"), (size_t)start + 1);
    struct str card = str_slice(in->csv.text, (size_t)start, next < 0 ? in->csv.text.n : (size_t)next);
    in->at = (size_t)start + card.n;
    *ret_row = (struct crm_drop_row){.id = STR_NONE};
    *ret_good = contact_vcard_read(card, flow_region(in->flow), arena, &ret_row->contact, &extra, &broken) == 0 &&
                !str_empty(extra.uid);
    if (*ret_good)
        ret_row->id = ret_row->marker = extra.uid;
    return 1;
}

/* The next row: 1, 0 at the end, -1 when the text is no table from there on. */
static int next_row(struct importing *in, struct arena *arena, struct crm_drop_row *ret_row, bool *ret_good,
                    struct err *err)
{
    struct str *cells = arena_array(arena, CRM_CSV_COLUMNS, sizeof *cells);
    struct err broken;
    size_t n = 0;
    int r = in->vcards ? next_vcard(in, arena, ret_row, ret_good) : crm_csv_row(&in->csv, arena, cells, &n, err);
    if (r < 1 || in->vcards)
        return r;
    *ret_good =
        crm_drop_read(&in->columns, (struct json_list){cells, n}, flow_region(in->flow), arena, ret_row, &broken) == 1;
    return 1;
}

static bool same_person(const struct contact *a, const struct contact *b, struct arena *arena)
{
    return str_eq_nocase(a->family_name, b->family_name) && crm_shares_value(a, b, arena);
}

/* What began here has arrived there: with our marker it goes on as the record it is, under an id of theirs it is
 * replaced by that. */
static int arrive(struct importing *in, struct store_tx *tx, struct crm_drop_row *row, struct arena *arena,
                  struct err *err)
{
    const struct store_record *made = in->made.items;
    for (size_t i = 0; i < in->made.n; i++)
        if (row->marker.p && str_eq(made[i].remote_id, row->marker)) {
            row->id = row->marker;
            return 0;
        }
    for (size_t i = 0; i < in->made.n; i++)
        if (!str_eq(made[i].remote_id, row->id) && same_person(&made[i].contact, &row->contact, arena) &&
            store_record_bury(tx, &in->ask->connection, made[i].remote_id, err) < 0)
            return -1;
    return 0;
}

/* Versions of records kept here are numbers that grow with the content. */
static int version_of(struct store_tx *tx, const struct id *connection, const struct crm_drop_row *row,
                      struct arena *arena, struct str *ret_version, struct err *err)
{
    struct store_record known;
    struct err why;
    int64_t version = 0;
    *ret_version = STR("1");
    if (store_record_find(tx, connection, row->id, arena, &known, &why) < 0) {
        *err = why;
        return why.code == ERR_NOT_FOUND ? 0 : -1;
    }
    (void)str_to_int(known.remote_version, 0, INT64_MAX - 1, &version);
    bool same = !known.deleted_at && contact_same(&known.contact, &row->contact);
    *ret_version = str_printf(arena, "%lld", (long long)version + (same ? 0 : 1));
    return 0;
}

static int keep_row(struct importing *in, struct store_tx *tx, struct crm_drop_row *row, struct arena *arena,
                    struct err *err)
{
    struct crm_record record = {.kind = CRM_PERSON, .contact = row->contact};
    if (row->id.n > 500)
        row->id = str_slice(row->id, 0, 500);
    if (arrive(in, tx, row, arena, err) < 0 ||
        version_of(tx, &in->ask->connection, row, arena, &record.version, err) < 0)
        return -1;
    record.remote_id = row->id;
    return flow_pull_records(tx, &in->ask->connection, &record, 1, err);
}

/* Which records began here, for arrive(). */
static int read_made(struct importing *in, struct store_tx *tx, struct arena *arena, struct err *err)
{
    struct json_list ids;
    return store_export_made(tx, &in->ask->connection, MOST_MADE, arena, &ids, err) < 0
               ? -1
               : store_record_get_many(tx, ids.items, ids.n, arena, &in->made, err);
}

/* One transaction: 1 when there is more, 0 at the end, -1. */
static int take_batch(struct importing *in, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    int r = 1;
    if (drop_begin(in->flow, in->actor, &in->ask->connection, true, &tx, err) < 0 || read_made(in, tx, arena, err) < 0)
        return -1;
    for (int n = 0; n < BATCH && r == 1; n++) {
        struct crm_drop_row row;
        bool good = false;
        r = next_row(in, arena, &row, &good, err);
        if (r < 0 || (r == 1 && good && keep_row(in, tx, &row, arena, err) < 0))
            return -1;
        in->result.contacts += r == 1 && good;
        in->result.skipped += r == 1 && !good;
    }
    return store_commit(&tx, err) < 0 ? -1 : r;
}

/* The end of a part: whoever a complete table has not got is gone; the answer is kept with it. */
static int finish(struct importing *in, int64_t since, struct arena *arena, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    const struct id *connection = &in->ask->connection;
    struct flow_deed deed = {
        .action = "connection.import", .kind = "connection", .subject = connection, .state = "pulled"};
    if (drop_begin(in->flow, in->actor, connection, true, &tx, err) < 0)
        return -1;
    if (in->ask->input.complete && (store_export_keep(tx, connection, err) < 0 ||
                                    store_record_bury_unseen(tx, connection, since, &in->result.gone, err) < 0 ||
                                    store_connection_cursor(tx, connection, STR_NONE, true, err) < 0))
        return -1;
    const struct flow_idempotency_answer answer = {.status = 200,
                                                   .body = json_write(&flow_import_shape, &in->result, arena)};
    flow_tell(tx, in->actor, &deed);
    return flow_once(tx, in->actor, &answer, err) < 0 ? -1 : store_commit(&tx, err);
}

/* When this table began to come in, by the database's clock. */
static int since_of(struct importing *in, int64_t *ret_since, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct str text = in->ask->input.since;
    if (drop_begin(in->flow, in->actor, &in->ask->connection, false, &tx, err) < 0)
        return -1;
    if (!text.p) {
        *ret_since = store_tx_now(tx);
        return 0;
    }
    return str_to_int(text, 1, store_tx_now(tx), ret_since)
               ? 0
               : err_field(err, ERR_INVALID, "/since", "what the first part was answered with");
}

int flow_import_take(const struct flow *flow, const struct flow_actor *actor, const struct flow_import_ask *ask,
                     struct arena *arena, struct flow_import *ret_import, struct err *err)
{
    struct importing in = {.flow = flow, .actor = actor, .ask = ask};
    int64_t since;
    int r = 1;
    if (flow_may(flow, actor, "connection", "import", err) < 0 || since_of(&in, &since, err) < 0 ||
        open_text(&in, arena, err) < 0 || check_text(&in, err) < 0)
        return -1;
    in.result.since = str_printf(arena, "%lld", (long long)since);
    while (r == 1)
        r = take_batch(&in, err);
    if (r < 0 || finish(&in, since, arena, err) < 0)
        return -1;
    *ret_import = in.result;
    return 0;
}
