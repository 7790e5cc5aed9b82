/* The walk in plain steps; see reader.h. */
#include "ocr/reader.h"

#include "base/limits.h"
#include "ocr/card.h"
#include "ocr/codes.h"
#include "ocr/fields/fields.h"

#include <math.h>

enum {
    LOOK_PIXELS = 4 * 1000 * 1000,  /* the photo is looked at in this size */
    FINE_PIXELS = 16 * 1000 * 1000, /* and decoded again in this when a card is small on it */
    FINE_BELOW = 900,               /* pixels of the longer side of a card that is small */
    CODE_SIDE = 2600,               /* of the copy on which codes are looked for */
    DEADLINE_MS = 8000,
};

struct ocr_reader {
    struct ocr_engine *engine;
    struct ocr_reader_settings settings;
};

static int64_t now(const struct ocr_reader *reader)
{
    return reader->settings.clock ? reader->settings.clock() : 0;
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

/* Everything about one photo that its cards share. */
struct photo_walk {
    struct str bytes;
    struct ocr_photo photo;
    struct ocr_image gray;
    struct ocr_found found;
    struct ocr_code codes[OCR_CODES];
    int n_codes;
    double decode_ms, find_ms;
    int64_t start, budget; /* when the first card began, and the milliseconds for all of them */
};

static int read_card(struct ocr_reader *reader, struct photo_walk *of, int i, struct arena *arena,
                     struct ocr_card *card, struct err *err)
{
    int64_t start = now(reader);
    struct ocr_patience patience = {.clock = reader->settings.clock};
    patience.deadline = of->start + of->budget * (int64_t)(i + 1) / of->found.n;
    struct ocr_card_walk walk = {.photo = &of->photo, .gray = of->gray, .quad = of->found.quads[i]};
    patience.once = reader->settings.without & OCR_STEP_SECOND;
    patience.raw = reader->settings.without & OCR_STEP_CLEAN;
    patience.afar = reader->settings.without & OCR_STEP_LINES;
    patience.unturned = reader->settings.without & OCR_STEP_TURN;
    if (!ocr_card_read(&walk, reader->engine, &patience, of->found.sideways, arena))
        return err_set(err, ERR_NO_CARD, "%s", "");
    walk.page.codes = codes_of(of->codes, of->n_codes, &walk.quad, of->found.n == 1, arena);
    if (!walk.page.n && !walk.page.codes.n)
        return err_set(err, ERR_NO_CARD, "%s", "");
    if (reader->settings.watch)
        reader->settings.watch(reader->settings.watch_arg, &walk.page);
    int64_t read = now(reader);
    if (ocr_fields_read(&walk.page, reader->settings.region, arena, card, err) < 0)
        return -1;
    ocr_card_place(&walk, card, arena);
    if (reader->settings.images)
        ocr_card_show(&walk, card, arena);
    card->ms = (struct ocr_times){.decode = of->decode_ms, .find = of->find_ms, .read = (double)(read - start)};
    card->ms.extract = (double)(now(reader) - read);
    card->ms.total = card->ms.decode + card->ms.find + card->ms.read + card->ms.extract;
    return 0;
}

static void find_codes(struct photo_walk *walk, struct arena *arena)
{
    struct ocr_image gray = ocr_image_fit(walk->gray, CODE_SIDE, arena);
    double scale = (double)walk->gray.w / gray.w;
    walk->n_codes = ocr_find_codes(gray, arena, walk->codes);
    for (int i = 0; i < walk->n_codes; i++) {
        walk->codes[i].middle.x *= scale;
        walk->codes[i].middle.y *= scale;
    }
}

/* Decodes the photo again, as large as it is, when its reduced copy shows a card too small; quads grow with it. */
static int look_closer(struct photo_walk *walk, struct arena *arena, struct err *err)
{
    double least = INFINITY;
    for (int i = 0; i < walk->found.n; i++)
        least = fmin(least, ocr_card_side(&walk->found.quads[i]));
    if (walk->photo.image.w >= walk->photo.w || least >= FINE_BELOW)
        return 0;
    double before = walk->photo.image.w;
    if (ocr_decode(walk->bytes, FINE_PIXELS, arena, &walk->photo, err) < 0)
        return -1;
    walk->gray = ocr_image_gray(walk->photo.image, arena);
    double scale = walk->photo.image.w / before;
    for (int i = 0; i < walk->found.n; i++)
        ocr_quad_scale(&walk->found.quads[i], scale);
    for (int i = 0; i < walk->n_codes; i++)
        walk->codes[i].middle = (struct ocr_place){walk->codes[i].middle.x * scale, walk->codes[i].middle.y * scale};
    return 0;
}

static int open_photo(struct ocr_reader *reader, struct photo_walk *walk, struct arena *arena, struct err *err)
{
    int64_t start = now(reader);
    if (ocr_decode(walk->bytes, LOOK_PIXELS, arena, &walk->photo, err) < 0)
        return -1;
    walk->gray = ocr_image_gray(walk->photo.image, arena);
    int64_t decoded = now(reader);
    walk->found = ocr_find_cards(walk->photo.image, arena);
    if (reader->settings.without & OCR_STEP_CROP)
        walk->found = ocr_find_nothing(walk->photo.image);
    if (!(reader->settings.without & OCR_STEP_CODES))
        find_codes(walk, arena);
    int64_t found = now(reader);
    if (!(reader->settings.without & OCR_STEP_CLOSER) && look_closer(walk, arena, err) < 0)
        return -1;
    walk->decode_ms = (double)(decoded - start + now(reader) - found);
    walk->find_ms = (double)(found - decoded);
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
    struct photo_walk of = {.bytes = image};
    if (open_photo(reader, &of, arena, err) < 0)
        return -1;
    struct ocr_card *cards = arena_array(arena, LIMIT_CARDS_PER_PHOTO, sizeof *cards);
    size_t n = 0;
    of.start = now(reader);
    of.budget = reader->settings.deadline_ms > 0 ? reader->settings.deadline_ms : DEADLINE_MS;
    for (int i = 0; i < of.found.n; i++) {
        struct ocr_card card = {.card = (int64_t)n + 1};
        if (read_card(reader, &of, i, arena, &card, err) == 0)
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

struct str ocr_reader_manifest(const struct ocr_reader *reader, struct arena *arena)
{
    const char *region = reader->settings.region;
    return str_printf(arena, "%.*s, models %s, region %s, deadline %d ms", STR_ARG(ocr_engine_version(arena)),
                      ocr_engine_languages(reader->engine), region ? region : "none",
                      reader->settings.deadline_ms > 0 ? reader->settings.deadline_ms : DEADLINE_MS);
}

void ocr_reader_freep(struct ocr_reader **reader)
{
    if (!*reader)
        return;
    ocr_engine_freep(&(*reader)->engine);
    free(*reader);
    *reader = NULL;
}
