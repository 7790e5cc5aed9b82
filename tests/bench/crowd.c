/* See crowd.h. */
#include "tests/bench/crowd.h"

#include "contact/fold.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LIST_MOST = 512, LINE_MOST = 256, TOWN_COLUMNS = 4 };

struct words {
    struct str *word;
    double *end; /* sums of the weights up to here */
    size_t n;
};

struct crowd {
    struct arena *arena;
    uint64_t companies;
    struct words given, family, stems, ends, trades, coins, regions, towns, legal, streets;
};

uint64_t crowd_dice(uint64_t seed)
{
    uint64_t z = seed + 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

/* Draws in a row from one seed. */
static uint64_t next(uint64_t *seed)
{
    return *seed = crowd_dice(*seed);
}

static double share(uint64_t *seed)
{
    return (double)(next(seed) >> 11) * 0x1p-53;
}

static struct str column(struct str line, int at)
{
    struct str piece = STR("");
    for (int i = 0; i <= at; i++)
        if (!str_split(&line, '|', &piece))
            return STR("");
    return piece;
}

/* Lines of NAME.txt that begin with `prefix`; ranked: commonest first (Zipf-Mandelbrot), else all alike. */
static bool words_read(struct words *words, const char *folder, const char *name, const char *prefix, bool ranked,
                       struct arena *arena)
{
    char line[LINE_MOST];
    struct str path = str_printf(arena, "%s/%s.txt", folder, name);
    FILE *file = fopen(path.p, "r");
    *words = (struct words){arena_array(arena, LIST_MOST, sizeof(struct str)),
                            arena_array(arena, LIST_MOST, sizeof(double)), 0};
    double sum = 0;
    while (file && words->n < LIST_MOST && fgets(line, sizeof line, file)) {
        struct str text = str_trim(str_c(line));
        if (text.n == 0 || text.p[0] == '#' || !str_starts(text, str_c(prefix)))
            continue;
        sum += ranked ? pow((double)words->n + 5, -0.75) : 1;
        words->end[words->n] = sum;
        words->word[words->n++] = str_dup(arena, text);
    }
    if (file)
        (void)fclose(file);
    return words->n > 0;
}

static struct str pick(const struct words *words, uint64_t *seed)
{
    double point = share(seed) * words->end[words->n - 1];
    size_t low = 0, high = words->n - 1;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (words->end[middle] > point)
            high = middle;
        else
            low = middle + 1;
    }
    return words->word[low];
}

struct crowd *crowd_new(const char *folder, uint64_t people, struct arena *arena)
{
    struct crowd *crowd = arena_one(arena, struct crowd);
    *crowd = (struct crowd){.arena = arena, .companies = people / 10 + 1};
    bool all = words_read(&crowd->given, folder, "given_de", "", true, arena) &&
               words_read(&crowd->family, folder, "surname_de", "", true, arena) &&
               words_read(&crowd->stems, folder, "surname_stems_de", "", false, arena) &&
               words_read(&crowd->ends, folder, "surname_ends_de", "", false, arena) &&
               words_read(&crowd->trades, folder, "trade_de", "", false, arena) &&
               words_read(&crowd->coins, folder, "coin", "head", false, arena) &&
               words_read(&crowd->regions, folder, "region_de", "", false, arena) &&
               words_read(&crowd->towns, folder, "town_de", "", true, arena) &&
               words_read(&crowd->legal, folder, "legal", "DE", true, arena) &&
               words_read(&crowd->streets, folder, "street_de", "", true, arena);
    return all ? crowd : NULL;
}

/* A third of the names are composed, so that rare names are as common as in life. */
static struct str family_name(const struct crowd *crowd, uint64_t *seed, struct arena *arena)
{
    if (share(seed) > 0.36)
        return pick(&crowd->family, seed);
    struct str stem = pick(&crowd->stems, seed), end = pick(&crowd->ends, seed);
    return str_printf(arena, "%.*s%.*s", STR_ARG(stem), STR_ARG(end));
}

struct employer {
    struct str name, domain, city, postal_code, street, main;
};

static struct str company_core(const struct crowd *crowd, uint64_t *seed, struct arena *arena)
{
    struct str trade = pick(&crowd->trades, seed), family = family_name(crowd, seed, arena);
    struct str coin = column(pick(&crowd->coins, seed), 1), region = pick(&crowd->regions, seed);
    double shape = share(seed);
    if (shape < 0.38)
        return str_printf(arena, "%.*s %.*s", STR_ARG(family), STR_ARG(trade));
    if (shape < 0.56)
        return str_printf(arena, "%.*s%c %.*s", STR_ARG(coin), (int)('a' + next(seed) % 26), STR_ARG(trade));
    if (shape < 0.68)
        return str_printf(arena, "%.*s %.*s", STR_ARG(region), STR_ARG(trade));
    if (shape < 0.80)
        return str_printf(arena, "%c%c%c %.*s", (int)('A' + next(seed) % 26), (int)('A' + next(seed) % 26),
                          (int)('A' + next(seed) % 26), STR_ARG(trade));
    struct str second = family_name(crowd, seed, arena);
    return shape < 0.88 ? str_printf(arena, "%.*s & %.*s", STR_ARG(family), STR_ARG(second))
                        : str_printf(arena, "%.*s %.*s", STR_ARG(trade), STR_ARG(family));
}

