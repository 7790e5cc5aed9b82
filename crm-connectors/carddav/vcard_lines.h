/* A vCard as lines that can be looked up, changed one by one and written again (RFC 2426, RFC 6350); what nobody
 * touches stays to the byte. */
#ifndef CRM_CONNECTORS_CARDDAV_VCARD_LINES_H
#define CRM_CONNECTORS_CARDDAV_VCARD_LINES_H

#include "contact/contact.h"

struct crm_vcard_line {
    struct str text;  /* unfolded */
    struct str raw;   /* as it was, with its folds, without the last line break */
    struct str group; /* "item1", or empty */
    struct str name;
    struct str head;   /* group, name, parameters */
    struct str params; /* ";TYPE=WORK", or empty */
    struct str value;
    bool gone, changed;
};

struct crm_vcard {
    struct arena *arena;
    struct crm_vcard_line *lines; /* with room for every line that a patch can add */
    size_t n;
    bool v4;
    const char *region;      /* of national phone numbers */
    struct crm_vcard *image; /* the card whose lines values go back to, or NULL */
};

/* Cuts the next logical line with its folds off *rest; false at the end. */
bool crm_vcard_next(struct str *rest, struct str *ret_raw);
/* One logical line taken apart. */
struct crm_vcard_line crm_vcard_line(struct str raw, struct arena *arena);
/* The first card of the text. Errors: ERR_INVALID (no card, version 2.1). */
int crm_vcard_read(struct str vcard, const char *region, struct arena *arena, struct crm_vcard *ret, struct err *err);
/* The card with its changed lines folded anew, and without those that are gone. */
struct str crm_vcard_text(const struct crm_vcard *card);
/* The card with the properties named alone (NULL ends them) and Apple's labels; absent when it is none. */
struct str crm_vcard_extract(struct str vcard, const char *const *names, struct arena *arena);

/* The first line of a property, or NULL. */
struct crm_vcard_line *crm_vcard_find(struct crm_vcard *card, const char *name);
/* The unchanged line that says the value of a field of several (struct contact_value or contact_address), or NULL. */
struct crm_vcard_line *crm_vcard_find_value(struct crm_vcard *card, const char *property,
                                            const struct contact_field *field, const void *value);
/* True for Apple's label of the other lines of its group. */
bool crm_vcard_labels(const struct crm_vcard_line *line);
/* Gives a line another head (group, name, parameters) and value. */
void crm_vcard_set(struct crm_vcard *card, struct crm_vcard_line *line, struct str head, struct str value);
/* Puts a new line behind the last one of its kind, else at the end; pointers to lines move. */
void crm_vcard_add(struct crm_vcard *card, struct crm_vcard_line line);

#endif
