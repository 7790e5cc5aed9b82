/* The table of CRMs: data and a few functions per CRM, one file and one word in a list each (NEW-CRM.md). Everything a
 * connector may touch is lent to it; every answer becomes one of our outcomes, and no vendor status leaves its file. */
#ifndef CRM_CONNECTORS_CONNECTOR_H
#define CRM_CONNECTORS_CONNECTOR_H

#include "crm-connectors/answer.h"
#include "crm-connectors/http.h"
#include "crm-connectors/map.h"

/* The built-in address book, lent by flow: connectors know no database. Functions return 0, or -1 with an error. */
struct crm_book {
    void *self;
    /* Records that share an e-mail or phone with the probe / with this marker / by name: at most `limit`. */
    int (*find)(void *self, const struct contact *probe, struct arena *arena, struct json_list *ret, struct err *err);
    int (*find_marker)(void *self, struct str marker, struct arena *arena, struct json_list *ret, struct err *err);
    int (*search)(void *self, struct str text, struct arena *arena, struct json_list *ret, struct err *err);
    /* ERR_NOT_FOUND when there is none. */
    int (*get)(void *self, struct str id, struct arena *arena, struct crm_record *ret, struct err *err);
    /* With a marker that is there already: that record, nothing new. */
    int (*create)(void *self, struct str marker, const struct contact *contact, struct arena *arena,
                  struct crm_record *ret, struct err *err);
    /* ERR_STALE when the version differs, ERR_NOT_FOUND; remove is soft and takes the version too. */
    int (*update)(void *self, const struct crm_record *seen, const struct contact *after, struct arena *arena,
                  struct crm_record *ret, struct err *err);
    int (*remove)(void *self, const struct crm_record *seen, struct err *err);
    int (*changes)(void *self, struct str cursor, struct arena *arena, struct crm_page *ret, struct err *err);
};

/* Access tokens of an OAuth connection, lent by flow: connectors keep none. */
struct crm_bearer {
    void *self;
    /* A token that should be good; `refused` is the one that the CRM has just answered 401 to, or absent. Errors:
     * ERR_CRM_REAUTHORISE (a person has to connect again), ERR_CRM_DOWN (the provider does not answer: later). */
    int (*token)(void *self, struct str refused, struct arena *arena, struct str *ret_token, struct err *err);
};

/* Requests that the vendor still takes from this account, and of how many, as it said last; -1 = unknown. */
struct crm_quota {
    int64_t left, limit;
};

/* What one unit of work (a request, a job) lends. All calls with one lent use one arena, which lives as long. */
struct crm_lent {
    struct crm_http *http;
    struct str settings; /* JSON object: the form's plain fields */
    struct str secret;   /* JSON object: the form's secret fields */
    const char *region;  /* ISO 3166-1 alpha-2 for national phone numbers, "DE" */
    int64_t now_ms;
    const struct crm_book *book;     /* built-in address book, else NULL */
    const struct crm_bearer *bearer; /* of an OAuth connection, else NULL */
    struct str base;                 /* API address that the token answer named (crm_oauth.base_member), else absent */
    struct crm_quota *quota;         /* kept up to date by the connector where the vendor says it; NULL = nobody asks */
    const struct crm_mapping *mapping; /* mapping/mapping.h: which field holds what; NULL = as the connector comes */
    struct str session;                /* the connector's own: a session opened in this unit of work, absent at first */
    struct str company; /* id of the company to link, which a person chose; absent = the only one of its name */
};

/* What to write: the record as it was seen and decided on, and as it shall be. Only what differs is sent. */
struct crm_update {
    struct str remote_id, version;
    const struct contact *before, *after;
    struct str image; /* when a write is taken back: of the record `after` was read from */
};

enum crm_action { CRM_ACTION_CREATE, CRM_ACTION_UPDATE, CRM_ACTION_MERGE, CRM_ACTION_COUNT };
enum crm_reversible { CRM_NOT, CRM_PARTLY, CRM_REVERSIBLE };
extern const char *const crm_reversible_words[]; /* "no", "partly", "yes", NULL */

#include "crm-connectors/table.h"

#endif
