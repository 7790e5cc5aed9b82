/* The firm as it was read against the card's domains: a word in no list that another pass, or one usual slip, turns
 * into what the domain begins with: "Quarfix Assurances" of quafix-assurances.example. */
#include "contact/text.h"
#include "ocr/fields/domain.h"
#include "ocr/fields/lexicon.h"
#include "ocr/fields/lines.h"
#include "ocr/fields/mend/mend.h"
#include "ocr/fields/mend/slip.h"

enum { LEAST = 5 };

static const double DOUBTFUL = 0.9; /* engine confidence of a word that is asked about */

static bool in_domain(const struct ocr_look *look, struct str fold)
{
    for (size_t i = 0; i < look->domains.n; i++)
        if (fold.n >= LEAST && str_find(look->domains.letters[i], fold, 0) >= 0)
            return true;
    return false;
}

static bool listed(struct str fold)
{
    for (int list = 0; list < OCR_LEXICON_COUNT; list++)
        if (ocr_lexicon_has((enum ocr_lexicon)list, fold))
            return true;
    return false;
}

/* The beginning of a domain that the word was meant to be, in its capitals; absent when there is none. */
static struct str by_slip(const struct ocr_look *look, const struct ocr_look_word *word)
{
    struct str text = word->word->text;
    bool capitals = str_eq(contact_text_upper(text, look->arena), text);
    if (word->fold.n != text.n) /* marks, of which a domain says nothing */
        return STR_NONE;
    for (size_t i = 0; i < look->domains.n; i++)
        for (size_t n = text.n - 1; n <= text.n + 1 && n <= look->domains.letters[i].n; n++) {
            struct str head = str_slice(look->domains.letters[i], 0, n);
            if (head.n >= LEAST && ocr_slip_cost(word->fold, head, OCR_SLIP_USUAL) <= OCR_SLIP_USUAL)
                return capitals ? contact_text_upper(head, look->arena) : contact_text_title(head, look->arena);
        }
    return STR_NONE;
}

static struct str meant_word(const struct ocr_look *look, const struct ocr_look_word *word)
{
    const struct json_list *other = &word->word->alternatives;
    for (size_t i = 0; i < other->n; i++) {
        struct str text = ((const struct str *)other->items)[i];
        if (!memchr(text.p ? text.p : "", ' ', text.n) && in_domain(look, contact_text_fold(text, look->arena)))
            return text;
    }
    return word->word->confidence < DOUBTFUL ? by_slip(look, word) : STR_NONE;
}

/* `find` says `seen` somewhere: it is to say `meant`. */
static void exchange(const struct ocr_look *look, struct ocr_find *find, struct str seen, struct str meant)
{
    ptrdiff_t at = str_find(find->value, seen, 0);
    if (at < 0)
        return;
    find->alternative = find->value;
    find->value = str_printf(look->arena, "%.*s%.*s%.*s", STR_ARG(str_slice(find->value, 0, (size_t)at)),
                             STR_ARG(meant), STR_ARG(str_slice(find->value, (size_t)at + seen.n, find->value.n)));
}

void ocr_fields_firm_agree(struct ocr_look *look)
{
    struct ocr_find *firm = &look->organization;
    for (size_t i = 0; i < firm->n; i++)
        for (size_t w = firm->spans[i].from; w < firm->spans[i].to; w++) {
            const struct ocr_look_word *word = &look->lines[firm->spans[i].line].words[w];
            if (word->fold.n + 1 < LEAST || in_domain(look, word->fold) || listed(word->fold))
                continue;
            struct str meant = meant_word(look, word);
            if (meant.p)
                exchange(look, firm, word->word->text, meant);
        }
}
