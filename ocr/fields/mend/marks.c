/* Marks on letters: those that a country's language does not have become those it has, and those that the reader lost
 * come back in words that are never spelt without. */
#include "contact/text.h"
#include "ocr/fields/lexicon.h"
#include "ocr/fields/mend/mend.h"

static const double CLEAR = 0.96; /* engine confidence of a word whose marks were not lost */

/* The letters with marks of languages, by the countries they are spoken in. */
static const struct {
    const char *homes, *letters;
} alphabets[] = {{" DE AT CH LI LU ", "äöü"}, {" FR BE CH LU ", "àâçéèêëîïôùûüœ"},
                 {" PL ", "ąćęłńóśźż"},       {" TR ", "çğıöşü"},
                 {" ES ", "áéíóúñü"},         {" IT CH ", "àèéìòù"},
                 {" PT BR ", "ãõáéíóúâêôç"},  {" CZ SK ", "áčďéěíňóřšťúůýžľĺŕô"}};

static bool at_home(const char *homes, const char *region)
{
    char padded[8];
    (void)snprintf(padded, sizeof padded, " %.2s ", region);
    return region[0] && strstr(homes, padded);
}

/* Every letter with a mark is one of the country's; false when there is none. */
static bool spelt_there(struct str lower, const char *region)
{
    size_t marked = 0;
    for (size_t at = 0; at < lower.n;) {
        size_t from = at;
        bool known = utf8_next(lower, &at) < 0x80;
        marked += !known;
        for (size_t i = 0; i < ARRAY_LEN(alphabets) && !known; i++)
            known = at_home(alphabets[i].homes, region) &&
                    str_find(str_c(alphabets[i].letters), str_slice(lower, from, at), 0) >= 0;
        if (!known)
            return false;
    }
    return marked > 0;
}

/* Some word of the card has marks: they are not left out on it. */
static bool marks_are_set(const struct ocr_look *look)
{
    for (size_t i = 0; i < look->n; i++)
        for (size_t k = 0; k < look->lines[i].n; k++) {
            struct str text = look->lines[i].words[k].word->text;
            if (text.n >= 4 && spelt_there(contact_text_lower(text, look->arena), look->region))
                return true;
        }
    return false;
}

/* `lower` with a capital where `text` begins with one, and what follows the letters of `text`; absent when its capitals
 * are set in another way. */
static struct str in_capitals_of(struct str text, struct str letters, struct str lower, struct arena *arena)
{
    struct str tail = str_slice(text, letters.n, text.n), rest = str_slice(letters, 1, letters.n);
    if (!str_eq(contact_text_lower(rest, arena), rest))
        return STR_NONE;
    struct str word = contact_text_starts_upper(letters) ? contact_text_title(lower, arena) : lower;
    return str_printf(arena, "%.*s%.*s", STR_ARG(word), STR_ARG(tail));
}

static struct str without_stops(struct str text)
{
    while (text.n && strchr(",.;:", text.p[text.n - 1]))
        text.n--;
    return text;
}

/* "Dabrowska" on a Polish card, whose marks the reader lost. */
static struct str with_marks(const struct ocr_look *look, const struct ocr_look_word *word)
{
    struct str text = word->word->text, letters = without_stops(text);
    struct str lower = ocr_lexicon_value(OCR_LEXICON_MARKS, word->fold);
    if (!lower.p || letters.n < word->fold.n || !spelt_there(lower, look->region) ||
        str_eq(contact_text_lower(letters, look->arena), lower))
        return STR_NONE;
    return in_capitals_of(text, letters, lower, look->arena);
}

static bool listed(struct str fold)
{
    static const enum ocr_lexicon lists[] = {OCR_LEXICON_GIVEN_NAMES,        OCR_LEXICON_FAMILY_NAMES,
                                             OCR_LEXICON_JOB_WORDS,          OCR_LEXICON_DEPARTMENT_WORDS,
                                             OCR_LEXICON_ORGANIZATION_WORDS, OCR_LEXICON_CITIES};
    for (size_t i = 0; i < ARRAY_LEN(lists); i++)
        if (ocr_lexicon_has(lists[i], fold))
            return true;
    return false;
}