static struct employer employer_of(const struct crowd *crowd, uint64_t number, struct arena *arena)
{
    uint64_t seed = crowd_dice(number * 2 + 1);
    struct str town = pick(&crowd->towns, &seed), core = company_core(crowd, &seed, arena);
    struct str codes = column(town, 1), legal = column(pick(&crowd->legal, &seed), 1);
    struct str street = pick(&crowd->streets, &seed), area = column(town, 2);
    struct strbuf label = {.arena = arena};
    struct str plain = contact_plain(contact_fold(core, arena), arena);
    for (size_t i = 0; i < plain.n; i++)
        if ((plain.p[i] >= 'a' && plain.p[i] <= 'z') || plain.p[i] == ' ')
            strbuf_add_char(&label, plain.p[i] == ' ' ? '-' : plain.p[i]);
    return (struct employer){
        .name = str_printf(arena, "%.*s %.*s", STR_ARG(core), STR_ARG(legal)),
        .domain = str_printf(arena, "%.*s-%llu.example", STR_ARG(strbuf_str(&label)), (unsigned long long)number),
        .city = column(town, 0),
        .postal_code = str_printf(arena, "%.*s%02u", STR_ARG(codes), (unsigned)(next(&seed) % 100)),
        .street = str_printf(arena, "%.*s %u", STR_ARG(street), (unsigned)(next(&seed) % 90 + 1)),
        .main = str_printf(arena, "+49%.*s1%05u", STR_ARG(area), (unsigned)(next(&seed) % 100000)),
    };
}

static struct json_list one_value(struct str value, int kind, struct arena *arena)
{
    struct contact_value *item = arena_one(arena, struct contact_value);
    *item = (struct contact_value){.value = value, .kind = kind};
    return (struct json_list){item, 1};
}

static struct json_list phones_of(const struct employer *employer, uint64_t *seed, struct arena *arena)
{
    struct contact_value *items = arena_array(arena, 2, sizeof *items);
    size_t n = 0;
    double odd = share(seed);
    if (odd < 0.6)
        items[n++] = (struct contact_value){
            .value = str_printf(arena, "%.*s%02u", STR_ARG(employer->main), (unsigned)(next(seed) % 89 + 10)),
            .kind = CONTACT_WORK};
    else if (odd < 0.85)
        items[n++] =
            (struct contact_value){.value = str_printf(arena, "%.*s0", STR_ARG(employer->main)), .kind = CONTACT_WORK};
    if (share(seed) < 0.5)
        items[n++] = (struct contact_value){.value = str_printf(arena, "+49170%07u", (unsigned)(next(seed) % 10000000)),
                                            .kind = CONTACT_MOBILE};
    return (struct json_list){items, n};
}

void crowd_person(const struct crowd *crowd, uint64_t i, struct arena *arena, struct contact *ret_contact)
{
    uint64_t seed = crowd_dice(i * 2);
    struct employer employer = employer_of(crowd, next(&seed) % crowd->companies, arena);
    struct str given = column(pick(&crowd->given, &seed), 0), family = family_name(crowd, &seed, arena);
    struct contact_address *address = arena_one(arena, struct contact_address);
    *address = (struct contact_address){
        .street = employer.street, .postal_code = employer.postal_code, .city = employer.city, .country = STR("DE")};
    struct contact person = {.given_name = given,
                             .family_name = family,
                             .organization = employer.name,
                             .phones = phones_of(&employer, &seed, arena),
                             .addresses = {address, 1}};
    if (share(&seed) < 0.9)
        person.emails =
            one_value(str_printf(arena, "%.*s.%.*s@%.*s", STR_ARG(contact_plain(contact_fold(given, arena), arena)),
                                 STR_ARG(contact_plain(contact_fold(family, arena), arena)), STR_ARG(employer.domain)),
                      CONTACT_WORK, arena);
    *ret_contact = person;
}

/* Places of ASCII letters only: a slip inside a character of several bytes would not be UTF-8. */
static struct str slip_once(struct str name, uint64_t *seed, struct arena *arena)
{
    char *text = str_z(arena, str_printf(arena, "%.*s ", STR_ARG(name)));
    size_t at = next(seed) % name.n;
    char letter = (char)('a' + next(seed) % 26);
    for (size_t tries = 0; tries < name.n && ((text[at] | text[(at + 1) % name.n]) & 0x80); tries++)
        at = (at + 1) % name.n;
    if ((text[at] | text[(at + 1) % name.n]) & 0x80)
        return name;
    switch (next(seed) % 4) {
    case 0: /* doubled */
        memmove(text + at + 1, text + at, name.n - at);
        return (struct str){text, name.n + 1};
    case 1: /* dropped */
        memmove(text + at, text + at + 1, name.n - at);
        return (struct str){text, name.n - 1};
    case 2: /* swapped */
        if (at + 1 < name.n && text[at] != text[at + 1]) {
            char first = text[at];
            text[at] = text[at + 1];
            text[at + 1] = first;
            return (struct str){text, name.n};
        }
        break;
    default:
        break;
    }
    text[at] = text[at] == letter ? 'q' : letter;
    return (struct str){text, name.n};
}

void crowd_slip(struct contact *contact, int slips, uint64_t dice, struct arena *arena)
{
    uint64_t seed = crowd_dice(dice);
    for (int i = 0; i < slips; i++) {
        struct str *name = next(&seed) % 2 ? &contact->given_name : &contact->family_name;
        if (name->n > 2)
            *name = slip_once(*name, &seed, arena);
    }
}
