/* Takes an organisation's name apart: words, legal form, noise; abbreviations in one spelling. */
#include "contact/company.h"

#include "contact/fold.h"

#include <string.h>

enum {
    WORDS = 24, /* words that are looked at */
};

static const struct {
    const char *words, *canonical;
} legal_forms[] = {
#define X(words, canonical) {words, canonical},
#include "contact/legal_forms.def"
#undef X
};

static const char *const noise_words[] = {
#define NOISE(word) word,
#define SYNONYM(word, spelling)
#include "contact/company_words.def"
#undef NOISE
#undef SYNONYM
};

static const struct {
    const char *word, *spelling;
} synonyms[] = {
#define NOISE(word)
#define SYNONYM(word, spelling) {word, spelling},
#include "contact/company_words.def"
#undef NOISE
#undef SYNONYM
};

/* Number of words of the legal form that begins at words[0], or 0. */
static size_t legal_form_at(const struct str *words, size_t n, const char **ret_canonical)
{
    for (size_t row = 0; row < ARRAY_LEN(legal_forms); row++) {
        if (str_empty(words[0]) || legal_forms[row].words[0] != words[0].p[0])
            continue;
        struct str rest = str_c(legal_forms[row].words), word;
        size_t used = 0;
        bool same = true;
        while (same && str_split(&rest, ' ', &word)) {
            same = used < n && str_eq(words[used], word);
            used++;
        }
        if (same) {
            *ret_canonical = legal_forms[row].canonical;
            return used;
        }
    }
    return 0;
}

/* Moves legal forms behind the first word out of `words` into `legal`; returns how many words are left. */
static size_t take_legal_forms(struct str *words, size_t n, struct strbuf *legal)
{
    size_t kept = n > 0 ? 1 : 0;
    for (size_t i = 1; i < n;) {
        const char *canonical = "";
        size_t used = legal_form_at(words + i, n - i, &canonical);
        if (used == 0) {
            words[kept++] = words[i++];
            continue;
        }
        if (legal->n > 0)
            strbuf_add_char(legal, ' ');
        strbuf_add_c(legal, canonical);
        i += used;
    }
    return kept;
}

/* Most rows differ in the first letter already. */
static bool same_word(struct str word, const char *row)
{
    return word.p[0] == row[0] && str_eq(word, str_c(row));
}

static bool is_noise(struct str word)
{
    for (size_t i = 0; i < ARRAY_LEN(noise_words); i++) {
        if (same_word(word, noise_words[i]))
            return true;
    }
    return false;
}

static struct str one_spelling(struct str word)
{
    for (size_t i = 0; i < ARRAY_LEN(synonyms); i++) {
        if (same_word(word, synonyms[i].word))
            return str_c(synonyms[i].spelling);
    }
    return word;
}

static size_t drop_noise(struct str *words, size_t n)
{
    size_t telling = 0, kept = 0;
    for (size_t i = 0; i < n; i++)
        telling += !is_noise(words[i]);
    for (size_t i = 0; i < n; i++) {
        if (telling == 0 || !is_noise(words[i]))
            words[kept++] = words[i];
    }
    return kept;
}

/* "A & B Bau", "A.B. Bau" and "AB Bau" are one: neighbouring single letters become one word. */
static size_t join_letters(struct str *words, size_t n, struct arena *arena)
{
    size_t kept = 0;
    for (size_t i = 0; i < n;) {
        size_t run = i;
        while (run < n && words[run].n == 1)
            run++;
        if (run > i + 1) {
            words[kept++] = contact_join(words + i, run - i, "", arena);
            i = run;
        } else {
            words[kept++] = words[i++];
        }
    }
    return kept;
}

static struct str acronym_of(const struct contact_company *company, struct arena *arena)
{
    char *letters = arena_alloc(arena, CONTACT_COMPANY_WORDS);
    for (size_t i = 0; i < company->n; i++)
        letters[i] = company->words[i].p[0];
    return (struct str){letters, company->n > 1 ? company->n : 0};
}

void contact_company_form(struct str organization, struct arena *arena, struct contact_company *ret_company)
{
    struct contact_company company = {0};
    struct strbuf legal = {.arena = arena};
    struct str words[WORDS];
    size_t n = contact_words(contact_fold(organization, arena), words, WORDS);
    n = take_legal_forms(words, n, &legal);
    n = join_letters(words, n, arena);
    n = drop_noise(words, n);
    company.n = n < CONTACT_COMPANY_WORDS ? n : CONTACT_COMPANY_WORDS;
    for (size_t i = 0; i < company.n; i++)
        company.words[i] = contact_plain(one_spelling(words[i]), arena);
    company.core = contact_join(company.words, company.n, " ", arena);
    company.joined = contact_join(company.words, company.n, "", arena);
    company.acronym = acronym_of(&company, arena);
    company.legal = strbuf_str(&legal);
    *ret_company = company;
}
