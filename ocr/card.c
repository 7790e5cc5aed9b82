/* Rectify, turn upright, read; see card.h. */
#include "ocr/card.h"

#include "base/crypto.h"
#include "ocr/find/texts.h"
#include "ocr/image/clean.h"
#include "ocr/image/quality.h"
#include "ocr/text/layout.h"

#include <math.h>

enum {
    CARD_SIDE = 1800, /* pixels of the rectified card's longer side */
    CARD_GROW = 3,    /* a small card is enlarged at most this much */
    TEXT_SIDE = 1200, /* of the copy on which rows of text are found */
    TRY_SIDE = 900,   /* of the copies on which the ways up are tried as a whole */
    TRY_MS = 1500,
    LEAD = 10,   /* letters more than the other way up: it is this way */
    ENOUGH = 60, /* letters read with confidence: the card is the right way up; upside down up to 30 look so */
    JPEG_QUALITY = 82,
    THUMB_QUALITY = 60,
};

static const double GLARE_OVER = 0.15; /* of a field and a little around it, burnt out */

static double side(struct ocr_place a, struct ocr_place b)
{
    return hypot(a.x - b.x, a.y - b.y);
}

double ocr_card_side(const struct ocr_quad *quad)
{
    const struct ocr_place *q = quad->corner;
    return fmax(fmax(side(q[0], q[1]), side(q[3], q[2])), fmax(side(q[0], q[3]), side(q[1], q[2])));
}

static bool rectify(struct ocr_card_walk *walk, struct arena *arena)
{
    const struct ocr_place *q = walk->quad.corner;
    double w = (side(q[0], q[1]) + side(q[3], q[2])) / 2, h = (side(q[0], q[3]) + side(q[1], q[2])) / 2;
    double scale = fmin(CARD_SIDE / fmax(w, h), CARD_GROW);
    int to_w = (int)lround(w * scale), to_h = (int)lround(h * scale);
    if (to_w < 16 || to_h < 16 || !ocr_homography_from_quad(to_w, to_h, q, &walk->to_photo))
        return false;
    walk->image = ocr_image_warp(walk->gray, &walk->to_photo, to_w, to_h, arena);
    return true;
}

/* The card seen with its corner `first` at the top left. */
static struct ocr_quad turned(const struct ocr_quad *quad, int first)
{
    struct ocr_quad to;
    for (int i = 0; i < 4; i++)
        to.corner[i] = quad->corner[(first + i) % 4];
    return to;
}

/* The Exif orientation that brings corner i to the top left: a turn by i quarters to the left. */
static const int quarter[] = {1, 8, 3, 6};

static struct ocr_image cut_out(struct ocr_image image, const struct ocr_blob *row, struct arena *arena)
{
    int thick = row->w < row->h ? row->w : row->h, margin = thick / 2 + 4;
    int x0 = row->x > margin ? row->x - margin : 0, y0 = row->y > margin ? row->y - margin : 0;
    int x1 = row->x + row->w + margin < image.w ? row->x + row->w + margin : image.w;
    int y1 = row->y + row->h + margin < image.h ? row->y + row->h + margin : image.h;
    struct ocr_image cut = ocr_image_black(arena, x1 - x0, y1 - y0, 1);
    for (int y = 0; y < cut.h; y++)
        memcpy(cut.p + (size_t)y * (size_t)cut.w, image.p + (size_t)(y0 + y) * (size_t)image.w + x0, (size_t)cut.w);
    return cut;
}

/* A few rows read both ways up. Returns the corner that belongs at the top left, -1 when they do not tell. */
static int ask_rows(const struct ocr_card_walk *walk, struct ocr_engine *engine, bool sideways, struct arena *arena)
{
    struct ocr_image small = ocr_image_fit(walk->image, TEXT_SIDE, arena);
    struct ocr_ground ground = ocr_clean_survey(small, arena);
    struct ocr_texts texts = ocr_find_texts(small, arena);
    struct ocr_image ink = ocr_clean_ink(small, &ground, arena);
    const int ways[] = {sideways ? 1 : 0, sideways ? 3 : 2};
    double score[] = {0, 0};
    for (int i = 0; texts.sideways == sideways && i < texts.n_rows; i++) {
        struct ocr_image row = cut_out(ink, &texts.rows[i], arena);
        for (int k = 0; k < 2; k++) {
            struct ocr_words words;
            ocr_engine_read(engine, ocr_image_upright(row, quarter[ways[k]], arena), OCR_LAYOUT_LINE, TRY_MS, arena,
                            &words);
            score[k] += ocr_sure_letters(&words);
        }
        if (fabs(score[0] - score[1]) >= LEAD)
            return score[0] > score[1] ? ways[0] : ways[1];
    }
    return -1;
}

/* Small copies of the whole card read in all four ways up. */
static int ask_all(const struct ocr_card_walk *walk, struct ocr_engine *engine, struct arena *arena)
{
    struct ocr_image small = ocr_image_fit(walk->image, TRY_SIDE, arena);
    struct ocr_ground ground = ocr_clean_survey(small, arena);
    struct ocr_image ink = ocr_clean_ink(small, &ground, arena);
    double best = -1;
    int first = 0;
    for (int way = 0; way < 4; way++) {
        struct ocr_words words;
        ocr_engine_read(engine, ocr_image_upright(ink, quarter[way], arena), OCR_LAYOUT_PAGE, TRY_MS, arena, &words);
        double score = ocr_sure_letters(&words) * (way == 0 ? 1.3 : 1); /* the photo's own way needs less proof */
        if (score > best) {
            best = score;
            first = way;
        }
    }
    return first;
}

