/* Looks words up by bisection over the embedded text. */
#include "ocr/fields/lexicon.h"

#include <assert.h>

enum { STEM_BYTES = 3 };

/* Start of the line that byte `at` lies in. */
static size_t line_start(const struct ocr_lexicon_list *list, size_t at)
{
    while (at > 0 && list->words[at - 1] != '\n')
        at--;
    return at;
}

static struct str line_at(const struct ocr_lexicon_list *list, size_t start)
{
    const unsigned char *end = memchr(list->words + start, '\n', list->n - start);
    assert(end);
    return (struct str){(const char *)list->words + start, (size_t)(end - list->words) - start};
}

bool ocr_lexicon_has(enum ocr_lexicon which, struct str folded)
{
    const struct ocr_lexicon_list *list = &ocr_lexicon_lists[which];
    size_t low = 0, high = list->n;
    while (!str_empty(folded) && low < high) {
        size_t start = line_start(list, low + (high - low) / 2);
        struct str word = line_at(list, start);
        size_t common = word.n < folded.n ? word.n : folded.n;
        int order = memcmp(word.p, folded.p, common);
        if (order == 0 && word.n == folded.n)
            return true;
        if (order < 0 || (order == 0 && word.n < folded.n))
            low = start + word.n + 1;
        else
            high = start;
    }
    return false;
}

bool ocr_lexicon_ends(enum ocr_lexicon which, struct str folded)
{
    const struct ocr_lexicon_list *list = &ocr_lexicon_lists[which];
    for (size_t start = 0; start < list->n;) {
        struct str word = line_at(list, start);
        if (folded.n >= word.n + STEM_BYTES && str_ends(folded, word))
            return true;
        start += word.n + 1;
    }
    return false;
}
