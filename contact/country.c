/* Looks countries up in countries.def. The table is small and asked rarely: a walk over it is fast enough. */
#include "contact/country.h"

#include "contact/text.h"

struct country {
    const char *alpha2, *alpha3, *names;
};

static const struct country countries[] = {
#define X(alpha2, alpha3, names) {alpha2, alpha3, names},
#include "contact/countries.def"
#undef X
};

static const struct country *by_code(struct str code)
{
    for (size_t i = 0; i < ARRAY_LEN(countries); i++)
        if (str_eq(code, str_c(countries[i].alpha2)))
            return &countries[i];
    return NULL;
}

bool contact_country_known(struct str code)
{
    return by_code(code) != NULL;
}

struct str contact_country_name(struct str code)
{
    struct str name = STR_NONE, rest;
    const struct country *country = by_code(code);
    if (!country)
        return STR_NONE;
    rest = str_c(country->names);
    str_split(&rest, '|', &name);
    return name;
}

/* Equality of an ASCII name with folded text, without folding it; -1 when the name has other letters. */
static int ascii_same(struct str name, struct str folded)
{
    size_t k = 0;
    bool same = true, blank = false;
    for (size_t i = 0; i < name.n; i++) {
        unsigned char c = (unsigned char)name.p[i];
        if (c >= 0x80)
            return -1;
        if (c == '\'')
            continue;
        bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!word) {
            blank = k > 0;
            continue;
        }
        same = same && (!blank || (k < folded.n && folded.p[k] == ' '));
        k += blank;
        blank = false;
        same = same && k < folded.n && (c >= 'A' && c <= 'Z' ? c + 32 : c) == (unsigned char)folded.p[k];
        k++;
    }
    return same && k == folded.n;
}

/* Equality of folded text against a name of the table; the costly fold only where it can fit. */
static bool names_have(const struct country *country, struct str folded, struct arena *scratch)
{
    struct str rest = str_c(country->names), name;
    while (str_split(&rest, '|', &name)) {
        bool ascii = (unsigned char)name.p[0] < 0x80;
        bool length = name.n + 2 >= folded.n && name.n <= folded.n + folded.n / 2 + 6;
        if (!length || (ascii && (name.p[0] | 32) != (folded.p[0] | 32)))
            continue;
        int same = ascii_same(name, folded);
        if (same > 0 || (same < 0 && str_eq(contact_text_fold(name, scratch), folded)))
            return true;
    }
    return false;
}

const char *contact_country_find(struct str name, struct arena *arena)
{
    (void)arena;
    enum { LONGEST = 64, SCRATCH = 4 * 1024 * 1024 };
    struct str trimmed = str_trim(name);
    if (str_empty(trimmed) || trimmed.n > 2 * LONGEST)
        return "";
    _cleanup_(arena_freep) struct arena *scratch = arena_new(SCRATCH); /* folding takes much for a moment */
    struct str folded = contact_text_fold(trimmed, scratch);
    if (str_empty(folded) || folded.n > LONGEST)
        return "";
    for (size_t i = 0; i < ARRAY_LEN(countries); i++)
        if (str_eq(trimmed, str_c(countries[i].alpha3)) || names_have(&countries[i], folded, scratch))
            return countries[i].alpha2;
    return "";
}
