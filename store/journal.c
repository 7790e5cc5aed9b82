/* See journal.h. An entry's hash is SHA-256 over the hash before it and the entry as netstrings ("5:scan,"), in the
 * order organisation, number, ms since 1970, user, action, kind, subject, request, note; absent is "-:,". */
#include "store/journal.h"

#include "store/core/tx.h"

struct audit_row {
    struct audit_row *next;
    struct id user, subject;
    struct str action, kind, request, note;
    int64_t seq, at;
};

struct event_row {
    struct event_row *next;
    struct id subject;
    struct str type, state;
};

struct store_journal {
    struct audit_row *audit, **audit_end;
    struct event_row *event, **event_end;
    int64_t audits, events;
};

static struct store_journal *journal_of(struct store_tx *tx)
{
    if (!tx->journal) {
        tx->journal = arena_one(tx->arena, struct store_journal);
        tx->journal->audit_end = &tx->journal->audit;
        tx->journal->event_end = &tx->journal->event;
    }
    return tx->journal;
}

void store_audit(struct store_tx *tx, const struct store_audit *entry)
{
    struct store_journal *journal = journal_of(tx);
    struct audit_row *row = arena_one(tx->arena, struct audit_row);
    *row = (struct audit_row){.user = entry->user,
                              .subject = entry->subject,
                              .action = str_dup(tx->arena, str_c(entry->action)),
                              .kind = str_dup(tx->arena, str_c(entry->kind)),
                              .request = str_dup(tx->arena, str_c(entry->request)),
                              .note = str_dup(tx->arena, str_c(entry->note))};
    *journal->audit_end = row;
    journal->audit_end = &row->next;
    journal->audits++;
}

void store_event(struct store_tx *tx, const char *type, const struct id *subject, const char *state)
{
    struct store_journal *journal = journal_of(tx);
    struct event_row *row = arena_one(tx->arena, struct event_row);
    *row = (struct event_row){
        .subject = *subject, .type = str_dup(tx->arena, str_c(type)), .state = str_dup(tx->arena, str_c(state))};
    *journal->event_end = row;
    journal->event_end = &row->next;
    journal->events++;
}

static void netstring(struct crypto_digest *digest, struct str s)
{
    char head[32];
    int n = s.p ? snprintf(head, sizeof head, "%zu:", s.n) : snprintf(head, sizeof head, "-:");
    crypto_digest_add(digest, head, (size_t)n);
    crypto_digest_add(digest, s.p ? s.p : "", s.n);
    crypto_digest_add(digest, ",", 1);
}

static void netstring_int(struct crypto_digest *digest, int64_t value)
{
    char text[32];
    int n = snprintf(text, sizeof text, "%lld", (long long)value);
    netstring(digest, (struct str){text, (size_t)n});
}

static void netstring_id(struct crypto_digest *digest, const struct id *id)
{
    netstring(digest, id_none(id) ? STR_NONE : id_str(id));
}

static struct crypto_hash audit_hash(const struct id *org, struct str before, const struct audit_row *row)
{
    struct crypto_digest *digest = crypto_digest_new();
    crypto_digest_add(digest, before.p, before.n);
    netstring_id(digest, org);
    netstring_int(digest, row->seq);
    netstring_int(digest, row->at);
    netstring_id(digest, &row->user);
    netstring(digest, row->action);
    netstring(digest, row->kind);
    netstring_id(digest, &row->subject);
    netstring(digest, row->request);
    netstring(digest, row->note);
    return crypto_digest_end(&digest);
}

/* Writes the collected entries behind `before`, numbered from `seq`. */
static int audit_write(struct store_tx *tx, struct crypto_hash before, int64_t seq, int64_t at, struct err *err)
{
    for (struct audit_row *row = tx->journal->audit; row; row = row->next) {
        row->seq = seq++;
        row->at = at;
        before = audit_hash(&tx->org, crypto_hash_str(&before), row);
        if (store_run(tx, SQL_AUDIT_ADD,
                      ARGS(ARG_INT(row->seq), ARG_INT(row->at), ARG_ID(&row->user), ARG_STR(row->action),
                           ARG_STR(row->kind), ARG_ID(&row->subject), ARG_STR(row->request), ARG_STR(row->note),
                           ARG_STR(crypto_hash_str(&before))),
                      NULL, err) < 0)
            return -1;
    }
    return 0;
}

