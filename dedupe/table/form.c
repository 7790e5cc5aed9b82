/* Normal forms: what is written differently but means the same becomes one text. */
#include "dedupe/table/form.h"

#include "contact/company.h"
#include "contact/fold.h"
#include "contact/name.h"

#include <string.h>

enum { WORDS = 12 };

static struct str plain_of(struct str text, struct arena *arena)
{
    return contact_plain(contact_fold(text, arena), arena);
}

static struct str words_of(const struct contact_name_part *parts, size_t n, struct arena *arena)
{
    struct str plain[CONTACT_NAME_PARTS] = {0};
    for (size_t i = 0; i < n; i++)
        plain[i] = parts[i].plain;
    return contact_join(plain, n, " ", arena);
}

static bool has_word(struct str text, struct str word)
{
    struct str words[WORDS];
    size_t n = contact_words(text, words, WORDS);
    for (size_t i = 0; i < n; i++) {
        if (str_eq(words[i], word))
            return true;
    }
    return false;
}

struct dedupe_name_form dedupe_form_name(struct str given, struct str family, struct str full, struct arena *arena)
{
    bool parts = !str_empty(given) || !str_empty(family);
    struct contact contact = {.given_name = given, .family_name = parts ? family : full};
    struct contact_name name;
    contact_name_form(&contact, arena, &name);
    struct dedupe_name_form form = {.given = words_of(name.given, name.given_n, arena),
                                    .family = words_of(name.family, name.family_n, arena)};
    if (str_empty(full))
        return form;
    struct str words[WORDS], others[WORDS];
    size_t n = contact_words(plain_of(full, arena), words, WORDS), kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (words[i].n > 2 && !has_word(form.given, words[i]) && !has_word(form.family, words[i]))
            others[kept++] = words[i];
    }
    form.others = contact_join(others, kept, " ", arena);
    return form;
}

/* Letters and digits only. */
static struct str solid(struct str text, struct arena *arena)
{
    struct str words[WORDS];
    size_t n = contact_words(plain_of(text, arena), words, WORDS);
    return contact_join(words, n, "", arena);
}

static struct str digits_of(struct str text, struct arena *arena)
{
    char *kept = arena_alloc(arena, text.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] >= '0' && text.p[i] <= '9')
            kept[n++] = text.p[i];
    }
    return (struct str){kept, n};
}

/* "1971-06-24", "1971-6-24", "24.06.1971", "24/6/1971", "19710624" -> "19710624"; anything else as its digits. */
static struct str date_of(struct str text, struct arena *arena)
{
    struct str part[3] = {0};
    size_t parts = 0;
    for (size_t i = 0; i < text.n && parts < 3;) {
        size_t from = i;
        while (i < text.n && text.p[i] >= '0' && text.p[i] <= '9')
            i++;
        if (i > from)
            part[parts++] = str_slice(text, from, i);
        else
            i++;
    }
    if (parts != 3)
        return digits_of(text, arena);
    struct str year = part[0], day = part[2];
    if (part[0].n < 3 && part[2].n > 2) {
        year = part[2];
        day = part[0];
    }
    return str_printf(arena, "%s%.*s%s%.*s%s%.*s", year.n < 4 ? "00" : "", STR_ARG(year), part[1].n < 2 ? "0" : "",
                      STR_ARG(part[1]), day.n < 2 ? "0" : "", STR_ARG(day));
}

/* "Industriestraße 5" and "Industrie Str. 5" are one: words, with the street's own word in its short form. */
static struct str street_of(struct str text, struct arena *arena)
{
    static const char *const whole[] = {"strasse", "strase", "street", "road", "avenue", "place", "crescent", "drive"};
    static const char *const brief[] = {"str", "str", "st", "rd", "ave", "pl", "cres", "dr"};
    struct str words[WORDS];
    size_t n = contact_words(plain_of(text, arena), words, WORDS);
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < ARRAY_LEN(whole); k++) {
            bool ending = k < 2 ? str_ends(words[i], str_c(whole[k])) : str_eq(words[i], str_c(whole[k]));
            if (!ending)
                continue;
            struct str stem = str_slice(words[i], 0, words[i].n - strlen(whole[k]));
            words[i] = str_printf(arena, "%.*s%s", STR_ARG(stem), brief[k]);
            break;
        }
    }
    return contact_join(words, n, " ", arena);
}

static struct str company_of(struct str text, struct arena *arena)
{
    struct contact_company company;
    contact_company_form(text, arena, &company);
    return company.core;
}

struct str dedupe_form(enum dedupe_kind kind, struct str text, struct arena *arena)
{
    struct str trimmed = str_trim(text);
    if (str_empty(trimmed))
        return STR("");
    switch (kind) {
    case DEDUPE_KIND_BIRTH:
        return date_of(trimmed, arena);
    case DEDUPE_KIND_EMAIL:
        return str_lower(arena, trimmed);
    case DEDUPE_KIND_PHONE:
        return digits_of(trimmed, arena);
    case DEDUPE_KIND_IDENTIFIER:
        return solid(trimmed, arena);
    case DEDUPE_KIND_STREET:
        return street_of(trimmed, arena);
    case DEDUPE_KIND_COMPANY:
        return company_of(trimmed, arena);
    case DEDUPE_KIND_POSTAL:
    case DEDUPE_KIND_GIVEN:
    case DEDUPE_KIND_FAMILY:
    case DEDUPE_KIND_OTHER_NAMES:
    case DEDUPE_KIND_CITY:
    case DEDUPE_KIND_TEXT:
    case DEDUPE_KINDS:
        break;
    }
    return plain_of(trimmed, arena);
}
