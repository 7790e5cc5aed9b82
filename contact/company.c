/* Takes an organisation's name apart: words, legal form, noise; abbreviations in one spelling. */
#include "contact/company.h"

#include "contact/fold.h"

#include <assert.h>
#include <pthread.h>
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

/* Rows of a table by the first letter of their word, in order: heads[letter] is 1 + the first, next[row] 1 + the one
 * behind. */
struct by_letter {
    uint8_t heads[256], next[255];
};

static struct by_letter legal_index, noise_index, synonym_index;

static void index_row(struct by_letter *index, size_t row, const char *word)
{
    uint8_t *at = &index->heads[(unsigned char)word[0]];
    while (*at)
        at = &index->next[*at - 1];
    *at = (uint8_t)(row + 1);
}

static void index_tables(void)
{
    static_assert(ARRAY_LEN(legal_forms) < 255 && ARRAY_LEN(noise_words) < 255 && ARRAY_LEN(synonyms) < 255,
                  "rows are counted in a byte");
    for (size_t i = 0; i < ARRAY_LEN(legal_forms); i++)
        index_row(&legal_index, i, legal_forms[i].words);
    for (size_t i = 0; i < ARRAY_LEN(noise_words); i++)
        index_row(&noise_index, i, noise_words[i]);
    for (size_t i = 0; i < ARRAY_LEN(synonyms); i++)
        index_row(&synonym_index, i, synonyms[i].word);
}

/* 1 + the first row whose word begins like `word`, 0 for none. */
static size_t first_row(const struct by_letter *index, struct str word)
{
    return word.n ? index->heads[(unsigned char)word.p[0]] : 0;
}

/* Number of words of the legal form that begins at words[0], or 0. */
static size_t legal_form_at(const struct str *words, size_t n, const char **ret_canonical)
{
    for (size_t at = first_row(&legal_index, words[0]); at; at = legal_index.next[at - 1]) {
        size_t row = at - 1;
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

static bool is_noise(struct str word)
{
    for (size_t at = first_row(&noise_index, word); at; at = noise_index.next[at - 1])
        if (str_eq(word, str_c(noise_words[at - 1])))
            return true;
    return false;
}

static struct str one_spelling(struct str word)
{
    for (size_t at = first_row(&synonym_index, word); at; at = synonym_index.next[at - 1])
        if (str_eq(word, str_c(synonyms[at - 1].word)))
            return str_c(synonyms[at - 1].spelling);
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
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, index_tables);
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
