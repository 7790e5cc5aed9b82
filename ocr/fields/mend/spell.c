/* Doubtful words that are one misread letter away from a word of the lists: "Gencral Manager", "Brernen". */
#include "contact/text.h"
#include "ocr/fields/lexicon.h"
#include "ocr/fields/mend/mend.h"

enum { LETTERS_MIN = 5, LETTERS_MAX = 24, LETTERS_LONG = 9 };

/* Engine confidence below which a word may be put right, and a long one, which no chance makes like another. */
static const double DOUBTFUL = 0.86, DOUBTFUL_LONG = 0.93;

/* What is read for what. */
static const struct {
    const char *seen, *meant;
} slips[] = {{"0", "o"}, {"1", "l"}, {"1", "i"}, {"l", "i"}, {"i", "l"}, {"rn", "m"}, {"m", "rn"},
             {"c", "e"}, {"e", "c"}, {"o", "a"}, {"a", "o"}, {"e", "a"}, {"a", "e"},  {"u", "n"},
             {"n", "u"}, {"h", "b"}, {"b", "h"}, {"f", "t"}, {"t", "f"}, {"vv", "w"}, {"cl", "d"},
             {"5", "s"}, {"q", "g"}, {"g", "q"}, {"v", "y"}, {"y", "v"}, {"j", "i"},  {"ll", "li"}};

static bool plain(struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '0' || c == '1' || c == '5' || (c & 0x80)))
            return false;
    }
    return text.n >= LETTERS_MIN && text.n <= LETTERS_MAX;
}

/* Lists whose words are worth finding; in cities and given names longer ones only. */
static bool wanted(struct str fold)
{
    static const enum ocr_lexicon lists[] = {OCR_LEXICON_JOB_WORDS, OCR_LEXICON_DEPARTMENT_WORDS,
                                             OCR_LEXICON_ORGANIZATION_WORDS, OCR_LEXICON_STREET_WORDS,
                                             OCR_LEXICON_GIVEN_NAMES};
    for (size_t i = 0; i < ARRAY_LEN(lists); i++)
        if (ocr_lexicon_has(lists[i], fold))
            return true;
    return fold.n > LETTERS_MIN && ocr_lexicon_has(OCR_LEXICON_CITIES, fold);
}

static bool known(struct str fold)
{
    for (int list = 0; list < OCR_LEXICON_COUNT; list++)
        if (ocr_lexicon_has((enum ocr_lexicon)list, fold))
            return true;
    return ocr_lexicon_ends(OCR_LEXICON_JOB_ENDINGS, fold) ||
           ocr_lexicon_ends(OCR_LEXICON_ORGANIZATION_ENDINGS, fold) ||
           ocr_lexicon_ends(OCR_LEXICON_STREET_ENDINGS, fold);
}

/* `text` with the bytes [at, at + n) exchanged, in the capitals of what stood there. */
static struct str exchanged(struct str text, size_t at, size_t n, struct str by, struct arena *arena)
{
    bool capital =
        at > 0 ? text.p[at - 1] >= 'A' && text.p[at - 1] <= 'Z' && text.n > 1 && text.p[1] >= 'A' && text.p[1] <= 'Z'
               : text.p[0] >= 'A' && text.p[0] <= 'Z';
    char *meant = str_z(arena, by);
    if (at == 0 && (text.p[0] == '0' || text.p[0] == '1'))
        capital = true;
    for (size_t i = 0; i < by.n && capital; i++)
        meant[i] = (char)(meant[i] >= 'a' && meant[i] <= 'z' && (i == 0 || at > 0) ? meant[i] - 32 : meant[i]);
    return str_printf(arena, "%.*s%.*s%.*s", (int)at, text.p, (int)by.n, meant,
                      STR_ARG(str_slice(text, at + n, text.n)));
}

/* The one word of the lists that the text may have been; absent when there is none, or more than one. */
static struct str meant_word(struct str text, struct arena *arena)
{
    struct str lower = contact_text_lower(text, arena), found = STR_NONE;
    for (size_t s = 0; s < ARRAY_LEN(slips) && lower.n == text.n; s++) {
        struct str seen = str_c(slips[s].seen);
        for (ptrdiff_t at = str_find(lower, seen, 0); at >= 0; at = str_find(lower, seen, (size_t)at + 1)) {
            struct str candidate = exchanged(text, (size_t)at, seen.n, str_c(slips[s].meant), arena);
            if (!wanted(contact_text_fold(candidate, arena)))
                continue;
            if (found.p && !str_eq_nocase(found, candidate))
                return STR_NONE;
            found = candidate;
        }
    }
    return found;
}

