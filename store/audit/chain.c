/* See audit.h: entries collected in a transaction, written behind the head, and walked again. */
#include "store/audit/entry.h"
#include "store/core/tx.h"

struct store_audit_item {
    struct store_audit_item *next;
    struct store_audit entry;
};

static const char *text_dup(struct arena *arena, const char *text)
{
    return text ? str_z(arena, str_c(text)) : NULL;
}

void store_audit(struct store_tx *tx, const struct store_audit *entry)
{
    struct store_audit_list *list = store_journal_audit(tx);
    struct store_audit_item *item = arena_one(tx->arena, struct store_audit_item);
    struct id *records = arena_array(tx->arena, entry->n, sizeof *records);
    if (entry->n)
        memcpy(records, entry->records, entry->n * sizeof *records);
    item->entry = *entry;
    item->entry.action = text_dup(tx->arena, entry->action);
    item->entry.kind = text_dup(tx->arena, entry->kind);
    item->entry.request = text_dup(tx->arena, entry->request);
    item->entry.note = text_dup(tx->arena, entry->note);
    item->entry.origin.address = str_dup(tx->arena, entry->origin.address);
    item->entry.origin.why = str_dup(tx->arena, entry->origin.why);
    item->entry.records = records;
    *list->end = item;
    list->end = &item->next;
    list->n++;
}

static struct str records_text(const struct store_audit *entry, struct arena *arena)
{
    struct strbuf text = {.arena = arena};
    strbuf_add_c(&text, "");
    for (size_t i = 0; i < entry->n; i++) {
        strbuf_add_c(&text, i ? " " : "");
        strbuf_add(&text, id_str(&entry->records[i]));
    }
    return strbuf_str(&text).p ? strbuf_str(&text) : STR("");
}

static int row_of(struct store_tx *tx, const struct store_audit *entry, int64_t seq, int64_t at,
                  struct store_audit_row *ret_row, struct err *err)
{
    struct arena *arena = tx->arena;
    const struct store_origin *origin = &entry->origin;
    struct store_audit_row row = {.seq = seq,
                                  .at = at,
                                  .user = entry->user,
                                  .session = origin->session,
                                  .token = origin->token,
                                  .grant = origin->grant,
                                  .subject = entry->subject,
                                  .action = str_c(entry->action),
                                  .kind = str_c(entry->kind),
                                  .request = str_c(entry->request),
                                  .note = str_c(entry->note),
                                  .records = records_text(entry, arena)};
    if (store_audit_seal(tx, (struct store_audit_place){"address", seq}, origin->address, arena, &row.address, err) <
            0 ||
        store_audit_address_hash(tx, origin->address, arena, &row.address_hash, err) < 0 ||
        store_audit_seal(tx, (struct store_audit_place){"why", seq}, origin->why, arena, &row.why, err) < 0)
        return -1;
    *ret_row = row;
    return 0;
}

int store_audit_write(struct store_tx *tx, const struct store_audit_list *list, struct store_audit_head head,
                      int64_t at, struct err *err)
{
    for (const struct store_audit_item *item = list->first; item; item = item->next) {
        const struct store_audit *entry = &item->entry;
        struct store_audit_row row;
        if (row_of(tx, entry, ++head.seq, at, &row, err) < 0)
            return -1;
        head.hash = store_audit_hash(&head.hash, store_audit_text(&tx->org, &row, tx->arena));
        if (store_run(tx, SQL_AUDIT_ADD,
                      ARGS(ARG_INT(row.seq), ARG_INT(at), ARG_ID(&row.user), ARG_ID(&row.session), ARG_ID(&row.token),
                           ARG_ID(&row.grant), ARG_STR(row.address), ARG_STR(row.address_hash), ARG_STR(row.action),
                           ARG_STR(row.kind), ARG_ID(&row.subject), ARG_IDS(entry->records, entry->n),
                           ARG_STR(row.request), ARG_STR(row.note), ARG_STR(row.why),
                           ARG_STR(crypto_hash_str(&head.hash))),
                      NULL, err) < 0)
            return -1;
    }
    return 0;
}

int store_audit_head(struct store_tx *tx, struct store_audit_head *ret_head, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    struct store_audit_head head = {.seq = 0};
    if (store_run(tx, SQL_JOURNAL_HEAD, ARGS_NONE, &rows, err) < 0)
        return -1;
    if (store_rows_count(rows) > 0) {
        struct str hash = store_row_view(rows, 0, 1);
        head.seq = store_row_int(rows, 0, 0);
        memcpy(head.hash.b, hash.p ? hash.p : "", hash.n < CRYPTO_HASH ? hash.n : CRYPTO_HASH);
    }
    *ret_head = head;
    return 0;
}

int store_audit_lines(struct store_tx *tx, int64_t after, struct arena *arena, struct str *ret_lines, int64_t *ret_last,
                      struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    struct strbuf lines = {.arena = arena};
    int64_t last = after;
    if (store_run(tx, SQL_AUDIT_PAGE, ARGS(ARG_INT(after)), &rows, err) < 0)
        return -1;
    for (int i = 0; i < store_rows_count(rows); i++) {
        struct store_audit_row row = store_audit_row(rows, i);
        strbuf_add(&lines, crypto_hex(crypto_hash_str(&row.hash), arena));
        strbuf_add_char(&lines, ' ');
        strbuf_add(&lines, store_audit_text(&tx->org, &row, arena));
        strbuf_add_char(&lines, '\n');
        last = row.seq;
    }
    *ret_lines = strbuf_str(&lines);
    *ret_last = last;
    return 0;
}

/* What is known of the chain while it is walked. */
struct walk {
    struct store_audit_head head; /* entries that are in order, and the hash of the last of them */
    bool broken;
};

/* Walks one page; *ret_rows is how many entries it had. */
static int walk_page(struct store_tx *tx, struct walk *walk, int *ret_rows, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_AUDIT_PAGE, ARGS(ARG_INT(walk->head.seq)), &rows, err) < 0)
        return -1;
    *ret_rows = store_rows_count(rows);
    for (int i = 0; i < *ret_rows && !walk->broken; i++) {
        _cleanup_(arena_freep) struct arena *arena = arena_new(1024 * 1024);
        struct store_audit_row row = store_audit_row(rows, i);
        struct crypto_hash hash = store_audit_hash(&walk->head.hash, store_audit_text(&tx->org, &row, arena));
        walk->broken =
            row.seq != walk->head.seq + 1 || !crypto_equal(crypto_hash_str(&hash), crypto_hash_str(&row.hash));
        if (!walk->broken)
            walk->head = (struct store_audit_head){row.seq, hash};
    }
    return 0;
}

int store_audit_verify(struct store_tx *tx, int64_t *ret_n, int64_t *ret_bad, struct err *err)
{
    struct walk walk = {.broken = false};
    struct store_audit_head head;
    int n = 1;
    /* The head first: entries that others add meanwhile lie behind it. */
    if (store_audit_head(tx, &head, err) < 0)
        return -1;
    while (n > 0 && !walk.broken)
        if (walk_page(tx, &walk, &n, err) < 0)
            return -1;
    bool cut = walk.head.seq < head.seq;
    bool other =
        walk.head.seq == head.seq && !crypto_equal(crypto_hash_str(&walk.head.hash), crypto_hash_str(&head.hash));
    *ret_n = walk.head.seq;
    *ret_bad = walk.broken || cut || other ? walk.head.seq + 1 : 0;
    return 0;
}
