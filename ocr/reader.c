/* The walk in plain steps; see reader.h. */
#include "ocr/reader.h"

#include "base/crypto.h"
#include "base/limits.h"
#include "ocr/codes.h"
#include "ocr/fields/fields.h"
#include "ocr/image/blobs.h"
#include "ocr/image/clean.h"
#include "ocr/image/decode.h"
#include "ocr/image/find.h"
#include "ocr/image/quality.h"
#include "ocr/text/engine.h"
#include "ocr/text/layout.h"
#include "ocr/text/merge.h"

#include <math.h>

enum {
    CARD_SIDE = 1800, /* pixels of the rectified card's longer side */
    CARD_GROW = 3,    /* a small card is enlarged at most this much */
    TRY_SIDE = 900,   /* of the copies on which the ways up are tried */
    TRY_MS = 1500,
    CODE_SIDE = 2600, /* of the copy on which codes are looked for */
    SPECKS = 4000,    /* blobs of a card beyond which looking for sparse text takes seconds */
    ENOUGH = 25,      /* letters read with confidence: the card is the right way up */
    DEADLINE_MS = 8000,
    PASS_MS = 2000, /* every pass gets at least this, so that a busy machine reads slowly instead of not at all */
    JPEG_QUALITY = 82,
};

struct ocr_reader {
    struct ocr_engine *engine;
    struct ocr_reader_settings settings;
};

/* One card on its way. */
struct card_walk {
    struct ocr_photo *photo;
    struct ocr_quad quad; /* pixels of photo->image */
    struct ocr_homography to_photo;
    struct ocr_image image; /* rectified */
    struct ocr_page page;
    int64_t deadline;
};

static int64_t now(const struct ocr_reader *reader)
{
    return reader->settings.clock ? reader->settings.clock() : 0;
}

static double side(struct ocr_place a, struct ocr_place b)
{
    return hypot(a.x - b.x, a.y - b.y);
}

static bool rectify(struct card_walk *walk, struct arena *arena)
{
    const struct ocr_place *q = walk->quad.corner;
    double w = (side(q[0], q[1]) + side(q[3], q[2])) / 2, h = (side(q[0], q[3]) + side(q[1], q[2])) / 2;
    double scale = fmin(CARD_SIDE / fmax(w, h), CARD_GROW);
    int to_w = (int)lround(w * scale), to_h = (int)lround(h * scale);
    if (to_w < 16 || to_h < 16 || !ocr_homography_from_quad(to_w, to_h, q, &walk->to_photo))
        return false;
    walk->image = ocr_image_warp(walk->photo->image, &walk->to_photo, to_w, to_h, arena);
    return true;
}

/* Letters of words that are read with some confidence: what tells the right way up from the wrong. */
static double sure_letters(const struct ocr_words *words)
{
    double letters = 0;
    for (size_t i = 0; i < words->n; i++)
        if (words->items[i].confidence > 0.7 && words->items[i].text.n > 2)
            letters += (double)words->items[i].text.n * words->items[i].confidence;
    return letters;
}

/* The card seen with its corner `first` at the top left. */
static struct ocr_quad turned(const struct ocr_quad *quad, int first)
{
    struct ocr_quad to;
    for (int i = 0; i < 4; i++)
        to.corner[i] = quad->corner[(first + i) % 4];
    return to;
}

/* Reads small copies in the ways up that are still open and turns the quad to the best; whether it turned. */
static bool turn_upright(struct ocr_reader *reader, struct card_walk *walk, bool sideways, struct arena *arena)
{
    static const int all[] = {0, 1, 2, 3}, quarters[] = {1, 3};
    const int *ways = sideways ? quarters : all;
    size_t n = sideways ? ARRAY_LEN(quarters) : ARRAY_LEN(all);
    struct ocr_image small = ocr_image_fit(ocr_image_gray(walk->image, arena), TRY_SIDE, arena);
    static const int exif[] = {1, 8, 3, 6}; /* corner i to the top left is a turn by i quarters to the left */
    double best = -1;
    int first = 0;
    for (size_t i = 0; i < n; i++) {
        struct ocr_image view = ocr_clean_ink(ocr_image_upright(small, exif[ways[i]], arena), arena);
        struct ocr_words words;
        ocr_engine_read(reader->engine, view, OCR_LAYOUT_PAGE, TRY_MS, arena, &words);
        double score = sure_letters(&words) * (ways[i] == 0 ? 1.3 : 1); /* the photo's own way needs less proof */
        if (score > best) {
            best = score;
            first = ways[i];
        }
    }
    if (!first)
        return false;
    walk->quad = turned(&walk->quad, first);
    (void)rectify(walk, arena);
    return true;
}

/* Texture gives thousands of specks, and ordering them as sparse text grows with their square. */
static enum ocr_layout second_layout(struct ocr_image gray, struct arena *arena)
{
    struct ocr_blobs specks = ocr_blobs(ocr_clean_mask(gray, arena), arena);
    return specks.n > SPECKS ? OCR_LAYOUT_PAGE : OCR_LAYOUT_SPARSE;
}

