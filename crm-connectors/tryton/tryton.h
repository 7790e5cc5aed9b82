/* The Tryton connector's files: calls (rpc.c), parties and contacts (party.c), the table's entry. */
#ifndef CRM_CONNECTORS_TRYTON_TRYTON_H
#define CRM_CONNECTORS_TRYTON_TRYTON_H

#include "crm-connectors/connector.h"

extern const struct crm_connector crm_tryton;

/* What every call needs, from the connection's settings. */
struct crm_tryton_door {
    struct crm_lent *lent;
    struct arena *arena;
    struct str url; /* of the database, ends with '/' */
    struct str user, password;
};

/* Reads the settings. Errors: ERR_INVALID with a pointer. */
int crm_tryton_open(struct crm_lent *lent, struct arena *arena, struct crm_tryton_door *ret_door, struct err *err);
struct crm_tryton_ask {
    const char *method; /* "model.party.party.read" */
    struct str params;  /* JSON array */
    bool changes;       /* as in crm_request */
};
/* Calls a method (signing in first where needed): 1 with the JSON of its result, 0 when *ret_result says why there is
 * none, -1 with an error. */
int crm_tryton_call(const struct crm_tryton_door *door, const struct crm_tryton_ask *ask, struct str *ret_json,
                    struct crm_result *ret_result, struct err *err);

/* One row of a party's contact mechanisms, addresses, and the party itself as read. */
struct crm_tryton_mechanism {
    int64_t id;
    struct str type, value, value_compact, stamp, active;
};
struct crm_tryton_country {
    struct str code;
};
struct crm_tryton_address {
    int64_t id;
    struct str street, postal_code, city, party_name, stamp, active;
    struct crm_tryton_country *country;
};
struct crm_tryton_party {
    int64_t id;
    struct str name, stamp;
    struct str active;           /* JSON: true, false, 1, 0 */
    struct json_list mechanisms; /* struct crm_tryton_mechanism */
    struct json_list addresses;  /* struct crm_tryton_address */
};

/* Names for search_read, as a JSON array. */
extern const char crm_tryton_fields[];
/* Reads one row of search_read; archived rows of the party are left out. Errors: ERR_INVALID. */
int crm_tryton_read_party(struct str json, struct arena *arena, struct crm_tryton_party *ret_party, struct err *err);
/* The party as JSON that is read again by the above: the image of a record. */
struct str crm_tryton_image(const struct crm_tryton_party *party, struct arena *arena);
/* The party as a record; its version is a hash of every stamp and value, because stamps may be whole seconds. */
struct crm_record crm_tryton_record(const struct crm_tryton_party *party, const char *region, struct arena *arena);
/* True when the party is in use (not archived). */
bool crm_tryton_active(const struct crm_tryton_party *party);
/* Latest stamp of the party and its rows, seconds since 1970. */
int64_t crm_tryton_latest(const struct crm_tryton_party *party);

/* Pieces of the two above. The party's name for a contact: the person's, else the organisation's. The organisation as
 * it stands on a letter, absent unless there is a person too. A row as a value of ours with its field; false for other
 * types (Skype …). The type of a new row. */
struct str crm_tryton_name(const struct contact *contact, struct arena *arena);
struct str crm_tryton_letter(const struct contact *contact);
bool crm_tryton_value(const struct crm_tryton_mechanism *row, const char *region, struct arena *arena,
                      const char **ret_field, struct contact_value *ret_value);
struct contact_address crm_tryton_address_of(const struct crm_tryton_address *row);
struct str crm_tryton_type(const char *field, int kind);

/* What writing looks up: the id of a country in this database, 0 = it has none such. */
struct crm_tryton_lookup {
    struct arena *arena;
    const char *region;
    struct json_list countries; /* struct crm_tryton_found_country */
};
struct crm_tryton_found_country {
    int64_t id;
    struct str code;
};

/* JSON object for create(): the contact and the marker. */
struct str crm_tryton_new(const struct contact *contact, struct str marker, const struct crm_tryton_lookup *lookup);
/* JSON object for write(): only what differs; absent when nothing does. Errors: ERR_STALE (a row is no longer there).
 */
int crm_tryton_changed(const struct crm_tryton_party *party, const struct crm_update *update,
                       const struct crm_tryton_lookup *lookup, struct str *ret_json, struct err *err);
/* JSON context with the stamps of all rows: Tryton then refuses to write on any that changed. */
struct str crm_tryton_stamps(const struct crm_tryton_party *party, struct arena *arena);

/* As crm_connector.fields. */
int crm_tryton_fields_of(struct crm_lent *lent, struct arena *arena, struct crm_result *ret,
                         struct json_list *ret_fields, struct err *err);
/* As crm_connector.changes. */
int crm_tryton_changes(struct crm_lent *lent, struct str cursor, struct arena *arena, struct crm_page *ret,
                       struct err *err);

#endif
