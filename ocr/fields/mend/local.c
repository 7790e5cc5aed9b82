/* Addresses against the name: what a mailbox is made of is printed larger beside it. A misread letter, a lost dot,
 * digits read as letters are put right; see slip.h. */
#include "contact/email.h"
#include "contact/text.h"
#include "ocr/fields/domain.h"
#include "ocr/fields/mend/mend.h"
#include "ocr/fields/mend/slip.h"

#include <math.h>

enum { FORMS = 20, LEAST = 6, SHORT = 8, LONG = 9, CERTAIN = 12 };

static const double LARGER = 0.75; /* of the letters of the address, whose line is measured too high when it slopes */
static const double UNSURE = 0.7;  /* engine confidence below which any letter may be the wrong one */
static const double LEAD = 0.25;   /* in cost, of the form that is taken over the next */

/* What a mailbox of the person may be called, letters only. */
struct forms {
    struct str items[FORMS];
    bool whole[FORMS]; /* both names in full */
    struct str given;  /* as it would begin */
    size_t n;
};

static void add_form(struct forms *forms, struct str form, bool whole)
{
    for (size_t i = 0; i < forms->n; i++)
        if (str_eq(forms->items[i], form))
            return;
    if (forms->n == FORMS || form.n < 2)
        return;
    forms->items[forms->n] = form;
    forms->whole[forms->n++] = whole;
}

static void add_forms(struct forms *forms, struct str given, struct str family, struct arena *arena)
{
    add_form(forms, str_printf(arena, "%.*s%.*s", STR_ARG(given), STR_ARG(family)), true);
    add_form(forms, str_printf(arena, "%.*s%.*s", STR_ARG(family), STR_ARG(given)), true);
    add_form(forms, str_printf(arena, "%.1s%.*s", given.p, STR_ARG(family)), false);
    add_form(forms, str_printf(arena, "%.*s%.1s", STR_ARG(family), given.p), false);
    add_form(forms, str_printf(arena, "%.*s%.1s", STR_ARG(given), family.p), false);
    add_form(forms, family, false);
    add_form(forms, given, false);
}

static struct str first_word(struct str s)
{
    struct str rest = s, word;
    return str_split(&rest, ' ', &word) ? word : s;
}

static struct forms forms_of(const struct ocr_look *look)
{
    struct forms forms = {0};
    struct arena *arena = look->arena;
    struct str given[] = {look->given_name.value, first_word(look->given_name.value)}, family = look->family_name.value;
    for (size_t i = 0; i < ARRAY_LEN(given); i++) {
        add_forms(&forms, contact_text_letters(given[i], arena), contact_text_letters(family, arena), arena);
        add_forms(&forms, ocr_domain_close(contact_text_fold(given[i], arena), arena),
                  ocr_domain_close(contact_text_fold(family, arena), arena), arena);
    }
    forms.given = contact_text_letters(given[0], arena);
    return forms;
}

static struct str without_joints(struct str s, struct arena *arena)
{
    struct strbuf buf = {.arena = arena};
    for (size_t i = 0; i < s.n; i++)
        if (!strchr(".-_", s.p[i]))
            strbuf_add_char(&buf, s.p[i]);
    return buf.n ? strbuf_str(&buf) : STR("");
}

static bool is_form(const struct forms *forms, struct str letters)
{
    for (size_t i = 0; i < forms->n; i++)
        if (str_eq(forms->items[i], letters))
            return true;
    return false;
}

/* "anna.musterl0": digits behind the name that were read as letters; absent when there are none. */
static struct str with_digits(struct str local, const struct forms *forms, struct arena *arena)
{
    for (size_t i = 0; i < forms->n; i++) {
        size_t left = forms->items[i].n, cut = 0, digits = 0, letters = 0;
        for (; cut < local.n && left; cut++)
            left -= !strchr(".-_", local.p[cut]);
        if (left || cut == local.n || cut + 4 < local.n ||
            !str_eq(without_joints(str_slice(local, 0, cut), arena), forms->items[i]))
            continue;
        char *p = str_z(arena, local);
        for (size_t k = cut; k < local.n; k++) {
            digits += p[k] >= '0' && p[k] <= '9';
            letters += strchr("lio", p[k]) != NULL;
            p[k] = p[k] == 'l' || p[k] == 'i' ? '1' : p[k] == 'o' ? '0' : p[k];
        }
        if (digits && letters && digits + letters == local.n - cut)
            return (struct str){p, local.n};
    }
    return STR_NONE;
}

/* The local part in another reading of the word that is made of the name; absent when none is. */
static struct str other_local(const struct ocr_look *look, const struct ocr_word *word, const struct forms *forms)
{
    for (size_t k = 0; k < word->alternatives.n; k++) {
        struct str text = contact_text_lower(((const struct str *)word->alternatives.items)[k], look->arena), local;
        if (memchr(text.p ? text.p : "", '@', text.n) && str_split(&text, '@', &local) &&
            is_form(forms, without_joints(local, look->arena)))
            return local;
    }
    return STR_NONE;
}

static struct str read_otherwise(const struct ocr_look *look, const struct ocr_find *mail, const struct forms *forms)
{
    struct str local = STR_NONE;
    for (size_t i = 0; i < mail->n && !local.p; i++)
        for (size_t w = mail->spans[i].from; w < mail->spans[i].to && !local.p; w++)
            local = other_local(look, look->lines[mail->spans[i].line].words[w].word, forms);
    return local;
}

