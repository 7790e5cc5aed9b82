/* Looks words up in hash tables that were made when building; see lexicon.h. */
#include "ocr/fields/lexicon.h"

enum { STEM_BYTES = 3 };

/* Fowler-Noll-Vo 1a, 32 bits, as embed.py. */
static uint32_t fnv1a(struct str s)
{
    uint32_t h = 2166136261;
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * 16777619;
    return h;
}

/* Byte behind the word in the list, where `sign` stands; 0 when it is not there. */
static size_t find(const struct ocr_lexicon_list *list, struct str folded, unsigned char sign)
{
    if (folded.n < list->shortest || folded.n > list->longest)
        return 0;
    for (size_t slot = fnv1a(folded);; slot++) {
        uint32_t at = list->slots[slot & (list->slots_n - 1)];
        if (at == 0)
            return 0;
        size_t end = at - 1 + folded.n;
        if (end < list->n && list->words[end] == sign && memcmp(list->words + at - 1, folded.p, folded.n) == 0)
            return end;
    }
}

bool ocr_lexicon_has(enum ocr_lexicon which, struct str folded)
{
    return find(&ocr_lexicon_lists[which], folded, '\n') > 0;
}

struct str ocr_lexicon_value(enum ocr_lexicon which, struct str folded)
{
    const struct ocr_lexicon_list *list = &ocr_lexicon_lists[which];
    size_t tab = find(list, folded, '\t');
    if (!tab)
        return STR_NONE;
    const unsigned char *value = list->words + tab + 1, *end = memchr(value, '\n', list->n - tab - 1);
    return (struct str){(const char *)value, (size_t)(end - value)};
}

bool ocr_lexicon_ends(enum ocr_lexicon which, struct str folded)
{
    size_t longest = ocr_lexicon_lists[which].longest;
    size_t first = folded.n > longest + STEM_BYTES ? folded.n - longest : STEM_BYTES;
    for (size_t stem = first; stem + ocr_lexicon_lists[which].shortest <= folded.n; stem++)
        if (ocr_lexicon_has(which, str_slice(folded, stem, folded.n)))
            return true;
    return false;
}

bool ocr_word_in(struct str word, const char *const *list, size_t n)
{
    for (size_t i = 0; word.n && i < n; i++)
        if (list[i][0] == word.p[0] && strncmp(list[i], word.p, word.n) == 0 && list[i][word.n] == '\0')
            return true;
    return false;
}
