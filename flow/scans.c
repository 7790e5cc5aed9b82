/* Scans as people see them; see scans.h. */
#include "flow/scans.h"

#include "base/limits.h"
#include "flow/audit/audit.h"
#include "flow/common.h"
#include "flow/jobs.h"
#include "flow/states.h"
#include "store/job.h"
#include "store/scan.h"

static struct json_list scan_cards(const struct store_scan *row, struct arena *arena)
{
    struct flow_scan_card *cards = arena_array(arena, row->cards.n, sizeof *cards);
    for (size_t i = 0; i < row->cards.n; i++) {
        const struct store_card *card = (const struct store_card *)row->cards.items + i;
        cards[i].n = card->n;
        cards[i].quad = card->quad;
        cards[i].image = str_printf(arena, "/v1/scans/%s/cards/%lld/image", row->id.s, (long long)card->n);
        cards[i].width = card->width;
        cards[i].height = card->height;
        cards[i].contact_id = flow_id_text(&card->contact, arena);
        if (!id_none(&card->back_image))
            cards[i].back_image = str_printf(arena, "%.*s?side=back", STR_ARG(cards[i].image));
        cards[i].back_width = card->back_width;
        cards[i].back_height = card->back_height;
    }
    return (struct json_list){cards, row->cards.n};
}

static struct flow_scan scan_of(const struct flow_actor *actor, const struct store_scan *row, struct arena *arena)
{
    return (struct flow_scan){
        .id = flow_id_text(&row->id, arena),
        .created_at = flow_time_text(row->created_at, arena),
        .state = flow_state_of(FLOW_SCAN, row->state),
        .list_id = flow_id_text(&row->list, arena),
        .media_type = row->media_type,
        .bytes = row->bytes,
        .width = row->width,
        .height = row->height,
        .sides = id_none(&row->back) ? 1 : 2,
        .quality = {.advice = row->advice},
        .problem = flow_problem_of(actor, row->problem, row->param, arena),
        .cards = scan_cards(row, arena),
        .job_id = flow_id_text(&row->job, arena),
        .deleted_at = flow_time_text(row->deleted_at, arena),
        .version = row->version,
    };
}

/* The scan, if the actor reaches its list. */
static int scan_load(struct store_tx *tx, const struct flow_actor *actor, const struct id *id, struct arena *arena,
                     struct store_scan *ret_row, struct err *err)
{
    struct store_scan row;
    if (store_scan_get(tx, id, arena, &row, err) < 0 || flow_reach(tx, actor, &row.list, false, err) < 0)
        return -1;
    *ret_row = row;
    return 0;
}

int flow_scan_fresh(struct store_tx *tx, const struct flow_actor *actor, const struct id *id, struct arena *arena,
                    struct flow_scan *ret_scan, struct err *err)
{
    struct store_scan row;
    if (store_scan_get(tx, id, arena, &row, err) < 0)
        return -1;
    *ret_scan = scan_of(actor, &row, arena);
    return 0;
}

int flow_scan_get(const struct flow *flow, const struct flow_actor *actor, struct id scan, struct arena *arena,
                  struct flow_scan *ret_scan, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_scan row;
    if (flow_begin(flow, actor, &tx, err) < 0 || scan_load(tx, actor, &scan, arena, &row, err) < 0)
        return -1;
    flow_read(actor, "scan", &scan);
    *ret_scan = scan_of(actor, &row, arena);
    return 0;
}

int flow_scan_list(const struct flow *flow, const struct flow_actor *actor, const struct flow_scan_query *query,
                   struct arena *arena, struct flow_list *ret_list, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_page page;
    struct json_list rows;
    int state = query->filter.state;
    struct store_scan_filter filter = {.user = flow_only(actor),
                                       .state = state < 0 ? STR_NONE : str_c(flow_scan_words[state]),
                                       .deleted = query->filter.deleted};
    if (flow_page_ask(&query->page, &page.before, &page.limit, err) < 0 || flow_begin(flow, actor, &tx, err) < 0 ||
        store_scan_list(tx, &filter, &page, arena, &rows, err) < 0)
        return -1;
    size_t n = flow_page_keep(&query->page, rows.n);
    struct flow_scan *scans = arena_array(arena, n, sizeof *scans);
    for (size_t i = 0; i < n; i++) {
        const struct store_scan *row = (const struct store_scan *)rows.items + i;
        scans[i] = scan_of(actor, row, arena);
        flow_read(actor, "scan", &row->id);
    }
    *ret_list = (struct flow_list){{scans, n}, n < rows.n ? scans[n - 1].id : STR_NONE};
    return 0;
}

/* Only the owner or an editor of its list, or who reaches everything, may change it. */
static int scan_change(struct store_tx *tx, const struct flow_actor *actor, const struct id *id, struct arena *arena,
                       struct store_scan *ret_row, struct err *err)
{
    struct store_scan row;
    if (scan_load(tx, actor, id, arena, &row, err) < 0 || flow_reach(tx, actor, &row.list, true, err) < 0)
        return -1;
    *ret_row = row;
    return 0;
}

int flow_scan_delete(const struct flow *flow, const struct flow_actor *actor, struct id scan, int64_t version,
                     struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct store_scan row;
    struct flow_deed deed = {.action = "scan.delete", .kind = "scan", .subject = &scan, .state = "deleted"};
    if (flow_begin(flow, actor, &tx, err) < 0 || scan_change(tx, actor, &scan, arena, &row, err) < 0 ||
        store_scan_delete(tx, &scan, version, err) < 0)
        return -1;
    flow_tell(tx, actor, &deed);
    return store_commit(&tx, err);
}