static struct ocr_words read_twice(struct ocr_reader *reader, const struct card_walk *walk, struct arena *arena)
{
    struct ocr_image gray = ocr_image_gray(walk->image, arena);
    int ms = (int)(walk->deadline - now(reader)) / 2;
    struct ocr_words first, second;
    ms = ms > PASS_MS ? ms : PASS_MS;
    ocr_engine_read(reader->engine, ocr_clean_ink(gray, arena), OCR_LAYOUT_PAGE, ms, arena, &first);
    ocr_engine_read(reader->engine, ocr_clean_shadow(gray, arena), second_layout(gray, arena), ms, arena, &second);
    ocr_merge_clean(&first);
    ocr_merge_clean(&second);
    return ocr_merge(first, second, arena);
}

static void recognise(struct ocr_reader *reader, struct card_walk *walk, bool sideways, struct arena *arena)
{
    if (sideways)
        (void)turn_upright(reader, walk, true, arena);
    struct ocr_words words = read_twice(reader, walk, arena);
    if (!sideways && sure_letters(&words) < ENOUGH && turn_upright(reader, walk, false, arena))
        words = read_twice(reader, walk, arena);
    walk->page = ocr_layout(words.items, words.n, walk->image.w, walk->image.h, arena);
}

/* Codes that lie on this card; with one card, all of the photo. */
static struct json_list codes_of(const struct ocr_code *codes, int n, const struct ocr_quad *quad, bool only_card,
                                 struct arena *arena)
{
    struct str *texts = arena_array(arena, OCR_CODES, sizeof *texts);
    size_t k = 0;
    for (int i = 0; i < n; i++)
        if (only_card || ocr_quad_holds(quad, codes[i].middle, 0))
            texts[k++] = codes[i].text;
    return (struct json_list){texts, k};
}

static struct ocr_quality quality_of(const struct card_walk *walk, struct arena *arena)
{
    const struct ocr_place *q = walk->quad.corner;
    double source = fmax(side(q[0], q[1]), side(q[1], q[2])) * walk->photo->w / walk->photo->image.w;
    struct ocr_judgement j = ocr_judge(ocr_image_gray(walk->image, arena), source);
    struct str *words = arena_array(arena, OCR_ADVICE_COUNT, sizeof *words);
    size_t n = 0;
    for (int i = 0; i < OCR_ADVICE_COUNT; i++)
        if (j.advice[i])
            words[n++] = str_c(ocr_advice_words[i]);
    return (struct ocr_quality){.advice = {words, n}, .sharpness = round(j.sharpness * 100) / 100};
}

/* Pixels of the rectified card to pixels of the upright photo at full size. */
static struct ocr_place to_photo(const struct card_walk *walk, double x, double y)
{
    struct ocr_place p = ocr_homography_apply(&walk->to_photo, (struct ocr_place){x, y});
    return (struct ocr_place){p.x * walk->photo->w / walk->photo->image.w, p.y * walk->photo->h / walk->photo->image.h};
}

/* Upright box around a card_box seen in the photo; empty for claims without a place. */
static struct json_list photo_box(const struct card_walk *walk, struct json_list card_box, struct arena *arena)
{
    if (card_box.n != 4)
        return (struct json_list){0};
    const double *b = card_box.items;
    double x0 = INFINITY, y0 = INFINITY, x1 = -INFINITY, y1 = -INFINITY;
    for (int i = 0; i < 4; i++) {
        struct ocr_place p = to_photo(walk, b[0] + (i & 1 ? b[2] : 0), b[1] + (i & 2 ? b[3] : 0));
        x0 = fmin(x0, p.x);
        y0 = fmin(y0, p.y);
        x1 = fmax(x1, p.x);
        y1 = fmax(y1, p.y);
    }
    double *box = arena_array(arena, 4, sizeof *box);
    box[0] = round(fmax(x0, 0));
    box[1] = round(fmax(y0, 0));
    box[2] = round(fmin(x1, walk->photo->w) - fmax(x0, 0));
    box[3] = round(fmin(y1, walk->photo->h) - fmax(y0, 0));
    return (struct json_list){box, 4};
}

static void place_on_photo(const struct card_walk *walk, struct ocr_card *card, struct arena *arena)
{
    struct contact_claim *claims = card->fields.items;
    for (size_t i = 0; i < card->fields.n; i++)
        claims[i].box = photo_box(walk, claims[i].card_box, arena);
    struct ocr_rest *rests = card->unassigned.items;
    for (size_t i = 0; i < card->unassigned.n; i++)
        rests[i].box = photo_box(walk, rests[i].card_box, arena);
    struct strbuf quad = {.arena = arena};
    for (int i = 0; i < 4; i++) {
        struct ocr_place p = to_photo(walk, i == 1 || i == 2 ? walk->image.w : 0, i >= 2 ? walk->image.h : 0);
        strbuf_printf(&quad, "%c[%.0f,%.0f]", i ? ',' : '[', p.x, p.y);
    }
    strbuf_add_char(&quad, ']');
    card->quad = strbuf_str(&quad);
}