/* Cost up to which a form of so many letters corrects an address: "j.smith" is no misread "a.smith". */
static double patience(size_t letters, bool whole, double engine)
{
    if (letters < SHORT)
        return letters < LEAST ? 0 : OCR_SLIP_USUAL;
    double most = whole && letters >= LONG ? OCR_SLIP_ANY : OCR_SLIP_USUAL;
    return engine < UNSURE ? most + OCR_SLIP_USUAL : most;
}

/* The form that the reader most likely saw; absent when it was none, or more than one is as likely. */
static struct str likeliest(struct str local, const struct forms *forms, double engine)
{
    size_t found = forms->n;
    double least = OCR_SLIP_EXTRA + OCR_SLIP_USUAL, next = least + LEAD;
    for (size_t i = 0; i < forms->n; i++) {
        double cost = ocr_slip_cost(local, forms->items[i], least + LEAD);
        if (cost >= least) {
            next = fmin(next, cost);
            continue;
        }
        next = least;
        least = cost;
        found = i;
    }
    if (found == forms->n || least + LEAD > next)
        return STR_NONE;
    struct str given = forms->given;
    bool family = forms->whole[found] && forms->items[found].n >= CERTAIN && given.n && str_starts(local, given);
    if (least > fmax(patience(forms->items[found].n, forms->whole[found], engine), family ? OCR_SLIP_EXTRA : 0))
        return STR_NONE; /* people leave letters out of given names, not of the others */
    return forms->items[found];
}

/* ".muster@", "\.muster@": the initial was too thin to be read. */
static bool initial_lost(const struct ocr_look *look, const struct ocr_find *mail, struct str letters)
{
    struct str raw = mail->raw, family = contact_text_letters(look->family_name.value, look->arena);
    size_t dot = raw.n && strchr("\\|/!", raw.p[0]) ? 1 : 0;
    return raw.n > dot && raw.p[dot] == '.' && str_eq(letters, family);
}

static struct str local_of(struct str address)
{
    struct str rest = address, local;
    return str_split(&rest, '@', &local) ? local : STR_NONE;
}

static struct str local_letters(const struct ocr_look *look, struct str address)
{
    return without_joints(local_of(address), look->arena);
}

/* "anna muster@": the given name in small letters right in front, whose dot was too small to be seen; absent when there
 * is none. */
static struct str given_before(const struct ocr_look *look, const struct ocr_find *mail)
{
    struct ocr_span span = mail->spans[0];
    if (!mail->n || span.from == 0)
        return STR_NONE;
    struct str word = look->lines[span.line].words[span.from - 1].word->text, given = look->given_name.value;
    bool small = str_eq(word, contact_text_lower(word, look->arena));
    bool same = str_eq(contact_text_letters(word, look->arena), contact_text_letters(given, look->arena)) ||
                str_eq(contact_text_fold(word, look->arena), contact_text_fold(given, look->arena));
    return small && same ? word : STR_NONE;
}

/* What the local part should be if it is made of the name; absent when it is as it should be, or is not. */
static struct str meant_local(const struct ocr_look *look, const struct ocr_find *mail, struct str local,
                              const struct forms *forms)
{
    struct str letters = without_joints(local, look->arena);
    struct str given = contact_text_letters(look->given_name.value, look->arena);
    bool dots_lost = str_find(mail->raw, STR("."), 0) < 0; /* even the domain's */
    if (dots_lost && letters.n == local.n && given.n > 1 && str_eq(letters, forms->items[0]) && letters.n > given.n)
        return str_printf(look->arena, "%.*s.%.*s", STR_ARG(given), STR_ARG(str_slice(letters, given.n, letters.n)));
    if (mail->alternative.p && !is_form(forms, letters) && is_form(forms, local_letters(look, mail->alternative)))
        return local_of(mail->alternative);
    struct str before = is_form(forms, letters) ? given_before(look, mail) : STR_NONE;
    if (before.p && str_eq(letters, contact_text_letters(look->family_name.value, look->arena)))
        return str_printf(look->arena, "%.*s.%.*s", STR_ARG(before), STR_ARG(local));
    if (initial_lost(look, mail, letters))
        return str_printf(look->arena, "%.1s.%.*s", given.p, STR_ARG(local));
    if (is_form(forms, letters))
        return STR_NONE;
    struct str numbered = with_digits(local, forms, look->arena);
    struct str other = numbered.p ? numbered : read_otherwise(look, mail, forms);
    if (other.p)
        return other;
    struct str meant = likeliest(local, forms, ocr_look_confidence(look, mail->spans[0]));
    return meant.p ? ocr_slip_mend(local, meant, look->arena) : STR_NONE;
}

/* The larger print is read better: only a name set larger than the mail corrects it. */
static bool name_larger(const struct ocr_look *look, const struct ocr_find *mail)
{
    const struct ocr_find *name = &look->family_name;
    return name->n && mail->n &&
           look->lines[name->spans[0].line].line->height >= LARGER * look->lines[mail->spans[0].line].line->height;
}

void ocr_fields_email_agree(struct ocr_look *look)
{
    if (str_empty(look->given_name.value) || str_empty(look->family_name.value))
        return;
    struct forms forms = forms_of(look);
    for (size_t i = 0; i < look->emails.n && forms.n; i++) {
        struct ocr_find *find = &look->emails.items[i];
        struct contact_email email;
        if (!name_larger(look, find) || !contact_email_parse(find->value, look->arena, &email))
            continue;
        struct str local = meant_local(look, find, email.local, &forms);
        if (!local.p || str_eq(local, email.local))
            continue;
        find->alternative = find->value;
        find->value = str_printf(look->arena, "%.*s@%.*s", STR_ARG(local), STR_ARG(email.domain));
        find->confidence *= 0.9;
    }
}
