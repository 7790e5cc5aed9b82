/* What every CRM's answer becomes: an outcome of ours with records, companies, a page of changes. */
#ifndef CRM_CONNECTORS_ANSWER_H
#define CRM_CONNECTORS_ANSWER_H

#include "contact/contact.h"
#include "contact/custody.h"
#include "crm-connectors/mapping/fields.h"

enum crm_outcome {
    CRM_FOUND,       /* exactly one record: search, get, find_marker */
    CRM_NONE,        /* looked, and there is none */
    CRM_MANY,        /* several records */
    CRM_CREATED,     /* records[0] is the new record with its version (also when this marker had made it before) */
    CRM_UPDATED,     /* records[0] is the record as it is now; also after remove(), then without records */
    CRM_CONFLICT,    /* the record is no longer what was seen; nothing was written */
    CRM_DUPLICATE,   /* the CRM's own rule says that it has this person; records: which, when it says so */
    CRM_REJECTED,    /* the CRM refuses these values or this right; `sentence` says why; nothing was written */
    CRM_REAUTHORISE, /* credentials no longer accepted */
    CRM_QUOTA,       /* wait retry_after_ms; nothing was written */
    CRM_DOWN,        /* not reachable, or broken before it could act: `not_sent` is true, trying again is safe */
    CRM_UNCERTAIN,   /* a write may or may not have happened: look (find_marker, get) before anything else */
    CRM_GONE,        /* the record was deleted there */
    CRM_OUTCOME_COUNT
};
/* "found", "none" …, for events and the log. */
extern const char *const crm_outcome_words[];

enum crm_kind { CRM_PERSON, CRM_COMPANY, CRM_LEAD };

struct crm_record {
    struct str remote_id; /* as the CRM names it, at most 500 bytes */
    struct str version;   /* opaque: ETag, stamp, hash; changes whenever the record does */
    enum crm_kind kind;
    bool deleted; /* only in changes(): the other texts are absent */
    struct contact contact;
    struct contact_custody custody; /* as far as the same answer tells; no part of the version */
    struct str company; /* id of the employer where that is a record of its own (crm_connector.company), else absent */
    struct str image;   /* opaque, of get() alone: what else update() needs to put back; at most 64 KiB */
};

/* A company that a contact can be linked to. */
struct crm_company {
    struct str id, name; /* as the CRM names it; its own name of the company */
    struct str place;    /* what tells it from others of the name: city, domain; absent when the CRM does not say */
};
enum { CRM_COMPANIES_MAX = 20 };

struct crm_result {
    enum crm_outcome outcome;
    struct json_list records;   /* struct crm_record */
    int64_t retry_after_ms;     /* CRM_QUOTA, CRM_DOWN: wait at least this long; 0 = the CRM did not say */
    struct str sentence;        /* the CRM's own words, at most 300 bytes, plain text; absent when it has none */
    bool not_sent;              /* for sure no write reached the CRM */
    struct json_list left;      /* struct str: after a write or its rehearsal, values that the CRM had no room for */
    enum crm_outcome company;   /* after those: CRM_NONE, CRM_MANY: no company of that name to link, or several */
    struct json_list companies; /* struct crm_company: those several, or what companies() found */
    struct str error;           /* of an OAuth endpoint: its own word (RFC 6749 section 5.2), or absent */
    enum crm_misfit misfit;     /* CRM_REJECTED because the field that `sentence` names does not take the value */
};

/* What the CRM's own search for duplicates does with a new record that looks like one it has. */
enum crm_rule_mode {
    CRM_RULE_BLOCKS, /* nobody can save it */
    CRM_RULE_WARNS,  /* people are asked; a write of ours is refused (CRM_DUPLICATE) */
    CRM_RULE_NOTES,  /* it is saved, and at most listed somewhere */
};
extern const char *const crm_rule_mode_words[]; /* "blocks", "warns", "notes", NULL */
struct crm_rule {
    struct str name; /* as administrators call it there */
    int mode;        /* enum crm_rule_mode */
};
enum { CRM_RULES_MAX = 20 };
struct crm_rules {
    bool off;              /* the search is switched off: the rules do nothing */
    struct json_list list; /* struct crm_rule: the active ones, at most CRM_RULES_MAX */
};

/* One page of what changed. */
struct crm_page {
    struct crm_result result; /* CRM_FOUND with the records, or why not (then the cursor stays where it was) */
    struct str cursor;        /* opaque; store it with the page and hand it in next time */
    bool more;                /* ask again at once */
    int64_t total;            /* records of the whole run, where the CRM says so on its first page; 0 = not */
    bool full;                /* this run started from nothing: what is not on its pages does not exist there */
};

#endif
