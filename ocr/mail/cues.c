/* Looks phrases up by bisection, word by word; see cues.h. */
#include "ocr/mail/cues.h"

/* First row that is not before the bytes of `word`. */
static size_t lower_bound(struct str word)
{
    unsigned char first = (unsigned char)word.p[0];
    size_t low = ocr_mail_phrase_starts[first], high = ocr_mail_phrase_starts[first + 1];
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        struct str phrase = {ocr_mail_phrases[middle].phrase, ocr_mail_phrases[middle].n};
        if (str_cmp(phrase, word) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static size_t words_of(struct str text)
{
    size_t n = text.n > 0;
    for (size_t i = 0; i < text.n; i++)
        n += text.p[i] == ' ';
    return n;
}

static void note(struct ocr_mail_cues *cues, const struct ocr_mail_phrase *row, bool first)
{
    size_t words = words_of((struct str){row->phrase, row->n});
    cues->anywhere |= row->kinds;
    cues->first |= first ? row->kinds : 0;
    for (int kind = 0; kind < OCR_MAIL_CUES; kind++) {
        if (!(row->kinds >> kind & 1))
            continue;
        cues->count[kind]++;
        if (first && words > cues->first_words[kind])
            cues->first_words[kind] = words;
    }
}

struct ocr_mail_cues ocr_mail_cues_of(struct str fold)
{
    struct ocr_mail_cues cues = {.words = words_of(fold)};
    for (size_t at = 0; at < fold.n;) {
        const char *blank = memchr(fold.p + at, ' ', fold.n - at);
        size_t end = blank ? (size_t)(blank - fold.p) : fold.n;
        struct str word = str_slice(fold, at, end), rest = str_slice(fold, at, fold.n);
        for (size_t i = word.n ? lower_bound(word) : ocr_mail_phrase_count; i < ocr_mail_phrase_count; i++) {
            const struct ocr_mail_phrase *row = &ocr_mail_phrases[i];
            if (row->n < word.n || memcmp(row->phrase, word.p, word.n) != 0)
                break;
            bool here = rest.n >= row->n && memcmp(rest.p, row->phrase, row->n) == 0;
            if (here && (rest.n == row->n || rest.p[row->n] == ' '))
                note(&cues, row, at == 0);
        }
        at = end + 1;
    }
    return cues;
}

uint32_t ocr_mail_cue_whole(struct str fold)
{
    size_t i = str_empty(fold) ? ocr_mail_phrase_count : lower_bound(fold);
    bool same =
        i < ocr_mail_phrase_count && str_eq((struct str){ocr_mail_phrases[i].phrase, ocr_mail_phrases[i].n}, fold);
    return same ? ocr_mail_phrases[i].kinds : 0;
}
