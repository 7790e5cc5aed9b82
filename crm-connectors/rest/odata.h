/* What the OData APIs of several vendors have in common: literals, options, lists with links, errors, ETags, pulls by
 * delta link (OData 4.01, Microsoft's and SAP's dialects). */
#ifndef CRM_CONNECTORS_REST_ODATA_H
#define CRM_CONNECTORS_REST_ODATA_H

#include "crm-connectors/rest/records.h"

/* Appends the text as a string literal of $filter: in quotes, its own doubled. */
void crm_odata_literal(struct strbuf *out, struct str text);
/* Appends "?name=text" or "&name=text", the text percent-encoded. */
void crm_odata_option(struct strbuf *path, const char *name, struct str text);

/* What a vendor's error code means, whatever the status that comes with it: nothing was written. */
struct crm_odata_code {
    const char *code; /* of {"error":{"code":…}}, without regard to case; NULL ends the table */
    enum crm_outcome outcome;
};
/* The inside of a crm_rest.judge: status, then code; the message becomes the sentence. */
void crm_odata_judge(const struct crm_answer *answer, bool changes, const struct crm_odata_code *codes,
                     struct arena *arena, struct crm_result *ret);

struct crm_odata_list {
    struct str value;       /* JSON list */
    struct str next, delta; /* links, absent when there is none; always below the base */
    int status;             /* of the answer, also when the function gives 0; 0 = there was none */
};
/* GETs a list: 1, 0 with *ret (a link that leaves the base or names its own page is a broken answer; no list at the
 * address is CRM_REJECTED), -1 with an error. `path`: behind the base, or a link as the vendor gave it. `prefer`: value
 * of the header, absent = none. */
int crm_odata_list(const struct crm_rest *rest, struct str path, struct str prefer, struct crm_odata_list *ret_list,
                   struct crm_result *ret, struct err *err);

/* A list of companies for crm_link.companies(), by the names of the members for id, name and place: 1, 0, -1. */
int crm_odata_companies(const struct crm_rest *rest, struct str path, const char *const members[3],
                        struct json_list *ret_companies, struct crm_result *ret, struct err *err);

/* Member "@odata.etag" of an object, absent when it has none. */
struct str crm_odata_etag(struct str object, struct arena *arena);
/* The call (a write without headers of its own) with If-Match: 1, 0, -1. An answer of 2xx that is neither empty (204)
 * nor a JSON object may come from elsewhere, and one that tells an error contradicts itself: CRM_UNCERTAIN. */
int crm_odata_change(const struct crm_rest *rest, const struct crm_call *call, struct str etag, struct crm_result *ret,
                     struct err *err);

/* A pull by delta links. */
struct crm_odata_pull {
    const struct crm_vendor *vendor;
    struct str first;  /* path of the first page of a full run */
    struct str prefer; /* header sent with every page, absent = none */
    int64_t keeps_ms;  /* the vendor forgets delta links after that long: older ones are not tried; 0 = it says so */
};
/* The table's changes(): one page; a link that the vendor no longer knows (400, 404, 410) starts a full run. 0, -1. */
int crm_odata_changes(const struct crm_rest *rest, const struct crm_odata_pull *pull, struct str cursor,
                      struct crm_page *ret, struct err *err);

#endif
