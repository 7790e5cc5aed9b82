/* Lines of `kartei scan` by shape (docs/contract.md); see scan_print.h. */
#include "services/scan_print.h"

#include "contact/vcard.h"
#include "ocr/sides.h"
#include "services/scan_explain.h"

struct line {
    struct str file, back;
    int64_t page; /* 1: only the first page of a file is read */
    struct ocr_card card;
};

struct failure {
    struct str type, title, detail;
};

struct error_line {
    struct str file;
    struct contact *contact; /* NULL */
    struct failure *error;
};

#define CARD(member, kind_, ...)                                                                                       \
    {                                                                                                                  \
        .name = #member, .kind = kind_, .offset = offsetof(struct line, card.member), __VA_ARGS__                      \
    }

static const struct json_field line_rows[] = {
    {.name = "file", .kind = JSON_STR, .offset = offsetof(struct line, file)},
    {.name = "back", .kind = JSON_STR, .offset = offsetof(struct line, back), .flags = JSON_OMIT},
    {.name = "page", .kind = JSON_INT, .offset = offsetof(struct line, page)},
    CARD(card, JSON_INT),
    CARD(quad, JSON_ANY),
    CARD(contact, JSON_REF, .shape = &contact_shape),
    CARD(fields, JSON_LIST, .shape = &contact_claim_shape),
    CARD(unassigned, JSON_LIST, .shape = &ocr_rest_shape),
    CARD(quality, JSON_OBJ, .shape = &ocr_quality_shape),
    CARD(ms, JSON_OBJ, .shape = &ocr_times_shape),
};
static const struct json_shape line_shape = {"ScanLine", sizeof(struct line), line_rows, ARRAY_LEN(line_rows), false};

static const struct json_field failure_rows[] = {
    {.name = "type", .kind = JSON_STR, .offset = offsetof(struct failure, type)},
    {.name = "title", .kind = JSON_STR, .offset = offsetof(struct failure, title)},
    {.name = "detail", .kind = JSON_STR, .offset = offsetof(struct failure, detail)},
};
static const struct json_shape failure_shape = {"ScanError", sizeof(struct failure), failure_rows,
                                                ARRAY_LEN(failure_rows), false};

static const struct json_field error_rows[] = {
    {.name = "file", .kind = JSON_STR, .offset = offsetof(struct error_line, file)},
    {.name = "contact", .kind = JSON_REF, .offset = offsetof(struct error_line, contact), .shape = &contact_shape},
    {.name = "error", .kind = JSON_REF, .offset = offsetof(struct error_line, error), .shape = &failure_shape},
};
static const struct json_shape error_shape = {"ScanErrorLine", sizeof(struct error_line), error_rows,
                                              ARRAY_LEN(error_rows), false};

int scan_format_find(struct str word, enum scan_format *ret_format)
{
    static const char *const words[] = {
        [SCAN_NDJSON] = "ndjson", [SCAN_VCARD] = "vcard", [SCAN_JSCONTACT] = "jscontact"};
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (str_eq(word, str_c(words[i]))) {
            *ret_format = (enum scan_format)i;
            return 0;
        }
    return -1;
}

static int put(FILE *out, struct str text)
{
    return fwrite(text.p, 1, text.n, out) == text.n ? 0 : -1;
}

static int print_failure(FILE *out, const struct scan_sheet *sheet, const struct err *err, struct arena *arena)
{
    struct str sentence = err_sentence(err, "en", arena);
    if (sheet->format == SCAN_VCARD || sheet->format == SCAN_EXPLAIN) {
        (void)fprintf(stderr, "kartei scan: %s: %.*s\n", sheet->file, STR_ARG(sentence));
        return -1;
    }
    struct failure failure = {str_c(err_slug(err->code)), str_c(err_title(err->code, "en")), sentence};
    struct error_line line = {.file = str_c(sheet->file), .error = &failure};
    (void)put(out, json_write(&error_shape, &line, arena));
    (void)put(out, STR("\n"));
    return -1;
}

static void print_card(FILE *out, const struct scan_sheet *sheet, const struct ocr_card *card, struct arena *arena)
{
    struct line line = {.file = str_c(sheet->file), .page = 1, .card = *card};
    if (sheet->back)
        line.back = str_c(sheet->back);
    if (!card->contact)
        return;
    if (sheet->format == SCAN_EXPLAIN) {
        scan_explain(out, sheet->file, card, arena);
        return;
    }
    if (sheet->format == SCAN_VCARD)
        (void)put(out, contact_vcard(card->contact, NULL, arena));
    else if (sheet->format == SCAN_JSCONTACT)
        (void)put(out, contact_jscontact(card->contact, STR_NONE, arena));
    else
        (void)put(out, json_write(&line_shape, &line, arena));
    if (sheet->format != SCAN_VCARD)
        (void)put(out, STR("\n"));
}

/* File names are bytes; JSON is UTF-8. */
static const char *printable(const char *file, struct arena *arena)
{
    if (!file || utf8_valid(str_c(file)))
        return file;
    struct strbuf text = {.arena = arena};
    for (size_t at = 0; file[at];)
        utf8_put(&text, utf8_next(str_c(file), &at));
    return str_z(arena, strbuf_str(&text));
}

/* An answer that is none of ours is one that says why. */
static struct ocr_message message_of(struct str answer, struct arena *arena)
{
    struct ocr_message message;
    struct err err = {0};
    if (json_read(&ocr_message_shape, answer, arena, &message, &err) == 0)
        return message;
    return (struct ocr_message){.problem = str_c(err_slug(ERR_PARSE_KILLED)), .param = STR("no answer")};
}

int scan_print(FILE *out, const struct scan_sheet *given, struct arena *arena)
{
    struct scan_sheet sheet = *given;
    struct ocr_message message = message_of(sheet.answer, arena);
    struct err err = {0};
    sheet.file = printable(sheet.file, arena);
    sheet.back = printable(sheet.back, arena);
    if (sheet.back) {
        struct ocr_message back = message_of(sheet.back_answer, arena);
        ocr_sides_join(&message, &back, arena, &message);
    }
    if (message.problem.p || !message.cards.n) {
        enum err_code code = err_from_slug(message.problem);
        err_set(&err, code ? code : ERR_NO_CARD, "%.*s", STR_ARG(message.param));
        return print_failure(out, &sheet, &err, arena);
    }
    for (size_t i = 0; i < message.cards.n; i++)
        print_card(out, &sheet, (const struct ocr_card *)message.cards.items + i, arena);
    return 0;
}
