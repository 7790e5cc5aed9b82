/* See scan.h. */
#include "store/scan.h"

#include "base/limits.h"
#include "store/core/tx.h"

static const char param_column[] = "scans.param";

int store_scan_add(struct store_tx *tx, const struct store_scan *scan, struct id *ret_id, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    struct id id = id_new();
    if (store_run(tx, SQL_SCAN_ADD,
                  ARGS(ARG_ID(&id), ARG_ID(&scan->list), ARG_ID(&scan->user), ARG_ID(&scan->blob), ARG_ID(&scan->back),
                       ARG_ID(&scan->fair)),
                  &rows, err) < 0)
        return -1;
    if (store_rows_affected(rows) == 0)
        return err_set(err, ERR_CONFLICT, "the same file is there already");
    *ret_id = id;
    return 0;
}

int store_scan_same(struct store_tx *tx, const struct id *user, const struct store_scan_content *content,
                    struct id *ret_id, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    struct str back = content->back ? crypto_hash_str(content->back) : STR_NONE;
    if (store_run_one(tx, SQL_SCAN_SAME, ARGS(ARG_ID(user), ARG_STR(crypto_hash_str(content->front)), ARG_STR(back)),
                      &rows, err) < 0)
        return -1;
    *ret_id = store_row_id(rows, 0, 0);
    return 0;
}

/* "blur,dark": words of a fixed list, none with a comma. */
static struct str advice_join(const struct json_list *advice, struct arena *arena)
{
    struct strbuf out = {.arena = arena};
    for (size_t i = 0; i < advice->n; i++) {
        strbuf_add_c(&out, i ? "," : "");
        strbuf_add(&out, ((const struct str *)advice->items)[i]);
    }
    return strbuf_str(&out);
}

static struct json_list advice_split(struct str joined, struct arena *arena)
{
    struct json_list list = {0};
    struct str word;
    struct str *words = arena_array(arena, joined.n + 1, sizeof *words);
    while (joined.n && str_split(&joined, ',', &word))
        words[list.n++] = word;
    list.items = words;
    return list;
}

static int scan_read(struct store_tx *tx, const struct store_rows *rows, int row, struct arena *arena,
                     struct store_scan *ret_scan, struct err *err)
{
    struct store_scan scan = {
        .id = store_row_id(rows, row, 0),
        .list = store_row_id(rows, row, 1),
        .user = store_row_id(rows, row, 2),
        .blob = store_row_id(rows, row, 3),
        .job = store_row_id(rows, row, 4),
        .state = store_row_str(rows, row, 5, arena),
        .media_type = store_row_str(rows, row, 6, arena),
        .bytes = store_row_int(rows, row, 7),
        .width = store_row_int(rows, row, 8),
        .height = store_row_int(rows, row, 9),
        .advice = advice_split(store_row_str(rows, row, 10, arena), arena),
        .problem = store_row_str(rows, row, 11, arena),
        .version = store_row_int(rows, row, 13),
        .created_at = store_row_int(rows, row, 14),
        .deleted_at = store_row_int(rows, row, 15),
        .back = store_row_id(rows, row, 16),
        .fair = store_row_id(rows, row, 17),
    };
    if (store_unseal(tx, (struct store_place){param_column, &scan.id}, store_row_view(rows, row, 12), arena,
                     &scan.param, err) < 0)
        return -1;
    *ret_scan = scan;
    return 0;
}

static int cards_read(struct store_tx *tx, const struct id *scan, struct arena *arena, struct json_list *ret_cards,
                      struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_CARD_LIST, ARGS(ARG_ID(scan)), &rows, err) < 0)
        return -1;
    int n = store_rows_count(rows);
    struct store_card *cards = arena_array(arena, (size_t)n, sizeof *cards);
    for (int i = 0; i < n; i++) {
        struct id row = store_row_id(rows, i, 1);
        cards[i] = (struct store_card){
            .n = store_row_int(rows, i, 0),
            .quad = store_row_str(rows, i, 2, arena),
            .image = store_row_id(rows, i, 3),
            .width = store_row_int(rows, i, 4),
            .height = store_row_int(rows, i, 5),
            .contact = store_row_id(rows, i, 6),
            .back_image = store_row_id(rows, i, 8),
            .back_width = store_row_int(rows, i, 9),
            .back_height = store_row_int(rows, i, 10),
        };
        if (store_unseal(tx, (struct store_place){"cards.reading", &row}, store_row_view(rows, i, 7), arena,
                         &cards[i].reading, err) < 0)
            return -1;
    }
    *ret_cards = (struct json_list){cards, (size_t)n};
    return 0;
}

int store_scan_get(struct store_tx *tx, const struct id *id, struct arena *arena, struct store_scan *ret_scan,
                   struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_one(tx, SQL_SCAN_GET, ARGS(ARG_ID(id)), &rows, err) < 0)
        return -1;
    struct store_scan scan;
    if (scan_read(tx, rows, 0, arena, &scan, err) < 0 || cards_read(tx, id, arena, &scan.cards, err) < 0)
        return -1;
    *ret_scan = scan;
    return 0;
}

