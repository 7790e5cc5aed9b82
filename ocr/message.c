/* The shapes of the reader's answer; see message.h. */
#include "ocr/message.h"

#include "base/limits.h"

#define ROW(shape_, member, kind_, ...)                                                                                \
    {                                                                                                                  \
        .name = #member, .kind = kind_, .offset = offsetof(struct shape_, member), __VA_ARGS__                         \
    }
#define SHAPE(name_, type, rows)                                                                                       \
    {                                                                                                                  \
        name_, sizeof(struct type), rows, ARRAY_LEN(rows), false                                                       \
    }

static const struct json_field quality_rows[] = {
    ROW(ocr_quality, advice, JSON_STRS,
        .doc = "What a better photo would need: blur, glare (glare_email … over which field), dark, small, cut."),
    ROW(ocr_quality, sharpness, JSON_DOUBLE, .doc = "0 to 1."),
};
const struct json_shape ocr_quality_shape = SHAPE("CardQuality", ocr_quality, quality_rows);

static const struct json_field times_rows[] = {
    ROW(ocr_times, decode, JSON_DOUBLE, .doc = "Milliseconds."),
    ROW(ocr_times, find, JSON_DOUBLE),
    ROW(ocr_times, read, JSON_DOUBLE),
    ROW(ocr_times, extract, JSON_DOUBLE),
    ROW(ocr_times, total, JSON_DOUBLE),
};
const struct json_shape ocr_times_shape = SHAPE("CardTimes", ocr_times, times_rows);

static const struct json_field rest_rows[] = {
    ROW(ocr_rest, text, JSON_STR, .flags = JSON_REQUIRED),
    ROW(ocr_rest, box, JSON_DOUBLES, .max = 4, .doc = "x, y, width, height in pixels of the upright photo."),
    ROW(ocr_rest, card_box, JSON_DOUBLES, .max = 4, .doc = "The same in pixels of the card's image."),
    ROW(ocr_rest, side, JSON_STR, .flags = JSON_OMIT, .max = 8, .doc = "back: the boxes lie on the card's other side."),
};
const struct json_shape ocr_rest_shape = SHAPE("UnassignedText", ocr_rest, rest_rows);

static const struct json_field reason_rows[] = {
    ROW(ocr_reason, field, JSON_STR),
    ROW(ocr_reason, sign, JSON_STR),
    ROW(ocr_reason, value, JSON_DOUBLE),
    ROW(ocr_reason, weight, JSON_DOUBLE, .doc = "Log-odds; below 0 contradicts."),
};
const struct json_shape ocr_reason_shape = SHAPE("ReadingReason", ocr_reason, reason_rows);

static const struct json_field card_rows[] = {
    ROW(ocr_card, card, JSON_INT, .doc = "1-based number on the image."),
    ROW(ocr_card, quad, JSON_ANY, .doc = "Corners clockwise from top left, pixels of the upright photo."),
    ROW(ocr_card, contact, JSON_REF, .shape = &contact_shape),
    ROW(ocr_card, fields, JSON_LIST, .shape = &contact_claim_shape),
    ROW(ocr_card, reasons, JSON_LIST, .shape = &ocr_reason_shape),
    ROW(ocr_card, unassigned, JSON_LIST, .shape = &ocr_rest_shape),
    ROW(ocr_card, quality, JSON_OBJ, .shape = &ocr_quality_shape),
    ROW(ocr_card, ms, JSON_OBJ, .shape = &ocr_times_shape),
    ROW(ocr_card, width, JSON_INT),
    ROW(ocr_card, height, JSON_INT),
    ROW(ocr_card, jpeg, JSON_STR, .max = LIMIT_PARSE_ANSWER, .doc = "Base64 of the rectified card image."),
    ROW(ocr_card, thumb, JSON_STR, .max = LIMIT_PARSE_ANSWER, .doc = "Base64 of the same, small."),
};
const struct json_shape ocr_card_shape = SHAPE("ReadCard", ocr_card, card_rows);

static const struct json_field message_rows[] = {
    ROW(ocr_message, width, JSON_INT),
    ROW(ocr_message, height, JSON_INT),
    ROW(ocr_message, media_type, JSON_STR),
    ROW(ocr_message, cards, JSON_LIST, .max = LIMIT_CARDS_PER_PHOTO, .shape = &ocr_card_shape),
    ROW(ocr_message, problem, JSON_STR, .doc = "Slug of the error list."),
    ROW(ocr_message, param, JSON_STR),
};
const struct json_shape ocr_message_shape = SHAPE("Reading", ocr_message, message_rows);
