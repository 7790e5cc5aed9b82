/* One entry of the table of CRMs; included by connector.h, which explains the words. */
#ifndef CRM_CONNECTORS_TABLE_H
#define CRM_CONNECTORS_TABLE_H

#ifndef CRM_CONNECTORS_CONNECTOR_H
#error "include crm-connectors/connector.h"
#endif

#include "crm-connectors/form.h"
#include "crm-connectors/oauth/oauth.h"

struct crm_reversal {
    enum crm_reversible how;
    const char *sentence; /* key of the pages' catalogues: what cannot be undone and why; shown before the act */
};

struct crm_slots; /* rest/slots.h */

/* For a person who asks whether it is the right place. */
struct crm_who {
    struct str user;         /* name, and how one signs in as it; absent = the CRM does not say */
    struct str organisation; /* absent = the CRM does not say */
    bool sandbox;            /* a copy for trying things out */
};

/* Functions return 0 with *ret filled for everything a CRM can answer, and -1 only when nothing could be asked:
 * ERR_INVALID (settings; pointer names the field), ERR_HOST_REFUSED, errors of the lent book. */
struct crm_connector {
    const char *kind; /* slug: "carddav" */
    const char *name; /* "CardDAV": a proper name, not translated */
    struct crm_form form;
    const struct crm_oauth *oauth; /* how it hands out access tokens; NULL = the form's secrets are all it wants */
    const char *api; /* address of its API where none came with the tokens, {setting} filled in as in crm_oauth; NULL =
                        it has none of its own */
    bool imap;       /* read by IMAP, at the host that the settings name (reach.h) */
    struct crm_map_list map;       /* our fields it has a place for; others are shown as unmapped */
    const struct crm_slots *slots; /* the places as rows that a mapping may replace; NULL = fixed, as `map` says */
    const char *object;            /* what a record is there: "lead"; NULL = "contact" */
    const char *company; /* the remote name in `map` that links a record of the employer; NULL = a plain text */
    bool constants;      /* new records take further fields with fixed values */
    const char *version; /* of the API that is spoken, as the vendor writes it; NULL = it has none */
    struct crm_reversal reversal[CRM_ACTION_COUNT];
    bool conditional; /* the CRM itself refuses a write on a record that changed (not only our compare before it) */
    bool exact;  /* a version moves only when somebody changes the record, also in what we do not map: a create is taken
                    back only while it stands */
    bool marker; /* create() is repeatable by marker, or find_marker() sees a finished create at once */
    int merge_most; /* records that its own merge takes at a time, in its own pages, too; 0 = there is no such limit */
    int lag_s;      /* without marker: seconds until its searches see a new record for sure; 0 = 60 */

    /* Asks with these settings and changes nothing: CRM_FOUND when they work. */
    int (*test)(struct crm_lent *lent, struct arena *arena, struct crm_result *ret, struct err *err);
    /* Whom and where we are there, as the CRM says it: CRM_FOUND with *ret_who. NULL: it cannot be asked. */
    int (*who)(struct crm_lent *lent, struct arena *arena, struct crm_who *ret_who, struct crm_result *ret,
               struct err *err);
    /* Its own duplicate rules for such a record: CRM_FOUND with *ret_rules, or why not. NULL: it cannot be asked. */
    int (*rules)(struct crm_lent *lent, struct arena *arena, struct crm_rules *ret_rules, struct crm_result *ret,
                 struct err *err);
    /* Records with one of the probe's e-mail addresses or phones, compared in canonical form. */
    int (*find_exact)(struct crm_lent *lent, const struct contact *probe, struct arena *arena, struct crm_result *ret,
                      struct err *err);
    /* Records whose name or organisation contains the text; at most 50. */
    int (*search)(struct crm_lent *lent, struct str text, struct arena *arena, struct crm_result *ret, struct err *err);
    /* Companies whose name contains the text, by name, at most CRM_COMPANIES_MAX of them: CRM_FOUND with .companies, or
     * CRM_NONE. NULL where `company` is. */
    int (*companies)(struct crm_lent *lent, struct str text, struct arena *arena, struct crm_result *ret,
                     struct err *err);
    /* Makes a company of exactly this name, unless there is one: CRM_CREATED or CRM_FOUND with it in .companies,
     * CRM_MANY with those that have it. `marker` (a UUID) is kept where the CRM can keep it. NULL: none is made there.
     */
    int (*make_company)(struct crm_lent *lent, struct str marker, struct str name, struct arena *arena,
                        struct crm_result *ret, struct err *err);
    /* The live record: CRM_FOUND or CRM_GONE. */
    int (*get)(struct crm_lent *lent, struct str remote_id, struct arena *arena, struct crm_result *ret,
               struct err *err);
    /* How the CRM describes the fields of a contact: CRM_FOUND with struct crm_field, or why not. NULL: it does not, or
     * every such CRM has the same; the places above are all there is (mapping/shipped.h). */
    int (*fields)(struct crm_lent *lent, struct arena *arena, struct crm_result *ret, struct json_list *ret_fields,
                  struct err *err);
    /* What update(), or create() where remote_id is absent, would answer: CRM_UPDATED with what would be left out, or
     * CRM_REJECTED; asks, and writes nothing. NULL: nothing is left out but fields without a place. */
    int (*rehearse)(struct crm_lent *lent, const struct crm_update *update, struct arena *arena, struct crm_result *ret,
                    struct err *err);
    /* The record that create() made with this marker, if any. */
    int (*find_marker)(struct crm_lent *lent, struct str marker, struct arena *arena, struct crm_result *ret,
                       struct err *err);
    /* Makes a record; `marker` (a UUID) is kept where the CRM can keep it. CRM_MANY: several carry it already. */
    int (*create)(struct crm_lent *lent, struct str marker, const struct contact *contact, struct arena *arena,
                  struct crm_result *ret, struct err *err);
    /* Changes only what differs between before and after, only if the record is still what was seen. */
    int (*update)(struct crm_lent *lent, const struct crm_update *update, struct arena *arena, struct crm_result *ret,
                  struct err *err);
    /* Takes back a create, only if the record still has the version: CRM_UPDATED, CRM_CONFLICT, CRM_GONE. Or NULL. */
    int (*remove)(struct crm_lent *lent, const struct crm_update *update, struct arena *arena, struct crm_result *ret,
                  struct err *err);
    /* The next page after `cursor`; an absent cursor starts a full export; a cursor the CRM no longer knows does too.
     */
    int (*changes)(struct crm_lent *lent, struct str cursor, struct arena *arena, struct crm_page *ret,
                   struct err *err);
    /* The CRM's own merge of `give` into `keep`, if both still have their versions: CRM_UPDATED with the kept record,
     * which may have another id then; CRM_CONFLICT, CRM_GONE. Or NULL. Off unless an administrator turns it on. */
    int (*merge)(struct crm_lent *lent, const struct crm_record *keep, const struct crm_record *give,
                 struct arena *arena, struct crm_result *ret, struct err *err);
};

/* All CRMs, ended by NULL. */
extern const struct crm_connector *const crm_connectors[];
/* Entry of a kind, or NULL. */
const struct crm_connector *crm_connector_find(struct str kind);

#endif
