/* Text to lines; see lines.h. */
#include "ocr/mail/lines.h"

#include "contact/text.h"

struct splitter {
    struct arena *arena;
    struct ocr_mail_lines lines;
    size_t room;
    char *out; /* the lines' texts, one behind the other */
    size_t begun, end;
    int depth;   /* of quotes */
    bool quoted; /* anything of the line was */
};

static void end_line(struct splitter *s)
{
    size_t to = s->end;
    while (to > s->begun && (s->out[to - 1] == ' ' || s->out[to - 1] == '\t'))
        to--;
    if (s->lines.n < OCR_MAIL_LINES)
        s->lines.items[s->lines.n++] = (struct ocr_mail_line){
            .text = {s->out + s->begun, to - s->begun},
            .zone = s->quoted ? OCR_MAIL_QUOTED : OCR_MAIL_AUTHOR,
        };
    s->begun = s->end;
    s->quoted = s->depth > 0;
}

/* Blanks that are not written as one; 0 when the character is to be kept. *ret_skip: bytes it takes. */
static char odd_blank(const char *p, size_t left, size_t *ret_skip)
{
    static const struct {
        const char *bytes;
        char as; /* '\0': vanishes */
    } rows[] = {{"\xc2\xa0", ' '},      {"\xe2\x80\xaf", ' '},  {"\xe2\x80\x8b", '\0'}, {"\xe2\x80\x8c", '\0'},
                {"\xe2\x80\x8d", '\0'}, {"\xef\xbb\xbf", '\0'}, {"\xe2\x80\x8e", '\0'}, {"\xc2\xad", '\0'}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        size_t n = strlen(rows[i].bytes);
        if (left >= n && memcmp(p, rows[i].bytes, n) == 0) {
            *ret_skip = n;
            return rows[i].as ? rows[i].as : 1;
        }
    }
    *ret_skip = 0;
    return 0;
}

static void put(struct splitter *s, char c)
{
    s->out[s->end++] = c;
}

/* One character or line end at p; how many bytes it took. */
static size_t take_one(struct splitter *s, const char *p, size_t left)
{
    unsigned char c = (unsigned char)*p;
    if (c == '\n' || c == '\f' || c == '\r') {
        end_line(s);
        return c == '\r' && left > 1 && p[1] == '\n' ? 2 : 1;
    }
    if (c == OCR_MAIL_QUOTE_BEGIN || c == OCR_MAIL_QUOTE_END) {
        s->depth += c == OCR_MAIL_QUOTE_BEGIN ? 1 : s->depth > 0 ? -1 : 0;
        s->quoted = s->quoted ? s->end > s->begun || s->depth > 0 : s->depth > 0;
        return 1;
    }
    size_t skip = 0;
    char as = c >= 0xC2 ? odd_blank(p, left, &skip) : 0;
    if (skip) {
        if (as != 1)
            put(s, as);
        return skip;
    }
    if (c >= ' ' || c == '\t')
        put(s, (char)c);
    return 1;
}

struct ocr_mail_lines ocr_mail_lines_of(struct str text, struct arena *arena)
{
    struct splitter s = {.arena = arena};
    size_t n = ocr_mail_line_cut(text, OCR_MAIL_TEXT).n, lines = 2;
    for (size_t i = 0; i < n; i++)
        lines += text.p[i] == '\n' || text.p[i] == '\r' || text.p[i] == '\f';
    s.lines.items = arena_array(arena, lines < OCR_MAIL_LINES ? lines : OCR_MAIL_LINES, sizeof *s.lines.items);
    s.out = arena_alloc(arena, n + 1);
    for (size_t i = 0; i < n && s.lines.n < OCR_MAIL_LINES;)
        i += take_one(&s, text.p + i, n - i);
    end_line(&s);
    while (s.lines.n > 0 && s.lines.items[s.lines.n - 1].text.n == 0)
        s.lines.n--;
    return s.lines;
}

struct str ocr_mail_line_start(struct str text)
{
    size_t i = 0;
    while (i < text.n && (text.p[i] == ' ' || text.p[i] == '\t'))
        i++;
    return str_slice(text, i, text.n);
}

struct str ocr_mail_line_cut(struct str text, size_t n)
{
    if (text.n <= n)
        return text;
    while (n > 0 && ((unsigned char)text.p[n] & 0xC0) == 0x80)
        n--;
    return str_slice(text, 0, n);
}

const struct ocr_mail_cues *ocr_mail_line_cues(struct ocr_mail_line *line, struct arena *arena)
{
    if (!line->cues) {
        line->cues = arena_one(arena, struct ocr_mail_cues);
        *line->cues = ocr_mail_cues_of(ocr_mail_line_fold(line, arena));
    }
    return line->cues;
}

struct str ocr_mail_line_fold(struct ocr_mail_line *line, struct arena *arena)
{
    if (!line->fold.p)
        line->fold = contact_text_fold(ocr_mail_line_cut(line->text, OCR_MAIL_LOOK), arena);
    return line->fold;
}
