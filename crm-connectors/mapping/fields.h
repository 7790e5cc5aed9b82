/* Fields of a CRM's contacts, as the CRM itself describes them: what a mapping can point at. One shape for all vendors;
 * it is also the form in which they are stored and shown. */
#ifndef CRM_CONNECTORS_MAPPING_FIELDS_H
#define CRM_CONNECTORS_MAPPING_FIELDS_H

#include "contact/contact.h"

enum crm_field_type {
    CRM_FIELD_TEXT,
    CRM_FIELD_LONG_TEXT,
    CRM_FIELD_EMAIL,
    CRM_FIELD_PHONE,
    CRM_FIELD_URL,
    CRM_FIELD_CHOICE,  /* one of its choices */
    CRM_FIELD_CHOICES, /* any number of them */
    CRM_FIELD_YES_NO,
    CRM_FIELD_NUMBER,
    CRM_FIELD_DATE,
    CRM_FIELD_REFERENCE, /* another record's id */
    CRM_FIELD_OTHER,     /* nothing that we could write */
};
extern const char *const crm_field_type_words[]; /* "text", "long_text" …, NULL */

struct crm_choice {
    struct str value, label; /* value: as it is written; label: for people, absent when it is the same */
};

struct crm_field {
    struct str name;          /* as it is written */
    struct str label;         /* for people, in the CRM's language; absent when it has none */
    int type;                 /* enum crm_field_type */
    int64_t length;           /* characters at most; 0 = the CRM does not say */
    bool required;            /* a new record needs it, and the CRM does not fill it by itself */
    bool create, update;      /* may be written on a new record, on one that exists */
    bool custom;              /* made by the customer */
    bool strict;              /* CRM_FIELD_CHOICE: nothing but its choices is taken */
    bool bare;                /* written as a JSON number or truth value, not as text */
    struct json_list choices; /* struct crm_choice */
};
extern const struct json_shape crm_choice_shape, crm_field_shape;

/* What speaks against a field that our values go to. */
enum crm_misfit {
    CRM_FITS,
    CRM_MISFIT_GONE,      /* the CRM has no such field (any more) */
    CRM_MISFIT_READ_ONLY, /* it may not be written */
    CRM_MISFIT_TYPE,      /* our value cannot be kept there */
    CRM_MISFIT_CHOICE,    /* the value is none of its choices */
    CRM_MISFIT_LONG,      /* the value is longer than the field */
    CRM_MISFIT_SHORT,     /* cards often have more characters */
    CRM_MISFIT_SHORTER,   /* it took more when the mapping was made */
    CRM_MISFIT_FEWER,     /* choices are gone that it had then */
    CRM_MISFIT_LIST,      /* it takes only what is on its list */
    CRM_MISFIT_NEW_ONLY,  /* it may be written on new records only */
    CRM_MISFIT_NEEDED,    /* new records need it, and nothing fills it */
    CRM_MISFIT_TOGETHER,  /* one place there holds several of our fields, and some are left out */
    CRM_MISFIT_COUNT
};

enum { CRM_FIELDS_MAX = 2000, CRM_CHOICES_MAX = 1000 };

/* Reads a JSON list of a vendor's descriptions, at most CRM_FIELDS_MAX, each by `read` (0 or -1). -1: no such list. */
typedef int crm_field_reader(struct str object, struct arena *arena, struct crm_field *ret_field, struct err *err);
int crm_fields_read(struct str list, crm_field_reader *read, struct arena *arena, struct json_list *ret_fields,
                    struct err *err);

/* A vendor's word for a kind of field. */
struct crm_field_word {
    const char *word;
    enum crm_field_type type;
    bool bare;
};
/* Sets type and bare by the vendor's word; a word that is not among the n leaves the field as it is. */
void crm_field_typed(struct crm_field *field, const struct crm_field_word *words, size_t n, struct str word);

/* Reads a JSON list of choices, at most CRM_CHOICES_MAX; what `read` does not want (false) is left out. struct
 * crm_choice; none where there is no such list. */
typedef bool crm_choice_reader(struct str object, struct arena *arena, struct crm_choice *ret_choice);
struct json_list crm_choices_read(struct str list, crm_choice_reader *read, struct arena *arena);

/* The field of a name among a list of struct crm_field, or NULL. Names are compared as they are. */
const struct crm_field *crm_field_find(struct json_list fields, struct str name);
/* Characters are counted, not bytes. */
bool crm_field_long_enough(const struct crm_field *field, struct str value);
/* False when the field takes nothing but its choices, and the value is none. */
bool crm_field_offers(const struct crm_field *field, struct str value);
/* True for a JSON number or truth value: what a field that is `bare` takes. */
bool crm_field_bare(struct str value, struct arena *arena);

#endif