/* Everything about one photo that its cards share. */
struct photo_walk {
    struct ocr_photo photo;
    struct ocr_found found;
    struct ocr_code codes[OCR_CODES];
    int n_codes;
    double decode_ms, find_ms;
};

static int read_card(struct ocr_reader *reader, struct photo_walk *of, struct card_walk *walk, struct arena *arena,
                     struct ocr_card *card, struct err *err)
{
    int64_t start = now(reader);
    if (!rectify(walk, arena))
        return err_set(err, ERR_NO_CARD, "%s", "");
    recognise(reader, walk, of->found.sideways, arena);
    walk->page.codes = codes_of(of->codes, of->n_codes, &walk->quad, of->found.n == 1, arena);
    if (!walk->page.n && !walk->page.codes.n)
        return err_set(err, ERR_NO_CARD, "%s", "");
    if (reader->settings.watch)
        reader->settings.watch(reader->settings.watch_arg, &walk->page);
    int64_t read = now(reader);
    if (ocr_fields_read(&walk->page, reader->settings.region, arena, card, err) < 0)
        return -1;
    place_on_photo(walk, card, arena);
    card->quality = quality_of(walk, arena);
    card->width = walk->image.w;
    card->height = walk->image.h;
    if (reader->settings.images)
        card->jpeg = crypto_base64(ocr_encode_jpeg(walk->image, JPEG_QUALITY, arena), arena);
    card->ms = (struct ocr_times){.decode = of->decode_ms, .find = of->find_ms, .read = (double)(read - start)};
    card->ms.extract = (double)(now(reader) - read);
    card->ms.total = card->ms.decode + card->ms.find + card->ms.read + card->ms.extract;
    return 0;
}

static void find_codes(struct photo_walk *walk, struct arena *arena)
{
    struct ocr_image gray = ocr_image_fit(ocr_image_gray(walk->photo.image, arena), CODE_SIDE, arena);
    double scale = (double)walk->photo.image.w / gray.w;
    walk->n_codes = ocr_find_codes(gray, arena, walk->codes);
    for (int i = 0; i < walk->n_codes; i++) {
        walk->codes[i].middle.x *= scale;
        walk->codes[i].middle.y *= scale;
    }
}

static int open_photo(struct ocr_reader *reader, struct str image, struct photo_walk *walk, struct arena *arena,
                      struct err *err)
{
    int64_t start = now(reader);
    if (ocr_decode(image, arena, &walk->photo, err) < 0)
        return -1;
    int64_t decoded = now(reader);
    walk->found = ocr_find_cards(walk->photo.image, arena);
    find_codes(walk, arena);
    walk->decode_ms = (double)(decoded - start);
    walk->find_ms = (double)(now(reader) - decoded);
    return 0;
}

struct ocr_message ocr_message_of(const struct err *err, struct arena *arena)
{
    return (struct ocr_message){
        .media_type = STR("application/octet-stream"),
        .problem = str_c(err_slug(err->code)),
        .param = str_dup(arena, str_c(err->param)),
    };
}

int ocr_read(struct ocr_reader *reader, struct str image, struct arena *arena, struct ocr_message *ret_message,
             struct err *err)
{
    struct photo_walk of = {0};
    if (open_photo(reader, image, &of, arena, err) < 0)
        return -1;
    struct ocr_card *cards = arena_array(arena, LIMIT_CARDS_PER_PHOTO, sizeof *cards);
    size_t n = 0;
    int64_t start = now(reader);
    int budget = reader->settings.deadline_ms > 0 ? reader->settings.deadline_ms : DEADLINE_MS;
    for (int i = 0; i < of.found.n; i++) {
        struct card_walk walk = {.photo = &of.photo, .quad = of.found.quads[i]};
        walk.deadline = start + budget * (int64_t)(i + 1) / of.found.n;
        struct ocr_card card = {.card = (int64_t)n + 1};
        if (read_card(reader, &of, &walk, arena, &card, err) == 0)
            cards[n++] = card;
    }
    struct ocr_message message = {.width = of.photo.w, .height = of.photo.h, .cards = {cards, n}};
    message.media_type = ocr_probe_media_type(of.photo.type);
    if (!n)
        message.problem = str_c(err_slug(ERR_NO_CARD));
    *ret_message = message;
    return 0;
}

int ocr_reader_new(const struct ocr_reader_settings *settings, struct ocr_reader **ret_reader, struct err *err)
{
    _cleanup_(ocr_reader_freep) struct ocr_reader *reader = calloc(1, sizeof *reader);
    if (!reader)
        return err_set(err, ERR_INTERNAL, "%s", "");
    reader->settings = *settings;
    if (ocr_engine_new(settings->languages, &reader->engine, err) < 0)
        return -1;
    ocr_decode_prepare();
    *ret_reader = take(reader);
    return 0;
}

void ocr_reader_freep(struct ocr_reader **reader)
{
    if (!*reader)
        return;
    ocr_engine_freep(&(*reader)->engine);
    free(*reader);
    *reader = NULL;
}
