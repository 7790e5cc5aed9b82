/* See journal.h. */
#include "store/journal.h"

#include "store/audit/entry.h"
#include "store/core/tx.h"

struct event_row {
    struct event_row *next;
    struct id subject;
    struct str type, state;
};

struct store_journal {
    struct store_audit_list audit;
    struct event_row *event, **event_end;
    int64_t events;
};

static struct store_journal *journal_of(struct store_tx *tx)
{
    if (!tx->journal) {
        tx->journal = arena_one(tx->arena, struct store_journal);
        tx->journal->audit.end = &tx->journal->audit.first;
        tx->journal->event_end = &tx->journal->event;
    }
    return tx->journal;
}

struct store_audit_list *store_journal_audit(struct store_tx *tx)
{
    return &journal_of(tx)->audit;
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

static int events_write(struct store_tx *tx, int64_t id, struct err *err)
{
    for (struct event_row *row = tx->journal->event; row; row = row->next)
        if (store_run(tx, SQL_EVENT_ADD,
                      ARGS(ARG_INT(id++), ARG_STR(row->type), ARG_ID(&row->subject), ARG_STR(row->state)), NULL,
                      err) < 0)
            return -1;
    return 0;
}

int store_journal_write(struct store_tx *tx, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    const struct store_journal *journal = tx->journal;
    struct store_audit_head head;
    if (!journal)
        return 0;
    if (store_run_one(tx, SQL_JOURNAL_LOCK, ARGS(ARG_INT(journal->audit.n), ARG_INT(journal->events)), &rows, err) < 0)
        return -1;
    struct str hash = store_row_view(rows, 0, 1);
    memcpy(head.hash.b, hash.p, hash.n < CRYPTO_HASH ? hash.n : CRYPTO_HASH);
    head.seq = store_row_int(rows, 0, 0) - journal->audit.n;
    int64_t event = store_row_int(rows, 0, 2) - journal->events + 1;
    if (store_audit_write(tx, &journal->audit, head, store_row_int(rows, 0, 3), err) < 0)
        return -1;
    return events_write(tx, event, err);
}

int store_events_after(struct store_tx *tx, const struct id *user, int64_t after, struct arena *arena,
                       struct store_events *ret_events, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL, *bounds = NULL;
    if (store_run(tx, SQL_EVENT_AFTER, ARGS(ARG_INT(after), ARG_ID(user)), &rows, err) < 0 ||
        store_run(tx, SQL_EVENT_BOUNDS, ARGS_NONE, &bounds, err) < 0)
        return -1;
    int n = store_rows_count(rows);
    struct store_event *events = arena_array(arena, (size_t)n, sizeof *events);
    for (int i = 0; i < n; i++)
        events[i] =
            (struct store_event){store_row_int(rows, i, 0), store_row_str(rows, i, 1, arena), store_row_id(rows, i, 2),
                                 store_row_str(rows, i, 3, arena), store_row_bool(rows, i, 4)};
    int64_t first = store_row_int(bounds, 0, 0), last = store_row_int(bounds, 0, 1);
    *ret_events = (struct store_events){.items = {events, (size_t)n}, .first = first ? first : last + 1, .last = last};
    return 0;
}
