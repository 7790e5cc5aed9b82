/* Foot lines of lists and confidentiality notices; see quote.h. */
#include "ocr/mail/cues.h"
#include "ocr/mail/quote.h"

enum { FOOT_LINES = 25, UP = 8, BOX_LINES = 40, ABOVE = 4 /* lines of a foot that say nothing of a list */ };

static bool author(const struct ocr_mail_lines *lines, size_t i)
{
    return lines->items[i].zone == OCR_MAIL_AUTHOR;
}

static bool blank(const struct ocr_mail_lines *lines, size_t i)
{
    return ocr_mail_line_start(lines->items[i].text).n == 0;
}

static bool divides(struct str text)
{
    return ocr_mail_rule(text) || ocr_mail_delimiter(text);
}

/* Where the paragraph of line i begins: behind a blank line, or with a rule. */
static size_t paragraph_start(const struct ocr_mail_lines *lines, size_t i)
{
    while (i > 0 && author(lines, i - 1) && !blank(lines, i - 1) && !divides(lines->items[i].text))
        i--;
    return i;
}

static size_t paragraph_end(const struct ocr_mail_lines *lines, size_t i)
{
    while (i < lines->n && author(lines, i) && !blank(lines, i))
        i++;
    return i;
}

/* A rule or delimiter at most a few blank lines above. */
static size_t with_rule(const struct ocr_mail_lines *lines, size_t i)
{
    size_t k = i;
    while (k > 0 && i - k < 3 && author(lines, k - 1) && blank(lines, k - 1))
        k--;
    if (k == 0 || !author(lines, k - 1) || !ocr_mail_rule(lines->items[k - 1].text))
        return i;
    bool closes =
        k < i && k > 1 && author(lines, k - 2) && !blank(lines, k - 2); /* the text above, not what is below */
    return closes ? i : k - 1;
}

static void mark(struct ocr_mail_lines *lines, size_t from, size_t to, enum ocr_mail_zone zone)
{
    for (size_t i = from; i < to; i++)
        if (author(lines, i))
            lines->items[i].zone = zone;
}

/* Lines of a list's foot: it is short, closed off above, or says how to leave. */
static void mark_list(struct ocr_mail_lines *lines, size_t i, const struct ocr_mail_cues *cues)
{
    size_t from = paragraph_start(lines, i);
    bool divided = divides(lines->items[from].text) || with_rule(lines, from) < from;
    bool last = lines->n - i <= FOOT_LINES;
    if (i - from > ABOVE) { /* a signature that the list's address follows without a blank line */
        from = i;
        divided = false;
    }
    if (!last || (!divided && (cues->words > 14 || cues->count[OCR_MAIL_CUE_PROSE] > 3)))
        return;
    from = from < i || divided ? with_rule(lines, from) : from;
    mark(lines, from, divided ? lines->n : paragraph_end(lines, i), OCR_MAIL_FOOTER);
}

/* Notices run on over paragraphs until a rule ends them or something else begins. */
static void mark_notice(struct ocr_mail_lines *lines, size_t i)
{
    size_t from = with_rule(lines, paragraph_start(lines, i)), to = paragraph_end(lines, i);
    if (i - paragraph_start(lines, i) > UP)
        from = i;
    if (ocr_mail_rule(lines->items[from].text)) /* a box: to its lower rule */
        for (size_t k = from + 1; k < lines->n && k < from + BOX_LINES && author(lines, k); k++)
            if (lines->items[k].text.n && lines->items[k].text.p[0] == lines->items[from].text.p[0] &&
                ocr_mail_rule(lines->items[k].text)) {
                to = k + 1;
                break;
            }
    mark(lines, from, to, OCR_MAIL_DISCLAIMER);
}

void ocr_mail_footer_mark(struct ocr_mail_lines *lines, struct arena *arena)
{
    for (size_t i = 0; i < lines->n; i++) {
        if (!author(lines, i) || blank(lines, i))
            continue;
        const struct ocr_mail_cues *cues = ocr_mail_line_cues(&lines->items[i], arena);
        if (cues->anywhere >> OCR_MAIL_CUE_LIST & 1)
            mark_list(lines, i, cues);
        else if (cues->count[OCR_MAIL_CUE_NOTICE] >= 2 ||
                 (cues->anywhere >> OCR_MAIL_CUE_NOTICE & 1 && cues->words > 4))
            mark_notice(lines, i);
    }
}
