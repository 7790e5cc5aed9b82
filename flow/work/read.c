/* The job "read": blob -> locked-up reader -> cards, contacts, jobs "match", in one transaction. A reader that dies
 * takes nothing with it. */
#include "base/crypto.h"
#include "base/limits.h"
#include "flow/common.h"
#include "flow/contacts.h"
#include "flow/reading.h"
#include "flow/scans.h"
#include "flow/states.h"
#include "flow/work/work.h"
#include "ocr/sides.h"
#include "store/contact.h"
#include "store/scan.h"

/* The reader ends a child after LIMIT_PARSE_WALL_SECONDS by itself; waiting for a free place comes on top. */
enum { READER_MS = (LIMIT_PARSE_WALL_SECONDS + 30) * 1000 };

static const char *word(enum flow_scan_state state)
{
    return flow_scan_words[state];
}

/* ---- What the reader sent ---- */

static int base64_bytes(struct str text, struct arena *arena, struct str *ret_bytes, struct err *err)
{
    char *url = arena_alloc(arena, text.n);
    size_t n = 0;
    for (size_t i = 0; i < text.n && text.p[i] != '='; i++)
        url[n++] = text.p[i] == '+' ? '-' : text.p[i] == '/' ? '_' : text.p[i];
    return crypto_base64url_decode((struct str){url, n}, arena, ret_bytes, err);
}

static struct str reading_of(const struct ocr_card *card, struct arena *arena)
{
    const struct ocr_rest *rest = card->unassigned.items;
    struct flow_unassigned *texts = arena_array(arena, card->unassigned.n, sizeof *texts);
    for (size_t i = 0; i < card->unassigned.n; i++)
        texts[i] = (struct flow_unassigned){rest[i].text, rest[i].box, rest[i].card_box, rest[i].side};
    struct flow_reading reading = {card->fields, {texts, card->unassigned.n}};
    return json_write(&flow_reading_shape, &reading, arena);
}

/* ---- Keeping ---- */

struct keep {
    struct flow_work *work;
    struct store_tx *tx;
    struct store_scan *scan;
};

static int card_picture(struct keep *keep, const struct ocr_card *card, struct id *ret_image, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct store_blob blob;
    struct str bytes;
    if (!card || !card->jpeg.p)
        return 0;
    if (base64_bytes(card->jpeg, arena, &bytes, err) < 0 ||
        store_blob_put(keep->tx, bytes, "image/jpeg", &blob, err) < 0)
        return -1;
    *ret_image = blob.id;
    return 0;
}

static int card_contact(struct keep *keep, const struct ocr_card *card, struct str reading, struct id *ret_contact,
                        struct err *err)
{
    struct arena *arena = keep->work->arena;
    struct store_contact row = {.list = keep->scan->list,
                                .owner = keep->scan->user,
                                .scan = keep->scan->id,
                                .fair = {.id = keep->scan->fair},
                                .card = card->card,
                                .state = str_c(flow_contact_words[FLOW_CONTACT_read]),
                                .reading = reading};
    struct id job;
    if (!card->contact)
        return 0;
    row.contact = *card->contact;
    flow_contact_keep_sound(&row.contact, flow_region(keep->work->flow), arena);
    if (store_contact_add(keep->tx, &row, ret_contact, err) < 0)
        return -1;
    struct store_job_spec spec = {
        .kind = "match", .subject = *ret_contact, .user = keep->scan->user, .max_attempts = FLOW_MATCH_ATTEMPTS};
    struct flow_deed deed = {.action = "contact.read",
                             .kind = "contact",
                             .subject = ret_contact,
                             .state = flow_contact_words[FLOW_CONTACT_read]};
    if (store_job_add(keep->tx, &spec, &job, err) < 0)
        return -1;
    flow_tell(keep->tx, &keep->work->actor, &deed);
    return 0;
}

static int card_keep(struct keep *keep, const struct ocr_card *card, struct store_card *row, struct err *err)
{
    *row = (struct store_card){.n = card->card,
                               .quad = card->quad,
                               .width = card->width,
                               .height = card->height,
                               .back_width = card->back ? card->back->width : 0,
                               .back_height = card->back ? card->back->height : 0,
                               .reading = reading_of(card, keep->work->arena)};
    if (card_picture(keep, card, &row->image, err) < 0 || card_picture(keep, card->back, &row->back_image, err) < 0)
        return -1;
    if (card->thumb.p && base64_bytes(card->thumb, keep->work->arena, &row->thumb, err) < 0)
        return -1;
    return card_contact(keep, card, row->reading, &row->contact, err);
}

/* All advice of the cards, each word once. */
static struct json_list advice_of(const struct ocr_message *message, struct arena *arena)
{
    const struct ocr_card *cards = message->cards.items;
    struct strbuf seen = {.arena = arena};
    size_t n = 0, most = 0;
    for (size_t i = 0; i < message->cards.n; i++)
        most += cards[i].quality.advice.n;
    struct str *words = arena_array(arena, most, sizeof *words);
    for (size_t i = 0; i < message->cards.n; i++)
        for (size_t k = 0; k < cards[i].quality.advice.n; k++) {
            struct str one = ((const struct str *)cards[i].quality.advice.items)[k];
            struct str mark = str_printf(arena, "|%.*s|", STR_ARG(one));
            if (str_find(strbuf_str(&seen), mark, 0) < 0)
                words[n++] = one;
            strbuf_add(&seen, mark);
        }
    return (struct json_list){words, n};
}

