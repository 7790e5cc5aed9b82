/* Takes a person's name apart: words, titles, particles, generation, order. */
#include "contact/name.h"

#include "contact/fold.h"

#include <string.h>

enum word_kind { WORD_NAME, WORD_TITLE, WORD_PARTICLE, WORD_JUNIOR, WORD_SENIOR, WORD_SECOND, WORD_THIRD, WORD_BORN };

enum { WORDS = 12 }; /* words of one name field that are looked at */

static const struct {
    enum word_kind kind;
    const char *word;
} known_words[] = {
#define X(kind, word) {WORD_##kind, word},
#include "contact/name_words.def"
#undef X
};

static const struct {
    const char *brief, *whole;
} nicknames[] = {
#define X(brief, whole) {brief, whole},
#include "contact/nicknames.def"
#undef X
};

/* The words of one field, with what is not a name already sorted out. */
struct words {
    struct str word[WORDS];
    size_t n;
    enum contact_generation generation;
};

static int compare_c(struct str s, const char *c)
{
    return str_cmp(s, str_c(c));
}

static enum word_kind kind_of(struct str word)
{
    size_t low = 0, high = ARRAY_LEN(known_words);
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = compare_c(word, known_words[middle].word);
        if (order == 0)
            return known_words[middle].kind;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return WORD_NAME;
}

static enum contact_generation generation_of(enum word_kind kind)
{
    switch (kind) {
    case WORD_JUNIOR:
        return CONTACT_GENERATION_JUNIOR;
    case WORD_SENIOR:
        return CONTACT_GENERATION_SENIOR;
    case WORD_SECOND:
        return CONTACT_GENERATION_SECOND;
    case WORD_THIRD:
        return CONTACT_GENERATION_THIRD;
    case WORD_NAME:
    case WORD_TITLE:
    case WORD_PARTICLE:
    case WORD_BORN:
        break;
    }
    return CONTACT_GENERATION_NONE;
}

/* Words of a field without titles and generation. `family`: the last word left is a name, whatever it looks like (the
 * family Herr); a given name "Frau" is none. */
static struct words words_of(struct str text, bool family, struct arena *arena)
{
    struct words words = {0};
    struct str all[WORDS];
    size_t n = contact_words(contact_fold(text, arena), all, WORDS);
    while (n > 0 && generation_of(kind_of(all[n - 1])) != CONTACT_GENERATION_NONE)
        words.generation = generation_of(kind_of(all[--n]));
    for (size_t i = 0; i < n; i++) {
        enum word_kind kind = kind_of(all[i]);
        bool title = kind == WORD_TITLE && (!family || words.n + (n - i) > 1);
        if (!title && kind != WORD_BORN)
            words.word[words.n++] = all[i];
    }
    return words;
}

/* Digits that OCR or a typist put for letters; a name has no digits of its own. */
static struct str undo_digits(struct str folded, struct arena *arena)
{
    static const char letters[] = "olzeasgtbq"; /* 0 1 2 3 4 5 6 7 8 9 by shape */
    char *copy = str_z(arena, folded);
    for (size_t i = 0; i < folded.n; i++) {
        if (copy[i] >= '0' && copy[i] <= '9')
            copy[i] = letters[copy[i] - '0'];
    }
    return (struct str){copy, folded.n};
}

static void add_part(struct contact_name_part *parts, size_t *n, struct str word, struct arena *arena)
{
    if (*n == CONTACT_NAME_PARTS)
        return;
    struct str folded = undo_digits(word, arena);
    parts[*n] = (struct contact_name_part){.folded = folded, .plain = contact_plain(folded, arena)};
    ++*n;
}

static void add_given(struct contact_name *name, const struct words *words, size_t from, size_t to, struct arena *arena)
{
    for (size_t i = from; i < to; i++)
        add_part(name->given, &name->given_n, words->word[i], arena);
}

/* Family names leave their particles behind, unless nothing else is left. */
static void add_family(struct contact_name *name, const struct words *words, size_t from, size_t to,
                       struct arena *arena)
{
    for (size_t i = from; i < to; i++) {
        bool particle = kind_of(words->word[i]) == WORD_PARTICLE && (i + 1 < to || name->family_n > 0);
        if (!particle)
            add_part(name->family, &name->family_n, words->word[i], arena);
    }
}

/* True when the word at `i` of the raw text is written in capitals while others are not: "Anna SCHMIDT". */
static bool only_capitals(struct str raw)
{
    bool lower = false, upper = false;
    for (size_t i = 0; i < raw.n; i++) {
        lower |= raw.p[i] >= 'a' && raw.p[i] <= 'z';
        upper |= raw.p[i] >= 'A' && raw.p[i] <= 'Z';
    }
    return upper && !lower;
}

