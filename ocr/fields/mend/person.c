/* A name in no list that is one usual slip away from a listed one of which the mailbox says more: "Wiliams" beside
 * "christopher.williams@". */
#include "contact/email.h"
#include "contact/text.h"
#include "ocr/fields/lexicon.h"
#include "ocr/fields/mend/mend.h"
#include "ocr/fields/mend/slip.h"

enum { LEAST = 5, LETTERS = 24 };

static const double DOUBTFUL = 0.93; /* engine confidence of a name that is asked about */

static bool listed(struct str fold)
{
    return ocr_lexicon_has(OCR_LEXICON_FAMILY_NAMES, fold) || ocr_lexicon_has(OCR_LEXICON_GIVEN_NAMES, fold);
}

/* Only names of plain letters: what their marks would be, no list says. */
static bool plain(struct str name, struct str fold)
{
    for (size_t i = 0; i < name.n; i++)
        if ((name.p[i] & 0x80) || (name.p[i] | 32) < 'a' || (name.p[i] | 32) > 'z')
            return false;
    return name.n == fold.n && fold.n >= LEAST && fold.n <= LETTERS;
}

/* `fold` with its i-th letter twice. */
static struct str doubled(struct str fold, size_t i, struct arena *arena)
{
    return str_printf(arena, "%.*s%c%.*s", (int)(i + 1), fold.p, fold.p[i], STR_ARG(str_slice(fold, i + 1, fold.n)));
}

/* One part of the mailbox is the name, but for a usual slip. */
static bool says(struct str local, struct str name)
{
    struct str rest = local, part;
    while (str_split(&rest, '.', &part))
        if (str_find(part, name, 0) >= 0 || ocr_slip_cost(part, name, OCR_SLIP_USUAL) <= OCR_SLIP_USUAL)
            return true;
    return false;
}

/* The listed name that the mailbox speaks for; absent when there is none, or when it spells the name as printed. */
static struct str meant_name(struct str fold, struct str local, struct arena *arena)
{
    struct str rest = local, part;
    if (str_find(local, fold, 0) >= 0)
        return STR_NONE;
    while (str_split(&rest, '.', &part))
        if (part.n >= LEAST && !str_eq(part, fold) && listed(part) &&
            ocr_slip_cost(fold, part, OCR_SLIP_USUAL) <= OCR_SLIP_USUAL)
            return part;
    for (size_t i = 0; i < fold.n; i++) {
        struct str twice = doubled(fold, i, arena);
        if (listed(twice) && says(local, twice))
            return twice;
    }
    return STR_NONE;
}

static void mend(struct ocr_look *look, struct ocr_find *name)
{
    struct str fold = name->value.p ? contact_text_fold(name->value, look->arena) : STR_NONE;
    if (str_empty(fold) || !name->n || !plain(name->value, fold) || listed(fold) ||
        ocr_look_confidence(look, name->spans[0]) >= DOUBTFUL)
        return;
    for (size_t i = 0; i < look->emails.n; i++) {
        struct contact_email email;
        if (!contact_email_parse(look->emails.items[i].value, look->arena, &email))
            continue;
        struct str meant = meant_name(fold, email.local, look->arena);
        if (!meant.p)
            continue;
        name->alternative = name->value;
        name->value = contact_text_title(meant, look->arena);
        return;
    }
}

void ocr_fields_name_agree(struct ocr_look *look)
{
    mend(look, &look->given_name);
    mend(look, &look->family_name);
}