static int keep_cards(struct keep *keep, const struct ocr_message *message, struct err *err)
{
    const struct ocr_card *cards = message->cards.items;
    struct store_card *rows = arena_array(keep->work->arena, message->cards.n, sizeof *rows);
    for (size_t i = 0; i < message->cards.n; i++)
        if (card_keep(keep, &cards[i], &rows[i], err) < 0)
            return -1;
    keep->scan->cards = (struct json_list){rows, message->cards.n};
    return store_scan_finish(keep->tx, keep->scan, err);
}

static int keep_problem(struct keep *keep, const struct ocr_message *message, struct err *err)
{
    bool known = err_from_slug(message->problem) != ERR_NONE;
    keep->scan->problem = known ? message->problem : str_c(err_slug(ERR_IMAGE_BROKEN));
    keep->scan->param = message->param;
    return store_scan_fail(keep->tx, keep->scan, word(FLOW_SCAN_reading), err);
}

static int read_keep(struct flow_work *work, struct store_scan *scan, const struct ocr_message *message,
                     struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    bool failed = message->problem.p || message->cards.n == 0;
    struct flow_deed deed = {.action = failed ? "scan.fail" : "scan.read", .kind = "scan", .subject = &work->subject};
    if (flow_work_begin(work, &tx, err) < 0)
        return -1;
    struct keep keep = {work, tx, scan};
    scan->width = message->width;
    scan->height = message->height;
    scan->advice = advice_of(message, work->arena);
    deed.state = word(failed ? FLOW_SCAN_failed : FLOW_SCAN_read);
    if ((failed ? keep_problem(&keep, message, err) : keep_cards(&keep, message, err)) < 0)
        return -1;
    flow_tell(tx, &work->actor, &deed);
    return flow_work_done(work, &tx, err);
}

/* ---- The job ---- */

/* The photos of one scan, opened; -1: there is none. */
struct photos {
    int front, back;
};

static void photos_close(struct photos *photos)
{
    cleanup_close(&photos->front);
    cleanup_close(&photos->back);
}

/* Marks the scan as being read and opens its photos. None is open when there is nothing to do any more. */
static int read_take(struct flow_work *work, struct store_scan *ret_scan, struct photos *ret_photos, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    if (flow_work_begin(work, &tx, err) < 0 || store_scan_get(tx, &work->subject, work->arena, ret_scan, err) < 0)
        return -1;
    int state = flow_state_of(FLOW_SCAN, ret_scan->state);
    if (ret_scan->deleted_at || (state != FLOW_SCAN_received && state != FLOW_SCAN_reading))
        return flow_work_done(work, &tx, err);
    if (store_blob_memfd(tx, &ret_scan->blob, &ret_photos->front, err) < 0 ||
        (!id_none(&ret_scan->back) && store_blob_memfd(tx, &ret_scan->back, &ret_photos->back, err) < 0))
        return -1;
    if (state == FLOW_SCAN_received) {
        if (store_scan_move(tx, &work->subject, word(FLOW_SCAN_received), word(FLOW_SCAN_reading), err) < 0)
            return -1;
        store_event(tx, "scan", &work->subject, word(FLOW_SCAN_reading));
    }
    return store_commit(&tx, err);
}

/* What the locked-up reader says about one photo. */
static int read_photo(struct flow_work *work, int fd, struct ocr_message *ret_message, struct err *err)
{
    struct flow_reader reader = work->flow->reader;
    struct str json;
    if (reader.read(reader.self, fd, READER_MS, work->arena, &json, err) < 0)
        return -1;
    if (json_read(&ocr_message_shape, json, work->arena, ret_message, err) < 0) {
        struct err bad = *err; /* what came out of the jail is not ours to trust: it counts as a dead reader */
        (void)err_set(err, ERR_PARSE_KILLED, "answer");
        return err_detail(err, "%s %s", bad.param, bad.pointer);
    }
    if (err_from_slug(ret_message->problem) == ERR_BUSY) /* not the photo's fault: another attempt */
        return err_set(err, ERR_BUSY, "%.*s", STR_ARG(ret_message->param));
    return 0;
}

int flow_work_read(struct flow_work *work, struct err *err)
{
    _cleanup_(photos_close) struct photos photos = {-1, -1};
    struct store_scan scan;
    struct ocr_message message, back;
    if (!work->flow->reader.read)
        return err_set(err, ERR_INTERNAL, "no reader is lent");
    if (read_take(work, &scan, &photos, err) < 0)
        return -1;
    if (photos.front < 0)
        return 0;
    if (read_photo(work, photos.front, &message, err) < 0)
        return -1;
    if (photos.back >= 0) {
        if (read_photo(work, photos.back, &back, err) < 0)
            return -1;
        ocr_sides_join(&message, &back, work->arena, &message);
    }
    return read_keep(work, &scan, &message, err);
}

int flow_work_read_buried(struct store_tx *tx, const struct id *subject, const struct err *why, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct store_scan scan;
    if (store_scan_get(tx, subject, arena, &scan, err) < 0)
        return -1;
    int state = flow_state_of(FLOW_SCAN, scan.state);
    if (state != FLOW_SCAN_received && state != FLOW_SCAN_reading)
        return 0;
    scan.problem = str_c(err_slug(why->code));
    scan.param = str_c(why->param);
    if (store_scan_fail(tx, &scan, flow_scan_words[state], err) < 0)
        return -1;
    store_event(tx, "scan", subject, word(FLOW_SCAN_failed));
    return 0;
}