static int events_write(struct store_tx *tx, int64_t id, struct err *err)
{
    for (struct event_row *row = tx->journal->event; row; row = row->next)
        if (store_run(tx, SQL_EVENT_ADD,
                      ARGS(ARG_INT(id++), ARG_STR(row->type), ARG_ID(&row->subject), ARG_STR(row->state)), NULL,
                      err) < 0)
            return -1;
    return 0;
}

static struct crypto_hash hash_of(struct str bytes)
{
    struct crypto_hash hash = {{0}};
    memcpy(hash.b, bytes.p ? bytes.p : "", bytes.n < sizeof hash.b ? bytes.n : sizeof hash.b);
    return hash;
}

int store_journal_write(struct store_tx *tx, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    const struct store_journal *journal = tx->journal;
    if (!journal)
        return 0;
    if (store_run_one(tx, SQL_JOURNAL_LOCK, ARGS(ARG_INT(journal->audits), ARG_INT(journal->events)), &rows, err) < 0)
        return -1;
    struct crypto_hash before = hash_of(store_row_view(rows, 0, 1));
    int64_t seq = store_row_int(rows, 0, 0) - journal->audits + 1;
    int64_t event = store_row_int(rows, 0, 2) - journal->events + 1;
    if (audit_write(tx, before, seq, store_row_int(rows, 0, 3), err) < 0)
        return -1;
    return events_write(tx, event, err);
}

/* What is known of the chain while it is walked. */
struct walk {
    int64_t n;               /* entries that are in order */
    struct crypto_hash hash; /* of the last of them */
    bool broken;
};

/* Walks one page; *ret_rows is how many entries it had. */
static int walk_page(struct store_tx *tx, struct walk *walk, int *ret_rows, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_AUDIT_PAGE, ARGS(ARG_INT(walk->n)), &rows, err) < 0)
        return -1;
    *ret_rows = store_rows_count(rows);
    for (int i = 0; i < *ret_rows; i++) {
        struct audit_row row = {.seq = store_row_int(rows, i, 0),
                                .at = store_row_int(rows, i, 1),
                                .user = store_row_id(rows, i, 2),
                                .action = store_row_view(rows, i, 3),
                                .kind = store_row_view(rows, i, 4),
                                .subject = store_row_id(rows, i, 5),
                                .request = store_row_view(rows, i, 6),
                                .note = store_row_view(rows, i, 7)};
        struct crypto_hash hash = audit_hash(&tx->org, crypto_hash_str(&walk->hash), &row);
        walk->broken = row.seq != walk->n + 1 || !crypto_equal(crypto_hash_str(&hash), store_row_view(rows, i, 8));
        if (walk->broken)
            return 0;
        walk->hash = hash;
        walk->n++;
    }
    return 0;
}

int store_audit_verify(struct store_tx *tx, int64_t *ret_n, int64_t *ret_bad, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *head = NULL;
    struct walk walk = {0};
    int n = 1;
    /* The head first: entries that others add meanwhile lie behind it. */
    if (store_run(tx, SQL_JOURNAL_HEAD, ARGS_NONE, &head, err) < 0)
        return -1;
    bool none = store_rows_count(head) == 0;
    int64_t last = none ? 0 : store_row_int(head, 0, 0);
    while (n > 0 && !walk.broken)
        if (walk_page(tx, &walk, &n, err) < 0)
            return -1;
    *ret_n = walk.n;
    *ret_bad = walk.broken || walk.n < last ? walk.n + 1 : 0;
    if (*ret_bad == 0 && walk.n == last && !none &&
        !crypto_equal(crypto_hash_str(&walk.hash), store_row_view(head, 0, 1)))
        *ret_bad = walk.n + 1;
    return 0;
}

int store_events_after(struct store_tx *tx, int64_t after, struct arena *arena, struct store_events *ret_events,
                       struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL, *bounds = NULL;
    if (store_run(tx, SQL_EVENT_AFTER, ARGS(ARG_INT(after)), &rows, err) < 0 ||
        store_run(tx, SQL_EVENT_BOUNDS, ARGS_NONE, &bounds, err) < 0)
        return -1;
    int n = store_rows_count(rows);
    struct store_event *events = arena_array(arena, (size_t)n, sizeof *events);
    for (int i = 0; i < n; i++)
        events[i] = (struct store_event){store_row_int(rows, i, 0), store_row_str(rows, i, 1, arena),
                                         store_row_id(rows, i, 2), store_row_str(rows, i, 3, arena)};
    int64_t first = store_row_int(bounds, 0, 0), last = store_row_int(bounds, 0, 1);
    *ret_events = (struct store_events){.items = {events, (size_t)n}, .first = first ? first : last + 1, .last = last};
    return 0;
}