/* Where the family name begins in a whole name "Anna von der Heide", or 0 for "SCHMIDT Anna" (*ret_end then tells
 * where it ends). */
static size_t family_start(struct str raw, const struct words *words, size_t *ret_end)
{
    struct str first = STR_NONE, rest = str_trim(raw);
    *ret_end = words->n;
    (void)str_split(&rest, ' ', &first);
    if (first.n > 2 && only_capitals(first) && !only_capitals(rest)) {
        *ret_end = 1;
        return 0;
    }
    size_t start = words->n - 1;
    while (start > 1 && kind_of(words->word[start - 1]) == WORD_PARTICLE)
        start--;
    return start;
}

static void put_in_order(struct contact_name *name, struct str raw, struct arena *arena)
{
    ptrdiff_t comma = str_find(raw, STR(","), 0);
    if (comma > 0) {
        struct words family = words_of(str_slice(raw, 0, (size_t)comma), true, arena);
        struct words given = words_of(str_slice(raw, (size_t)comma + 1, raw.n), false, arena);
        name->generation = given.generation ? given.generation : family.generation;
        add_family(name, &family, 0, family.n, arena);
        add_given(name, &given, 0, given.n, arena);
        return;
    }
    struct words words = words_of(raw, true, arena);
    name->generation = words.generation;
    if (words.n == 0)
        return;
    size_t end = words.n, start = family_start(raw, &words, &end);
    add_family(name, &words, start, end, arena);
    add_given(name, &words, start == 0 ? end : 0, start == 0 ? words.n : start, arena);
}

static struct str joined(const struct contact_name_part *parts, size_t n, struct arena *arena)
{
    struct str plain[CONTACT_NAME_PARTS] = {0};
    for (size_t i = 0; i < n; i++)
        plain[i] = parts[i].plain;
    return contact_join(plain, n, "", arena);
}

/* One field holds the whole name when the other is empty and it has more than one word that is no particle. */
static bool is_whole_name(struct str text, struct arena *arena)
{
    struct words words = words_of(text, true, arena);
    size_t names = 0;
    for (size_t i = 0; i < words.n; i++)
        names += kind_of(words.word[i]) != WORD_PARTICLE;
    bool hyphen = str_find(text, STR("-"), 0) > 0 && str_find(str_trim(text), STR(" "), 0) < 0;
    return names > 1 && !hyphen;
}

void contact_name_form(const struct contact *contact, struct arena *arena, struct contact_name *ret_name)
{
    struct contact_name name = {0};
    struct str given = contact->given_name, family = contact->family_name;
    if (str_empty(given) && is_whole_name(family, arena)) {
        put_in_order(&name, family, arena);
    } else if (str_empty(family) && is_whole_name(given, arena)) {
        put_in_order(&name, given, arena);
    } else {
        struct words given_words = words_of(given, false, arena), family_words = words_of(family, true, arena);
        add_given(&name, &given_words, 0, given_words.n, arena);
        add_family(&name, &family_words, 0, family_words.n, arena);
        name.generation = family_words.generation ? family_words.generation : given_words.generation;
    }
    struct words suffix = words_of(contact->name_suffix, false, arena);
    if (suffix.generation != CONTACT_GENERATION_NONE)
        name.generation = suffix.generation;
    name.given_text = joined(name.given, name.given_n, arena);
    name.family_text = joined(name.family, name.family_n, arena);
    name.initial = name.given_n > 0 && name.given[0].plain.n == 1;
    *ret_name = name;
}

/* First row of a nickname, or the length of the table. */
static size_t nickname_first(struct str brief)
{
    size_t low = 0, high = ARRAY_LEN(nicknames);
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (compare_c(brief, nicknames[middle].brief) > 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool nickname_row(size_t row, struct str brief)
{
    return row < ARRAY_LEN(nicknames) && compare_c(brief, nicknames[row].brief) == 0;
}

static bool may_stand_for(struct str brief, struct str whole)
{
    for (size_t row = nickname_first(brief); nickname_row(row, brief); row++) {
        if (compare_c(whole, nicknames[row].whole) == 0)
            return true;
    }
    return false;
}

bool contact_name_nickname(struct str a, struct str b)
{
    if (str_eq(a, b))
        return false;
    if (may_stand_for(a, b) || may_stand_for(b, a))
        return true;
    for (size_t row = nickname_first(a); nickname_row(row, a); row++) {
        if (may_stand_for(b, str_c(nicknames[row].whole)))
            return true;
    }
    return false;
}

bool contact_name_brief(struct str name)
{
    return nickname_row(nickname_first(name), name);
}
