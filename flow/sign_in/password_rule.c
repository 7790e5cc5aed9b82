/* See password_rule.h. */
#include "flow/sign_in/password_rule.h"

#include "contact/fold.h"

enum { WORD = 4 /* letters of a word that strangers may know */, WORDS = 16, UNIT = 5 /* of what repeats itself */ };

/* ---- Common ones ---- */

static bool is_common(struct str word)
{
    struct str list = flow_common_passwords;
    size_t low = 0, high = list.n - 1; /* line ends around the lines in question */
    while (low < high) {
        size_t middle = low + (high - low) / 2, start = middle, end = middle + 1;
        while (list.p[start] != '\n')
            start--;
        while (list.p[end] != '\n')
            end++;
        int order = str_cmp(word, str_slice(list, start + 1, end));
        if (order == 0)
            return true;
        if (order < 0)
            high = start;
        else
            low = end;
    }
    return false;
}

static bool is_letter(char c)
{
    return c >= 'a' && c <= 'z';
}

/* Letters back for the digits and signs that people put in their place. */
static struct str plain(struct str word, struct arena *arena)
{
    static const char from[] = "0134578@$!", to[] = "oleastbasi";
    char *p = arena_alloc(arena, word.n + 1);
    for (size_t i = 0; i < word.n; i++) {
        const char *at = strchr(from, word.p[i]);
        p[i] = at && word.p[i] ? to[at - from] : word.p[i];
    }
    return (struct str){p, word.n};
}

/* Without the digits and signs at both ends. */
static struct str core(struct str word)
{
    while (word.n && !is_letter(word.p[0]))
        word = str_slice(word, 1, word.n);
    while (word.n && !is_letter(word.p[word.n - 1]))
        word.n--;
    return word;
}

/* The shortest text that the word is a repetition of: itself when there is none. */
static struct str unit(struct str word)
{
    for (size_t n = 1; n <= word.n / 2; n++) {
        size_t i = n;
        while (i < word.n && word.p[i] == word.p[i - n])
            i++;
        if (i == word.n)
            return str_slice(word, 0, n);
    }
    return word;
}

/* "123456789", "zyxwvut": each character the next, or each the one before. */
static bool is_sequence(struct str word)
{
    int step = word.n > 1 ? word.p[1] - word.p[0] : 0;
    for (size_t i = 1; i < word.n; i++)
        if (word.p[i] - word.p[i - 1] != step && !(word.p[i - 1] == '9' && word.p[i] == '0'))
            return false;
    return step == 1 || step == -1;
}

static bool is_guessed_first(struct str password, struct arena *arena)
{
    struct str lower = str_lower(arena, password), forms[] = {lower, plain(lower, arena)};
    for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
        struct str once = unit(forms[i]);
        if (once.n <= UNIT || is_common(once) || is_common(core(once)) || is_sequence(once))
            return true;
    }
    return false;
}

/* ---- What strangers know ---- */

/* Whether a word of `known` is in the password; both as contact_fold() spells them. */
static bool has_word_of(struct str folded, struct str known, struct arena *arena)
{
    struct str words[WORDS];
    size_t n = contact_words(contact_fold(known, arena), words, WORDS);
    for (size_t i = 0; i < n; i++)
        if (words[i].n >= WORD && str_find(folded, words[i], 0) >= 0)
            return true;
    return false;
}

static bool has_known_word(struct str password, const struct flow_password_of *of, struct arena *arena)
{
    struct str words[WORDS];
    struct str folded = contact_fold(password, arena);
    size_t n = contact_words(folded, words, WORDS);
    struct str joined = contact_join(words, n, "", arena); /* "an na" hides nothing */
    struct str known[] = {of->email, of->name, of->org, STR("Kartei")};
    for (size_t i = 0; i < ARRAY_LEN(known); i++)
        if (has_word_of(folded, known[i], arena) || has_word_of(joined, known[i], arena))
            return true;
    return false;
}

int flow_password_judge(struct str password, const struct flow_password_of *of, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new_wiping((size_t)1 << 20);
    int least = of->second_factor ? FLOW_PASSWORD_WITH : FLOW_PASSWORD_ALONE;
    if (utf8_count(password) < (size_t)least)
        return err_field(err, ERR_INVALID, "/password", "at least %d characters", least);
    if (password.n > FLOW_PASSWORD_BYTES)
        return err_field(err, ERR_INVALID, "/password", "at most %d bytes", FLOW_PASSWORD_BYTES);
    if (is_guessed_first(password, arena))
        return err_field(err, ERR_INVALID, "/password", "many people use this one");
    if (has_known_word(password, of, arena))
        return err_field(err, ERR_INVALID, "/password", "it contains a name or a part of the address");
    return 0;
}
