/* Levelled spelling. The tables cover Latin-1, Latin Extended-A and Latin Extended Additional of Unicode; the choices
 * for ä ö ü ß follow DIN 5007-2 (the order of telephone books). */
#include "contact/fold.h"

/* U+00C0 to U+017F. */
static const char latin[][3] = {
    "a",  "a", "a",  "a", "ae", "a",  "ae", "c",  "e",  "e", "e",  "e",  "i", "i", "i",  "i",  "d",  "n",  "o",  "o",
    "o",  "o", "oe", "",  "oe", "u",  "u",  "u",  "ue", "y", "th", "ss", "a", "a", "a",  "a",  "ae", "a",  "ae", "c",
    "e",  "e", "e",  "e", "i",  "i",  "i",  "i",  "d",  "n", "o",  "o",  "o", "o", "oe", "",   "oe", "u",  "u",  "u",
    "ue", "y", "th", "y", "a",  "a",  "a",  "a",  "a",  "a", "c",  "c",  "c", "c", "c",  "c",  "c",  "c",  "d",  "d",
    "d",  "d", "e",  "e", "e",  "e",  "e",  "e",  "e",  "e", "e",  "e",  "g", "g", "g",  "g",  "g",  "g",  "g",  "g",
    "h",  "h", "h",  "h", "i",  "i",  "i",  "i",  "i",  "i", "i",  "i",  "i", "i", "ij", "ij", "j",  "j",  "k",  "k",
    "k",  "l", "l",  "l", "l",  "l",  "l",  "l",  "l",  "l", "l",  "n",  "n", "n", "n",  "n",  "n",  "n",  "n",  "n",
    "o",  "o", "o",  "o", "oe", "oe", "oe", "oe", "r",  "r", "r",  "r",  "r", "r", "s",  "s",  "s",  "s",  "s",  "s",
    "s",  "s", "t",  "t", "t",  "t",  "t",  "t",  "u",  "u", "u",  "u",  "u", "u", "u",  "u",  "ue", "ue", "u",  "u",
    "w",  "w", "y",  "y", "y",  "z",  "z",  "z",  "z",  "z", "z",  "s",
};

/* U+1E00 to U+1EFF, mostly Vietnamese; '?' is no letter. */
static const char latin_additional[] = "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmm"
                                       "mmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvv"
                                       "wwwwwwwwwwxxxxyyzzzzzzhtwyas??s?aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee"
                                       "eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy??????";
enum {
    DIAERESIS = 0x308,
    MARK_FIRST = 0x300,
    MARK_LAST = 0x36F,
};

static const char *latin_letters(uint32_t c, char *one)
{
    if (c >= 0xC0 && c < 0xC0 + ARRAY_LEN(latin))
        return latin[c - 0xC0];
    one[0] = '\0';
    if (c >= 0x218 && c <= 0x21B) /* Romanian s and t with comma below */
        one[0] = c < 0x21A ? 's' : 't';
    else if (c >= 0x1E00 && c <= 0x1EFF && latin_additional[c - 0x1E00] != '?')
        one[0] = latin_additional[c - 0x1E00];
    else if (c == 0x1E9E) /* capital sharp s */
        return "ss";
    return one;
}

/* Lower case of Greek and Cyrillic letters; other code points as they are. */
static uint32_t lower_other(uint32_t c)
{
    if ((c >= 0x391 && c <= 0x3A9) || (c >= 0x410 && c <= 0x42F))
        return c + 0x20;
    if (c >= 0x400 && c <= 0x40F)
        return c + 0x50;
    return c;
}

static bool is_apostrophe(uint32_t c)
{
    return c == '\'' || c == '`' || c == 0xB4 || c == 0x2018 || c == 0x2019 || c == 0x2BC;
}

/* Letters outside Latin that belong to a word: everything from Greek on but punctuation and symbols. */
static bool is_other_letter(uint32_t c)
{
    return (c >= 0x370 && c < 0x2000) || (c >= 0x3040 && c < 0xD800) || (c >= 0xF900 && c < 0xFE00) || c >= 0x20000;
}

static void add_blank(struct strbuf *buf)
{
    if (buf->n > 0 && buf->p[buf->n - 1] != ' ')
        strbuf_add_char(buf, ' ');
}

/* A combining mark behind a letter that stands in the buffer already. */
static void add_mark(struct strbuf *buf, uint32_t mark)
{
    char last = buf->n > 0 ? buf->p[buf->n - 1] : '\0';
    if (mark == DIAERESIS && (last == 'a' || last == 'o' || last == 'u'))
        strbuf_add_char(buf, 'e');
}

static void add_letter(struct strbuf *buf, uint32_t c)
{
    char one[2] = "";
    if (c < 0x80) {
        char letter = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
        bool word = (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
        if (word)
            strbuf_add_char(buf, letter);
        else
            add_blank(buf);
        return;
    }
    const char *letters = latin_letters(c, one);
    if (letters[0] != '\0')
        strbuf_add_c(buf, letters);
    else if (is_other_letter(c))
        utf8_put(buf, lower_other(c));
    else
        add_blank(buf);
}

struct str contact_fold(struct str text, struct arena *arena)
{
    /* No letter grows by folding, so the buffer never does: a stock of contacts folds millions of short texts. */
    struct strbuf buf = {.arena = arena, .p = arena_alloc(arena, text.n + 2), .size = text.n + 2};
    for (size_t at = 0; at < text.n;) {
        uint32_t c = utf8_next(text, &at);
        if (c >= MARK_FIRST && c <= MARK_LAST)
            add_mark(&buf, c);
        else if (!is_apostrophe(c))
            add_letter(&buf, c);
    }
    struct str folded = strbuf_str(&buf);
    while (folded.n > 0 && folded.p[folded.n - 1] == ' ')
        folded.n--;
    return folded;
}

struct str contact_plain(struct str folded, struct arena *arena)
{
    char *plain = arena_alloc(arena, folded.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < folded.n; i++) {
        char last = n > 0 ? plain[n - 1] : '\0';
        if (folded.p[i] == 'e' && (last == 'a' || last == 'o' || last == 'u'))
            continue;
        plain[n++] = folded.p[i];
    }
    return (struct str){plain, n};
}

size_t contact_words(struct str folded, struct str *ret_words, size_t max)
{
    size_t n = 0;
    struct str word;
    while (n < max && str_split(&folded, ' ', &word)) {
        if (!str_empty(word))
            ret_words[n++] = word;
    }
    return n;
}

struct str contact_join(const struct str *words, size_t n, const char *separator, struct arena *arena)
{
    struct str between = str_c(separator);
    size_t size = 2;
    for (size_t i = 0; i < n; i++)
        size += words[i].n + between.n;
    struct strbuf buf = {.arena = arena, .p = arena_alloc(arena, size), .size = size};
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            strbuf_add(&buf, between);
        strbuf_add(&buf, words[i]);
    }
    return strbuf_str(&buf);
}