int store_scan_list(struct store_tx *tx, const struct store_scan_filter *filter, const struct store_page *page,
                    struct arena *arena, struct json_list *ret_scans, struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run(tx, SQL_SCAN_LIST,
                  ARGS(ARG_ID(filter->user), ARG_STR(filter->state), ARG_BOOL(filter->deleted), ARG_ID(&page->before),
                       ARG_INT(page->limit)),
                  &rows, err) < 0)
        return -1;
    int n = store_rows_count(rows);
    struct store_scan *scans = arena_array(arena, (size_t)n, sizeof *scans);
    for (int i = 0; i < n; i++)
        if (scan_read(tx, rows, i, arena, &scans[i], err) < 0)
            return -1;
    *ret_scans = (struct json_list){scans, (size_t)n};
    return 0;
}

static int scan_left(int r, const char *from, struct err *err)
{
    return r < 0 && err->code == ERR_NOT_FOUND ? err_set(err, ERR_CONFLICT, "it is not in state %s", from) : r;
}

int store_scan_move(struct store_tx *tx, const struct id *id, const char *from, const char *to, struct err *err)
{
    int r = store_run_one(tx, SQL_SCAN_MOVE, ARGS(ARG_ID(id), ARG_C(from), ARG_C(to)), NULL, err);
    return scan_left(r, from, err);
}

static int scan_step(struct store_tx *tx, const struct store_scan *scan, const char *from, const char *to,
                     struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct str param;
    if (store_seal(tx, (struct store_place){param_column, &scan->id}, scan->param, arena, &param, err) < 0)
        return -1;
    int r = store_run_one(tx, SQL_SCAN_STEP,
                          ARGS(ARG_ID(&scan->id), ARG_C(from), ARG_C(to), ARG_INT(scan->width), ARG_INT(scan->height),
                               ARG_STR(advice_join(&scan->advice, arena)), ARG_STR(scan->problem), ARG_STR(param)),
                          NULL, err);
    return scan_left(r, from, err);
}

int store_scan_fail(struct store_tx *tx, const struct store_scan *scan, const char *from, struct err *err)
{
    return scan_step(tx, scan, from, "failed", err);
}

static int card_add(struct store_tx *tx, const struct id *scan, const struct store_card *card, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct id row = id_new();
    struct str reading, thumb;
    if (store_seal(tx, (struct store_place){"cards.reading", &row}, card->reading, arena, &reading, err) < 0 ||
        store_seal(tx, (struct store_place){"cards.thumb", &row}, card->thumb, arena, &thumb, err) < 0)
        return -1;
    return store_run(tx, SQL_CARD_ADD,
                     ARGS(ARG_ID(scan), ARG_INT(card->n), ARG_ID(&row), ARG_STR(card->quad), ARG_ID(&card->image),
                          ARG_INT(card->width), ARG_INT(card->height), ARG_ID(&card->contact), ARG_STR(reading),
                          ARG_ID(&card->back_image), ARG_INT(card->back_width), ARG_INT(card->back_height),
                          ARG_STR(thumb)),
                     NULL, err);
}

int store_card_thumb(struct store_tx *tx, const struct id *scan, int64_t n, struct arena *arena, struct str *ret_jpeg,
                     struct err *err)
{
    _cleanup_(store_rows_freep) struct store_rows *rows = NULL;
    if (store_run_one(tx, SQL_CARD_THUMB, ARGS(ARG_ID(scan), ARG_INT(n)), &rows, err) < 0)
        return -1;
    struct id row = store_row_id(rows, 0, 0);
    struct store_place place = {"cards.thumb", &row};
    return store_unseal(tx, place, store_row_view(rows, 0, 1), arena, ret_jpeg, err);
}

int store_scan_finish(struct store_tx *tx, const struct store_scan *scan, struct err *err)
{
    if (scan_step(tx, scan, "reading", "read", err) < 0 ||
        store_run(tx, SQL_CARD_DROP, ARGS(ARG_ID(&scan->id)), NULL, err) < 0)
        return -1;
    for (size_t i = 0; i < scan->cards.n; i++)
        if (card_add(tx, &scan->id, (const struct store_card *)scan->cards.items + i, err) < 0)
            return -1;
    return 0;
}

int store_scan_set_job(struct store_tx *tx, const struct id *id, const struct id *job, struct err *err)
{
    return store_run_one(tx, SQL_SCAN_SET_JOB, ARGS(ARG_ID(id), ARG_ID(job)), NULL, err);
}

int store_card_set_contact(struct store_tx *tx, const struct id *scan, int64_t n, const struct id *contact,
                           struct err *err)
{
    return store_run_one(tx, SQL_CARD_SET_CONTACT, ARGS(ARG_ID(scan), ARG_INT(n), ARG_ID(contact)), NULL, err);
}

int store_scan_delete(struct store_tx *tx, const struct id *id, int64_t version, struct err *err)
{
    if (store_run_one(tx, SQL_SCAN_DELETE, ARGS(ARG_ID(id), ARG_INT(version)), NULL, err) < 0)
        return err->code == ERR_NOT_FOUND ? store_not_deleted(tx, SQL_SCAN_VERSION, id, true, err) : -1;
    return 0;
}

int store_scan_restore(struct store_tx *tx, const struct id *id, int64_t version, struct err *err)
{
    if (store_run_one(tx, SQL_SCAN_RESTORE, ARGS(ARG_ID(id), ARG_INT(version)), NULL, err) < 0)
        return err->code == ERR_NOT_FOUND ? store_not_deleted(tx, SQL_SCAN_VERSION, id, false, err) : -1;
    return 0;
}