/* The Polish "ł" is read as "t", which is none of its plain letters: "Michat", "Dziat". */
static struct str with_stroke(const struct ocr_look *look, const struct ocr_look_word *word)
{
    struct str text = word->word->text;
    if (listed(word->fold) || word->fold.n < 4)
        return STR_NONE;
    for (size_t i = 1; i < text.n; i++) {
        if (text.p[i] != 't')
            continue;
        struct str meant =
            str_printf(look->arena, "%.*sł%.*s", (int)i, text.p, STR_ARG(str_slice(text, i + 1, text.n)));
        if (listed(contact_text_fold(meant, look->arena)))
            return meant;
    }
    return STR_NONE;
}

static bool ascii(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] & 0x80)
            return false;
    return true;
}

/* "Sahin Lojistik" on the card of Yusuf Şahin: the same word with its marks. */
static struct str with_marks_of_another(const struct ocr_look *look, const struct ocr_look_word *word)
{
    struct str text = word->word->text, letters = without_stops(text);
    if (word->fold.n < 4 || letters.n != word->fold.n || !ascii(text))
        return STR_NONE;
    for (size_t i = 0; i < look->n; i++)
        for (size_t k = 0; k < look->lines[i].n; k++) {
            const struct ocr_look_word *other = &look->lines[i].words[k];
            if (!ascii(other->word->text) && str_eq(other->fold, word->fold))
                return in_capitals_of(text, letters, contact_text_lower(without_stops(other->word->text), look->arena),
                                      look->arena);
        }
    return STR_NONE;
}

static void restore(struct ocr_look *look)
{
    bool polish = strcmp(look->region, "PL") == 0;
    for (size_t i = 0; i < look->n; i++)
        for (size_t k = 0; k < look->lines[i].n; k++) {
            struct ocr_look_word *word = &look->lines[i].words[k];
            struct str next = k + 1 < look->lines[i].n ? word[1].word->text : STR("");
            if (memchr(next.p, '@', next.n))
                continue; /* a mailbox */
            struct str meant = polish ? with_stroke(look, word) : STR_NONE;
            if (!meant.p && word->word->confidence < CLEAR)
                meant = with_marks(look, word);
            if (!meant.p && word->word->confidence < CLEAR)
                meant = with_marks_of_another(look, word);
            if (meant.p)
                ocr_look_respell(look, word, meant);
        }
}

/* The first such sign of a word becomes another that folds alike; what was read is no alternative. */
static void replace_sign(const struct ocr_look *look, struct ocr_look_word *word, const char *seen, const char *meant)
{
    struct str text = word->word->text;
    ptrdiff_t at = str_find(text, str_c(seen), 0);
    if (at < 0)
        return;
    struct ocr_word *same = arena_one(look->arena, struct ocr_word);
    *same = *word->word;
    same->text = str_printf(look->arena, "%.*s%s%.*s", (int)at, text.p, meant,
                            STR_ARG(str_slice(text, (size_t)at + strlen(seen), text.n)));
    word->word = same;
}

void ocr_fields_marks(struct ocr_look *look)
{
    static const struct {
        const char *homes, *seen, *meant;
    } rows[] = {{" TR ", "Ș", "Ş"},          {" TR ", "ș", "ş"},          {" TR ", "Ț", "T"},
                {" TR ", "ț", "t"},          {" TR ", "Ẹ", "Ş"},          {" TR ", "ṣ", "ş"},
                {" TR ", "Ṣ", "Ş"},          {" TR ", "Í", "İ"},          {" TR ", "ģ", "ğ"},
                {" TR ", "ć", "ç"},          {" TR ", "č", "ç"},          {" TR DE AT CH ", "ū", "ü"},
                {" TR DE AT CH ", "Ū", "Ü"}, {" TR DE AT CH ", "ō", "ö"}, {" TR DE AT CH ", "Ō", "Ö"},
                {" DE AT CH ", "ā", "ä"},    {" DE AT CH ", "Ā", "Ä"},    {" ES ", "ń", "ñ"}};
    for (size_t r = 0; r < ARRAY_LEN(rows); r++)
        for (size_t i = 0; i < look->n && at_home(rows[r].homes, look->region); i++)
            for (size_t k = 0; k < look->lines[i].n; k++)
                replace_sign(look, &look->lines[i].words[k], rows[r].seen, rows[r].meant);
    if (marks_are_set(look))
        restore(look);
}
