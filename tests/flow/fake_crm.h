/* A CRM that is stricter than real ones and keeps a ledger of what reached it, judged by content: what a test asks is
 * how often the same content was written, not what our own keys say. Lives in shared memory, so that it survives
 * workers that are killed. */
#ifndef TESTS_FLOW_FAKE_CRM_H
#define TESTS_FLOW_FAKE_CRM_H

#include "crm-connectors/connector.h"

enum { FAKE_RECORDS = 64, FAKE_LEDGER = 256, FAKE_TEXT = 4096 };
/* A connection to this host: calls that write are taken and not answered for hole_ms. */
#define FAKE_HOLE "black-hole.example"

/* What happens to the next call that would write. */
enum fake_fault {
    FAKE_FINE,
    FAKE_LOST_AFTER,   /* it is written, the answer gets lost */
    FAKE_LOST_BEFORE,  /* it never arrives, nobody knows */
    FAKE_DOWN,         /* not reachable */
    FAKE_QUOTA,        /* wait */
    FAKE_REAUTHORISE,  /* credentials no longer good */
    FAKE_REFUSED,      /* it does not like the values */
    FAKE_KILL_BEFORE,  /* the worker dies before the request arrives */
    FAKE_KILL_AFTER,   /* … after it was written */
    FAKE_KILL_LOOKING, /* … when it next reads a record or looks for a marker */
};

struct fake_record {
    bool used, deleted;
    int version;
    char marker[40], contact[FAKE_TEXT];
};

struct fake_crm {
    struct fake_record records[FAKE_RECORDS];
    char ledger[FAKE_LEDGER][FAKE_TEXT + 64]; /* "create|content", "update ID|content", "delete ID|" */
    int entries, writes_seen, looks;
    enum fake_fault fault; /* of the next call; then fine again */
    enum fake_fault mood;  /* of every call that writes, until set back */
    int hole_ms;           /* how long a call into the black hole takes */
    char owner[40];        /* whose its records are; empty = it does not say */
    char gone[40];         /* a field that the CRM has no longer */
    int length;            /* of all its fields; 0 = it does not say */
};

extern struct fake_crm *fake_crm;
/* Connectors on it: "fake" finds creates by their marker, "forgetful" keeps no markers, "linking" (fake_firms.h) has
 * employers. After the built-in address book; ended by NULL. */
extern const struct crm_connector *const fake_connectors[];

void fake_crm_open(void);
void fake_crm_close(void);
/* A record that is there already; returns its id as text in the arena. */
struct str fake_crm_add(const struct contact *contact, struct arena *arena);
/* Somebody else changes a record. */
void fake_crm_touch(struct str remote_id, const struct contact *contact, struct arena *arena);
/* How often the ledger has this kind of entry with this content. */
int fake_crm_count(const char *kind, const struct contact *content, struct arena *arena);
/* Living records with this content. */
int fake_crm_living(const struct contact *content, struct arena *arena);

#endif
