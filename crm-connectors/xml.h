/* Answers of WebDAV servers: the few elements of RFC 4918, 6352, 6578 that matter here. Only xml.c knows expat. */
#ifndef CRM_CONNECTORS_XML_H
#define CRM_CONNECTORS_XML_H

#include "base/json.h"

struct crm_dav_response {
    struct str href;
    int status;        /* of the whole response (404 = deleted), 0 when its properties carry theirs */
    struct str etag;   /* getetag with its quotes, absent when missing */
    struct str data;   /* address-data; absent also when longer than a vCard may be */
    bool address_book; /* resourcetype says so */
};

struct crm_dav_answer {
    struct json_list responses; /* struct crm_dav_response */
    struct str sync_token;
    bool too_large;       /* set by the caller: it was cut off, ask for less */
    struct str condition; /* local name of what DAV:error complains about ("valid-sync-token"), or absent */
};

/* Reads a multistatus or error document. No document types, no external entities, nesting of at most 32. Errors:
 * ERR_INVALID. */
int crm_dav_read(struct str xml, struct arena *arena, struct crm_dav_answer *ret_answer, struct err *err);
/* Appends text with the five escapes of XML. */
void crm_xml_text(struct strbuf *buf, struct str text);

#endif
