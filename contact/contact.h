/* The vocabulary: a person as we know them (docs/contract.md). Values only; every text lives in its owner's arena. */
#ifndef CONTACT_CONTACT_H
#define CONTACT_CONTACT_H

#include "base/json.h"

/* How a phone, e-mail, URL is used; index into contact_kind_words. */
enum contact_kind { CONTACT_WORK, CONTACT_MOBILE, CONTACT_FAX, CONTACT_HOME, CONTACT_OTHER };
extern const char *const contact_kind_words[]; /* "work", "mobile", "fax", "home", "other", NULL */

struct contact_value {
    struct str value; /* e-mail: lower-case domain; phone: E.164; URL: with scheme */
    struct str raw;   /* as printed; absent when it does not differ (phones always have it when printed) */
    int kind;         /* enum contact_kind or -1 */
};

struct contact_address {
    struct str street, postal_code, city, region;
    struct str country; /* ISO 3166-1 alpha-2 */
};

struct contact {
    struct str name_prefix, given_name, family_name, name_suffix, job_title, department, organization;
    struct json_list emails, phones, urls; /* struct contact_value; the first is the main one */
    struct json_list addresses;            /* struct contact_address */
};

/* The JSON of docs/contract.md, for the API, the command line, sealed storage. */
extern const struct json_shape contact_shape;
extern const struct json_shape contact_email_shape, contact_phone_shape, contact_url_shape, contact_address_shape;

/* One row of fields.def. */
enum contact_field_kind { CONTACT_FIELD_TEXT, CONTACT_FIELD_VALUES, CONTACT_FIELD_ADDRESSES };
struct contact_field {
    const char *name; /* "given_name", "emails" … as in the JSON; also the key of the pages' catalogues */
    enum contact_field_kind kind;
    size_t offset; /* into struct contact */
    bool multi;    /* several values live side by side: "keep both" is a choice */
};
extern const struct contact_field contact_fields[];
extern const size_t contact_field_count;
/* Row of a name, or NULL. */
const struct contact_field *contact_field_find(struct str name);

/* Whole display name "Dr. Anna Schmidt-Lehmann", else the organisation, else the first e-mail, else absent. */
struct str contact_display_name(const struct contact *contact, struct arena *arena);
/* Checks and repairs what a stranger sent: trims, NFC, absent instead of empty, lengths, e-mail syntax, E.164 of phones
 * (region: ISO 3166-1 alpha-2 default for national numbers), ISO countries. Errors: ERR_INVALID with pointer. */
int contact_clean(struct contact *contact, const char *region, struct arena *arena, struct err *err);
/* Deep copy into another arena. */
struct contact contact_copy(const struct contact *contact, struct arena *arena);
/* True when both say the same in every field. */
bool contact_same(const struct contact *a, const struct contact *b);

/* What a reader, a mail or a person claims about one value, with its place on the card. */
struct contact_claim {
    struct str field;              /* "given_name", "emails/0", "addresses/0/city" … */
    struct str value, raw;         /* as in the contact; as read */
    double confidence;             /* 0..1, calibrated as far as measured */
    struct json_list box;          /* 4 doubles x,y,w,h in pixels of the upright photo; empty when from a code */
    struct json_list card_box;     /* the same in pixels of the rectified card image */
    struct json_list alternatives; /* struct str */
    struct str side;               /* "back" of the card; absent: its front, or the only side */
};
extern const struct json_shape contact_claim_shape;
#define CONTACT_SIDE_BACK "back"

#endif