/* Letters with a dot above that no name but Maltese ones have: the dot was a speck. */
static struct str without_specks(struct str text, struct arena *arena)
{
    static const struct {
        const char *seen;
        char meant;
    } dotted[] = {{"ċ", 'c'}, {"Ċ", 'C'}, {"ġ", 'g'}, {"Ġ", 'G'}, {"ȧ", 'a'}, {"Ȧ", 'A'}, {"ȯ", 'o'}, {"Ȯ", 'O'}};
    struct strbuf buf = {.arena = arena};
    for (size_t i = 0; i < text.n;) {
        size_t row = 0;
        while (row < ARRAY_LEN(dotted) && !str_starts(str_slice(text, i, text.n), str_c(dotted[row].seen)))
            row++;
        if (row < ARRAY_LEN(dotted))
            strbuf_add_char(&buf, dotted[row].meant);
        else
            strbuf_add_char(&buf, text.p[i]);
        i += row < ARRAY_LEN(dotted) ? strlen(dotted[row].seen) : 1;
    }
    return strbuf_str(&buf);
}

/* Another pass read the word as one of the lists. */
static struct str known_alternative(const struct ocr_look_word *word, struct arena *arena)
{
    const struct json_list *other = &word->word->alternatives;
    for (size_t i = 0; i < other->n; i++) {
        struct str text = ((const struct str *)other->items)[i], fold = contact_text_fold(text, arena);
        bool title = fold.n > 2 && ocr_lexicon_has(OCR_LEXICON_NAME_PREFIXES, fold);
        if (title || (text.n >= LETTERS_MIN && wanted(fold) && !memchr(text.p, ' ', text.n)))
            return text;
    }
    return STR_NONE;
}

/* Has an at sign with a dot somewhere behind it. */
static bool whole_address(struct str text)
{
    const char *sign = text.n ? memchr(text.p, '@', text.n) : NULL;
    return sign && memchr(sign, '.', (size_t)(text.p + text.n - sign));
}

/* "anna2006@ya": another pass read the address to its end. */
static struct str longer_address(const struct ocr_word *word)
{
    bool cut = memchr(word->text.p, '@', word->text.n) && !whole_address(word->text) && !str_ends(word->text, STR("@"));
    for (size_t i = 0; i < word->alternatives.n && cut; i++) {
        struct str text = ((const struct str *)word->alternatives.items)[i];
        if (whole_address(text) && !memchr(text.p, ' ', text.n))
            return text;
    }
    return STR_NONE;
}

/* "Sp. z 0.0." */
static bool zeros(const struct ocr_look_line *line, size_t at)
{
    static const char *const seen[] = {"0.0.", "0.0", "o.0.", "0.o.", "O.O.", "0.O.", "O.0."};
    return at && str_eq(line->words[at - 1].word->text, STR("z")) &&
           ocr_word_in(line->words[at].word->text, seen, ARRAY_LEN(seen));
}

/* Long dashes in an address are hyphens. */
static struct str with_hyphens(struct str text, struct arena *arena)
{
    static const char *const dashes[] = {"–", "‐", "‑", "−", "—"};
    bool address =
        str_find(text, STR("@"), 0) >= 0 || str_find(text, STR("www."), 0) >= 0 || str_find(text, STR("://"), 0) >= 0;
    for (size_t i = 0; i < ARRAY_LEN(dashes) && address; i++) {
        ptrdiff_t at = str_find(text, str_c(dashes[i]), 0);
        if (at > 0)
            text = str_printf(arena, "%.*s-%.*s", (int)at, text.p,
                              STR_ARG(str_slice(text, (size_t)at + strlen(dashes[i]), text.n)));
    }
    return text;
}

void ocr_fields_spell(struct ocr_look *look)
{
    for (size_t i = 0; i < look->n; i++)
        for (size_t k = 0; k < look->lines[i].n; k++) {
            struct ocr_look_word *word = &look->lines[i].words[k];
            struct str bare = with_hyphens(without_specks(word->word->text, look->arena), look->arena);
            if (!str_eq(bare, word->word->text))
                ocr_look_respell(look, word, bare);
            struct str text = word->word->text;
            while (text.n && strchr(",.;:", text.p[text.n - 1]))
                text.n--;
            double doubtful = text.n >= LETTERS_LONG ? DOUBTFUL_LONG : DOUBTFUL;
            if (zeros(&look->lines[i], k)) {
                ocr_look_respell(look, word, STR("o.o."));
                continue;
            }
            struct str other = longer_address(word->word);
            if (!other.p && !known(word->fold))
                other = known_alternative(word, look->arena);
            if (other.p) {
                ocr_look_respell(look, word, other);
                continue;
            }
            if (word->word->confidence >= doubtful || !plain(text) || known(word->fold))
                continue;
            struct str meant = meant_word(text, look->arena);
            if (!meant.p)
                continue;
            ocr_look_respell(look, word,
                             str_printf(look->arena, "%.*s%.*s", STR_ARG(meant),
                                        STR_ARG(str_slice(word->word->text, text.n, word->word->text.n))));
        }
}