/* Turns the card upright; whether that changed it. */
static bool turn(struct ocr_card_walk *walk, struct ocr_engine *engine, const struct ocr_patience *patience,
                 bool sideways, struct arena *arena)
{
    if (patience->unturned)
        return false;
    int first = ask_rows(walk, engine, sideways, arena);
    if (first < 0)
        first = ask_all(walk, engine, arena);
    if (first == 0)
        return false;
    walk->quad = turned(&walk->quad, first);
    return rectify(walk, arena);
}

/* The engine follows rows that run up or down by itself, but then nothing says what stands beside what: true when most
 * letters were read in words that are higher than wide. */
static bool upended(const struct ocr_words *words)
{
    double high = 0, wide = 0;
    for (size_t i = 0; i < words->n; i++) {
        const struct ocr_word *w = &words->items[i];
        if (w->text.n >= 4)
            *(w->box.h > 1.5 * w->box.w ? &high : &wide) += (double)w->text.n;
    }
    return high > wide;
}

bool ocr_card_read(struct ocr_card_walk *walk, struct ocr_engine *engine, const struct ocr_patience *patience,
                   bool sideways, struct arena *arena)
{
    if (!rectify(walk, arena))
        return false;
    if (sideways)
        (void)turn(walk, engine, patience, true, arena);
    struct ocr_words words = ocr_passes(engine, walk->image, patience, arena);
    bool again = upended(&words);
    if (again || (!sideways && ocr_sure_letters(&words) < ENOUGH))
        again = turn(walk, engine, patience, again && !sideways, arena);
    if (again)
        words = ocr_passes(engine, walk->image, patience, arena);
    walk->page = ocr_layout(words.items, words.n, walk->image.w, walk->image.h, arena);
    return true;
}

/* Glare over a field is said of that field; where the paper itself is white enough to burn out, nothing is said. */
static void blame_glare(const struct ocr_card_walk *walk, const struct json_list *claims, struct ocr_judgement *j)
{
    static const struct {
        const char *field;
        enum ocr_advice advice;
    } rows[] = {{"given_name", OCR_ADVICE_GLARE_NAME}, {"family_name", OCR_ADVICE_GLARE_NAME},
                {"job_title", OCR_ADVICE_GLARE_ROLE},  {"organization", OCR_ADVICE_GLARE_ORGANIZATION},
                {"emails", OCR_ADVICE_GLARE_EMAIL},    {"phones", OCR_ADVICE_GLARE_PHONE},
                {"urls", OCR_ADVICE_GLARE_URL},        {"addresses", OCR_ADVICE_GLARE_ADDRESS}};
    const struct contact_claim *claim = claims->items;
    for (size_t i = 0; j->advice[OCR_ADVICE_GLARE] && i < claims->n; i++) {
        const double *b = claim[i].card_box.n == 4 ? claim[i].card_box.items : NULL;
        if (!b || ocr_burnt(walk->image, b[0], b[1], b[2], b[3]) < GLARE_OVER)
            continue;
        for (size_t k = 0; k < ARRAY_LEN(rows); k++)
            if (str_starts(claim[i].field, str_c(rows[k].field)))
                j->advice[rows[k].advice] = true;
    }
    for (int i = OCR_ADVICE_GLARE_NAME; i < OCR_ADVICE_COUNT; i++)
        j->advice[OCR_ADVICE_GLARE] = j->advice[OCR_ADVICE_GLARE] && !j->advice[i];
}

static struct ocr_quality quality_of(const struct ocr_card_walk *walk, const struct json_list *claims,
                                     struct arena *arena)
{
    double source = ocr_card_side(&walk->quad) * walk->photo->w / walk->photo->image.w;
    struct ocr_judgement j = ocr_judge(walk->image, source);
    blame_glare(walk, claims, &j);
    struct str *words = arena_array(arena, OCR_ADVICE_COUNT, sizeof *words);
    size_t n = 0;
    for (int i = 0; i < OCR_ADVICE_COUNT; i++)
        if (j.advice[i])
            words[n++] = str_c(ocr_advice_words[i]);
    return (struct ocr_quality){.advice = {words, n}, .sharpness = round(j.sharpness * 100) / 100};
}

/* Pixels of the rectified card to pixels of the upright photo at full size. */
static struct ocr_place to_photo(const struct ocr_card_walk *walk, double x, double y)
{
    struct ocr_place p = ocr_homography_apply(&walk->to_photo, (struct ocr_place){x, y});
    return (struct ocr_place){p.x * walk->photo->w / walk->photo->image.w, p.y * walk->photo->h / walk->photo->image.h};
}

/* Upright box around a card_box seen in the photo; empty for claims without a place. */
static struct json_list photo_box(const struct ocr_card_walk *walk, struct json_list card_box, struct arena *arena)
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

void ocr_card_place(const struct ocr_card_walk *walk, struct ocr_card *card, struct arena *arena)
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
    card->quality = quality_of(walk, &card->fields, arena);
    card->width = walk->image.w;
    card->height = walk->image.h;
}

void ocr_card_show(const struct ocr_card_walk *walk, struct ocr_card *card, struct arena *arena)
{
    struct ocr_image colour = ocr_image_warp(walk->photo->image, &walk->to_photo, walk->image.w, walk->image.h, arena);
    struct ocr_image small = ocr_image_fit(colour, OCR_THUMB_SIDE, arena);
    card->jpeg = crypto_base64(ocr_encode_jpeg(colour, JPEG_QUALITY, arena), arena);
    card->thumb = crypto_base64(ocr_encode_jpeg(small, THUMB_QUALITY, arena), arena);
}
