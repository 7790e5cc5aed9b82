/* mail_lines FILE…: rendered mails as the line model sees them, one JSON line a mail: zone of each line (Author,
 * Quoted, Footer, Disclaimer), marks of the author's lines, ranges found. For learning (learn_signature.py) and for
 * looking. */
#include "ocr/mail/block.h"
#include "ocr/mail/lines.h"
#include "ocr/mail/quote.h"
#include "ocr/mail/render/html.h"

#include <stdio.h>
#include <stdlib.h>

static struct str read_file(const char *path, struct arena *arena)
{
    struct strbuf buf = {.arena = arena};
    char piece[4096];
    FILE *file = fopen(path, "rb");
    for (size_t n; file && (n = fread(piece, 1, sizeof piece, file)) > 0;)
        strbuf_add(&buf, (struct str){piece, n});
    if (file)
        (void)fclose(file);
    return buf.n ? strbuf_str(&buf) : STR("");
}

static void print(const char *path, struct arena *arena)
{
    struct ocr_mail_lines lines = ocr_mail_lines_of(read_file(path, arena), arena);
    ocr_mail_quote_mark(&lines, arena);
    ocr_mail_footer_mark(&lines, arena);
    const struct ocr_mail_points *points = ocr_mail_points_of(&lines, STR(""), arena);
    struct ocr_mail_ranges ranges = ocr_mail_block_find(points, arena);
    (void)printf("{\"file\":\"%s\",\"zones\":\"", path);
    for (size_t i = 0; i < lines.n; i++)
        (void)putchar("AQFD"[lines.items[i].zone]);
    (void)fputs("\",\"points\":[", stdout);
    for (size_t i = 0; i < points->n; i++) {
        (void)printf("%s[%zu,%d", i ? "," : "", points->items[i].line + 1, points->items[i].first);
        for (int m = 0; m < OCR_MAIL_MARKS; m++)
            if (ocr_mail_marked(points->items[i].marks, (enum ocr_mail_mark)m))
                (void)printf(",\"%s\"", ocr_mail_mark_words[m]);
        (void)putchar(']');
    }
    (void)fputs("],\"ranges\":[", stdout);
    for (size_t i = 0; i < ranges.n; i++)
        (void)printf("%s[%zu,%zu]", i ? "," : "", ranges.items[i].first + 1, ranges.items[i].last + 1);
    (void)puts("]}");
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        _cleanup_(arena_freep) struct arena *arena = arena_new((size_t)256 * 1024 * 1024);
        print(argv[i], arena);
    }
    return argc < 2;
}