int flow_scan_restore(const struct flow *flow, const struct flow_actor *actor, struct id scan, struct arena *arena,
                      struct flow_scan *ret_scan, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_scan row;
    struct flow_deed deed = {.action = "scan.restore", .kind = "scan", .subject = &scan, .state = "restored"};
    if (flow_begin(flow, actor, &tx, err) < 0 || scan_change(tx, actor, &scan, arena, &row, err) < 0 ||
        store_scan_restore(tx, &scan, row.version, err) < 0)
        return -1;
    flow_tell(tx, actor, &deed);
    return store_commit(&tx, err) < 0 ? -1 : flow_scan_get(flow, actor, scan, arena, ret_scan, err);
}

int flow_scan_retry(const struct flow *flow, const struct flow_actor *actor, struct id scan, struct arena *arena,
                    struct flow_scan *ret_scan, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_scan row;
    struct id job;
    struct store_job_spec spec = {
        .kind = "read", .subject = scan, .user = actor->user, .max_attempts = FLOW_READ_ATTEMPTS};
    struct flow_deed deed = {.action = "scan.retry", .kind = "scan", .subject = &scan, .state = "received"};
    if (flow_begin(flow, actor, &tx, err) < 0 || scan_change(tx, actor, &scan, arena, &row, err) < 0)
        return -1;
    if (row.deleted_at)
        return err_set(err, ERR_CONFLICT, "deleted");
    if (store_scan_move(tx, &scan, "failed", "received", err) < 0 || store_job_add(tx, &spec, &job, err) < 0 ||
        store_scan_set_job(tx, &scan, &job, err) < 0)
        return -1;
    flow_tell(tx, actor, &deed);
    return store_commit(&tx, err) < 0 ? -1 : flow_scan_get(flow, actor, scan, arena, ret_scan, err);
}

/* A file, or bytes that are here. */
struct flow_image {
    struct store_blob_reader *reader; /* NULL: bytes */
    struct arena *arena;
    struct str media_type, bytes;
    uint64_t offset;
};

static struct flow_image *image_new(void)
{
    struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct flow_image *image = arena_one(arena, struct flow_image);
    image->arena = arena;
    return image;
}

static int image_blob(const struct store_scan *row, const struct flow_image_choice *choice, struct id *ret_blob,
                      struct err *err)
{
    *ret_blob = choice->card ? (struct id){""} : choice->back ? row->back : row->blob;
    for (size_t i = 0; i < row->cards.n; i++) {
        const struct store_card *one = (const struct store_card *)row->cards.items + i;
        if (one->n == choice->card)
            *ret_blob = choice->back ? one->back_image : one->image;
    }
    return id_none(ret_blob) ? err_set(err, ERR_NOT_FOUND, "image") : 0;
}

static int image_file(struct flow_image *image, struct store_tx *tx, const struct store_scan *row,
                      const struct flow_image_choice *choice, struct err *err)
{
    struct store_blob blob;
    struct id id;
    if (image_blob(row, choice, &id, err) < 0 || store_blob_get(tx, &id, image->arena, &blob, err) < 0)
        return -1;
    image->media_type = blob.media_type;
    return store_blob_open(tx, &id, &image->reader, err);
}

/* 1; 0 when none of that size was kept; -1. */
static int image_small(struct flow_image *image, struct store_tx *tx, const struct flow_image_choice *choice,
                       struct err *err)
{
    if (!choice->small || !choice->card || choice->back)
        return 0;
    if (store_card_thumb(tx, &choice->scan, choice->card, image->arena, &image->bytes, err) < 0)
        return err->code == ERR_NOT_FOUND ? 0 : -1;
    image->media_type = STR("image/jpeg");
    return 1;
}

int flow_image_open(const struct flow *flow, const struct flow_actor *actor, const struct flow_image_choice *choice,
                    struct flow_image **ret_image, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    _cleanup_(flow_image_freep) struct flow_image *image = image_new();
    struct store_scan row;
    if (flow_begin(flow, actor, &tx, err) < 0 || scan_load(tx, actor, &choice->scan, image->arena, &row, err) < 0)
        return -1;
    int small = image_small(image, tx, choice, err);
    if (small < 0 || (!small && image_file(image, tx, &row, choice, err) < 0))
        return -1;
    flow_read(actor, "scan", &choice->scan);
    *ret_image = take(image);
    return 0;
}

struct flow_image_info flow_image_info(const struct flow_image *image)
{
    uint64_t bytes = image->reader ? store_blob_size(image->reader) : image->bytes.n;
    return (struct flow_image_info){image->media_type, (int64_t)bytes};
}

int flow_image_read(struct flow_image *image, void *p, size_t n, size_t *ret_n, struct err *err)
{
    if (!image->reader) {
        struct str rest = str_slice(image->bytes, (size_t)image->offset, image->bytes.n);
        *ret_n = rest.n < n ? rest.n : n;
        memcpy(p, rest.p, *ret_n);
    } else if (store_blob_read(image->reader, image->offset, p, n, ret_n, err) < 0) {
        return -1;
    }
    image->offset += *ret_n;
    return 0;
}

void flow_image_free(struct flow_image *image)
{
    if (!image)
        return;
    store_blob_reader_freep(&image->reader);
    arena_free(image->arena); /* with the image */
}
