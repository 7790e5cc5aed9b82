/* Records that are flat JSON objects with one member per value ("MobilePhone", "address1_city"), as most CRMs have
 * them: a table of slots says what each member holds; reading and writing come from the table. Pure, no network. */
#ifndef CRM_CONNECTORS_REST_SLOTS_H
#define CRM_CONNECTORS_REST_SLOTS_H

#include "crm-connectors/connector.h"

enum crm_slot_part {
    CRM_SLOT_TEXT,  /* single text of the contact named in .field */
    CRM_SLOT_VALUE, /* one e-mail, phone or URL (.field) of .kind */
    CRM_SLOT_STREET,
    CRM_SLOT_POSTAL_CODE,
    CRM_SLOT_CITY,
    CRM_SLOT_REGION,
    CRM_SLOT_COUNTRY,      /* by name, English when we write it */
    CRM_SLOT_COUNTRY_CODE, /* ISO 3166-1 alpha-2 */
};

struct crm_slot {
    const char *member; /* of the JSON object */
    enum crm_slot_part part;
    const char *field; /* TEXT, VALUE: name in fields.def; else NULL */
    int kind;          /* VALUE: enum contact_kind that it holds; -1 = any that has no slot of its own */
    int address;       /* parts of an address: which one, from 0 */
};

struct crm_slots {
    const struct crm_slot *rows;
    size_t n;
    const char *empty;              /* JSON that empties a member: "null" or "\"\"" */
    const struct crm_map_list *map; /* the connector's: fields without a row are left alone */
    struct json_list fields; /* struct crm_field: what is known of the members, to check values by; may be empty */
};

enum { CRM_SLOTS_MAX = 48, CRM_SLOT_ADDRESSES = 3 };

/* The contact in a JSON object. `region`: ISO 3166-1 alpha-2 for national phone numbers. Errors: ERR_BAD_JSON. */
int crm_slots_read(const struct crm_slots *slots, struct str object, const char *region, struct arena *arena,
                   struct contact *ret_contact, struct err *err);

/* One change of a record: `live` is the CRM's JSON object as it is now ("{}" for a new record). */
struct crm_slots_change {
    struct str live;
    const struct contact *before, *after;
    const char *region;
};

struct crm_slots_written {
    struct str members;     /* JSON text without braces: "City":"Ulm","Fax":null; empty when nothing changes */
    struct json_list left;  /* struct str: values that no slot is free for; nothing is written over for them */
    enum crm_misfit misfit; /* a value that its member does not take: nothing may be written */
    const char *member;     /* which member */
};

/* What to write so that the record shows `after` in the fields in which it differs from `before`. Values stay in the
 * slots they are in; new ones take the first free slot of their kind, then one for any kind. A kind without slots
 * counts as work, but for fax numbers, which have no room then. Where a field has a main value (crm_map.main), that is
 * in the field's first slot. Errors: ERR_BAD_JSON. */
int crm_slots_write(const struct crm_slots *slots, const struct crm_slots_change *change, struct arena *arena,
                    struct crm_slots_written *ret, struct err *err);

/* Appends the names of all members, each between `before` and `after`: for lists of columns. */
void crm_slots_members(const struct crm_slots *slots, const char *before, const char *after, struct strbuf *out);

#endif
