/* The shapes of the vocabulary, from fields.def; see contact.h. */
#include "contact/contact.h"

#include "base/limits.h"

const char *const contact_kind_words[] = {"work", "mobile", "fax", "home", "other", NULL};

#define VALUE(member)   offsetof(struct contact_value, member)
#define ADDRESS(member) offsetof(struct contact_address, member)
#define CLAIM(member)   offsetof(struct contact_claim, member)

static const struct json_field email_rows[] = {
    {.name = "value",
     .kind = JSON_STR,
     .offset = VALUE(value),
     .flags = JSON_REQUIRED,
     .max = 254,
     .doc = "Address as in RFC 5321."},
    {.name = "kind", .kind = JSON_WORD, .offset = VALUE(kind), .words = contact_kind_words},
};
const struct json_shape contact_email_shape = {"Email", sizeof(struct contact_value), email_rows, ARRAY_LEN(email_rows),
                                               false};

static const struct json_field phone_rows[] = {
    {.name = "value",
     .kind = JSON_STR,
     .offset = VALUE(value),
     .flags = JSON_REQUIRED,
     .max = 32,
     .doc = "E.164 (ITU-T)."},
    {.name = "raw", .kind = JSON_STR, .offset = VALUE(raw), .max = 100, .doc = "As printed."},
    {.name = "kind", .kind = JSON_WORD, .offset = VALUE(kind), .words = contact_kind_words},
};
const struct json_shape contact_phone_shape = {"Phone", sizeof(struct contact_value), phone_rows, ARRAY_LEN(phone_rows),
                                               false};

static const struct json_field url_rows[] = {
    {.name = "value",
     .kind = JSON_STR,
     .offset = VALUE(value),
     .flags = JSON_REQUIRED,
     .max = 500,
     .doc = "With its scheme."},
};
const struct json_shape contact_url_shape = {"Url", sizeof(struct contact_value), url_rows, ARRAY_LEN(url_rows), false};

static const struct json_field address_rows[] = {
    {.name = "street", .kind = JSON_STR, .offset = ADDRESS(street), .max = 300},
    {.name = "postal_code", .kind = JSON_STR, .offset = ADDRESS(postal_code), .max = 32},
    {.name = "city", .kind = JSON_STR, .offset = ADDRESS(city), .max = 200},
    {.name = "region", .kind = JSON_STR, .offset = ADDRESS(region), .max = 200},
    {.name = "country", .kind = JSON_STR, .offset = ADDRESS(country), .max = 2, .doc = "ISO 3166-1 alpha-2."},
};
const struct json_shape contact_address_shape = {"Address", sizeof(struct contact_address), address_rows,
                                                 ARRAY_LEN(address_rows), false};

#define JSON_KIND_TEXT             JSON_STR
#define JSON_KIND_VALUES           JSON_LIST
#define JSON_KIND_ADDRESSES        JSON_LIST
#define MAX_TEXT                   400
#define MAX_VALUES                 LIMIT_VALUES
#define MAX_ADDRESSES              LIMIT_VALUES
#define contact_shape_of(name)     contact_shape_##name
#define contact_shape_name_prefix  NULL
#define contact_shape_given_name   NULL
#define contact_shape_family_name  NULL
#define contact_shape_name_suffix  NULL
#define contact_shape_job_title    NULL
#define contact_shape_department   NULL
#define contact_shape_organization NULL
#define contact_shape_emails       &contact_email_shape
#define contact_shape_phones       &contact_phone_shape
#define contact_shape_urls         &contact_url_shape
#define contact_shape_addresses    &contact_address_shape

static const struct json_field contact_rows[] = {
#define X(member, what, many)                                                                                          \
    {.name = #member,                                                                                                  \
     .kind = JSON_KIND_##what,                                                                                         \
     .offset = offsetof(struct contact, member),                                                                       \
     .max = MAX_##what,                                                                                                \
     .shape = contact_shape_of(member)},
#include "contact/fields.def"
#undef X
};
const struct json_shape contact_shape = {"ContactFields", sizeof(struct contact), contact_rows, ARRAY_LEN(contact_rows),
                                         false};

const struct contact_field contact_fields[] = {
#define X(member, what, many) {#member, CONTACT_FIELD_##what, offsetof(struct contact, member), many},
#include "contact/fields.def"
#undef X
};
const size_t contact_field_count = ARRAY_LEN(contact_fields);

static const struct json_field claim_rows[] = {
    {.name = "field", .kind = JSON_STR, .offset = CLAIM(field), .flags = JSON_REQUIRED},
    {.name = "value", .kind = JSON_STR, .offset = CLAIM(value)},
    {.name = "raw", .kind = JSON_STR, .offset = CLAIM(raw)},
    {.name = "confidence", .kind = JSON_DOUBLE, .offset = CLAIM(confidence), .doc = "0 to 1."},
    {.name = "box",
     .kind = JSON_DOUBLES,
     .offset = CLAIM(box),
     .max = 4,
     .doc = "x, y, width, height in pixels of the upright photo."},
    {.name = "card_box",
     .kind = JSON_DOUBLES,
     .offset = CLAIM(card_box),
     .max = 4,
     .doc = "The same in pixels of the card's image."},
    {.name = "alternatives", .kind = JSON_STRS, .offset = CLAIM(alternatives), .max = 16},
    {.name = "side",
     .kind = JSON_STR,
     .offset = CLAIM(side),
     .flags = JSON_OMIT,
     .max = 8,
     .doc = "back: the boxes lie on the card's other side; absent: on its front."},
};
const struct json_shape contact_claim_shape = {"Claim", sizeof(struct contact_claim), claim_rows, ARRAY_LEN(claim_rows),
                                               false};

const struct contact_field *contact_field_find(struct str name)
{
    for (size_t i = 0; i < contact_field_count; i++)
        if (str_eq(str_c(contact_fields[i].name), name))
            return &contact_fields[i];
    return NULL;
}
