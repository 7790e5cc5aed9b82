/* An address book behind CardDAV (RFC 6352): its requests and their answers as records. */
#ifndef CRM_CONNECTORS_CARDDAV_DAV_H
#define CRM_CONNECTORS_CARDDAV_DAV_H

#include "crm-connectors/connector.h"
#include "crm-connectors/xml.h"

/* What every call needs, from the connection's settings. */
struct crm_dav {
    struct crm_lent *lent;
    struct arena *arena;
    struct str url; /* of the collection, ends with '/' */
    struct str user, password;
};

struct crm_dav_call {
    const char *method;
    struct str name; /* of an item in the collection; absent = the collection */
    struct str body;
    const char *type;    /* of the body */
    const char *depth;   /* or NULL */
    struct str if_match; /* ETag, or absent */
    bool if_none_match;  /* "*": only when it does not exist */
    bool changes;
};

/* Reads the settings. Errors: ERR_INVALID with a pointer. */
int crm_dav_open(struct crm_lent *lent, struct arena *arena, struct crm_dav *ret_dav, struct err *err);

/* These return 1 with the answer (any status), 0 when *ret_result says why there is none, -1 with an error. */
int crm_dav_send(const struct crm_dav *dav, const struct crm_dav_call *call, struct crm_answer *ret_answer,
                 struct crm_result *ret_result, struct err *err);
/* The same for requests that are answered with a multistatus; any other status goes into *ret_result, with the
 * condition of DAV:error in ret_answer->condition. */
int crm_dav_ask(const struct crm_dav *dav, const struct crm_dav_call *call, struct crm_dav_answer *ret_answer,
                struct crm_result *ret_result, struct err *err);

/* Outcome of a status that the caller does not expect, with the server's own words. */
void crm_dav_fault(const struct crm_dav *dav, const struct crm_answer *answer, bool changes,
                   struct crm_result *ret_result);
/* Last segment of an href, absent for the collection itself. */
struct str crm_dav_name(struct str href);
/* Record of an item; false when its data is no vCard. */
bool crm_dav_record(const struct crm_dav *dav, struct str name, struct str etag, struct str vcard,
                    struct crm_record *ret_record);

#endif
