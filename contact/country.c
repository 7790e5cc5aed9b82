/* Looks countries up in countries.def; names by bisection, since a card asks for every run of its words. */
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

/* Every name of the table, folded and sorted. */
static const struct folded {
    const char *name;
    size_t n;
    const char *alpha2;
} folded_names[] = {
#include "contact/country_names.h"
};

static int by_name(const void *key, const void *row)
{
    const struct str *name = key;
    const struct folded *other = row;
    int order = memcmp(name->p, other->name, name->n < other->n ? name->n : other->n);
    return order ? order : (name->n > other->n) - (name->n < other->n);
}

const char *contact_country_find(struct str name, struct arena *arena)
{
    enum { LONGEST = 64 };
    struct str trimmed = str_trim(name);
    if (str_empty(trimmed) || trimmed.n > 2 * LONGEST)
        return "";
    for (size_t i = 0; trimmed.n == 3 && i < ARRAY_LEN(countries); i++)
        if (str_eq(trimmed, str_c(countries[i].alpha3)))
            return countries[i].alpha2;
    struct str key = contact_text_fold(trimmed, arena);
    const struct folded *found =
        str_empty(key) ? NULL : bsearch(&key, folded_names, ARRAY_LEN(folded_names), sizeof *folded_names, by_name);
    return found ? found->alpha2 : "";
}
