/* Contacts for the tests of dedupe/, written on one line each. */
#ifndef TESTS_UNIT_DEDUPE_PEOPLE_H
#define TESTS_UNIT_DEDUPE_PEOPLE_H

#include "dedupe/dedupe.h"

/* What a test says about a person; NULL = unknown. Phones in E.164. */
struct person {
    const char *given, *family, *company, *mail, *phone, *mobile, *street, *postal_code, *city, *birth, *suffix, *url;
};

static inline struct json_list person_values(const char *value, int kind, struct arena *arena)
{
    struct contact_value *values = arena_one(arena, struct contact_value);
    *values = (struct contact_value){.value = str_c(value), .kind = kind};
    return (struct json_list){values, value ? 1 : 0};
}

static inline struct dedupe_record *person_record(const struct person *person, struct arena *arena)
{
    struct contact *contact = arena_one(arena, struct contact);
    struct contact_value *phones = arena_array(arena, 2, sizeof *phones);
    struct contact_address *address = arena_one(arena, struct contact_address);
    size_t n = 0;
    if (person->phone)
        phones[n++] = (struct contact_value){.value = str_c(person->phone), .kind = CONTACT_WORK};
    if (person->mobile)
        phones[n++] = (struct contact_value){.value = str_c(person->mobile), .kind = CONTACT_MOBILE};
    *address = (struct contact_address){
        .street = str_c(person->street), .postal_code = str_c(person->postal_code), .city = str_c(person->city)};
    *contact = (struct contact){
        .given_name = str_c(person->given),
        .family_name = str_c(person->family),
        .name_suffix = str_c(person->suffix),
        .organization = str_c(person->company),
        .emails = person_values(person->mail, CONTACT_WORK, arena),
        .urls = person_values(person->url, -1, arena),
        .phones = {phones, n},
        .addresses = {address, 1},
    };
    struct dedupe_record *record = dedupe_prepare(contact, arena);
    if (person->birth)
        dedupe_set_birth(record, str_c(person->birth));
    return record;
}

static inline struct dedupe_verdict person_score(const struct person *a, const struct person *b, struct arena *arena)
{
    struct dedupe_verdict verdict;
    dedupe_score(dedupe_model_default(), person_record(a, arena), person_record(b, arena), arena, &verdict);
    return verdict;
}

#endif
