/* Inside of flow/proof: what the instance is like, and what of it has to be warned of. The judging knows no clock, file
 * or database. */
#ifndef FLOW_PROOF_FACTS_H
#define FLOW_PROOF_FACTS_H

#include "flow/proof/rise.h"
#include "store/keep/drill.h"

/* Days before the end of something from which on it is warned of, and gravely; days after which a drill is late. */
enum { PROOF_SOON_DAYS = 30, PROOF_GRAVE_DAYS = 7, PROOF_BACKUP_DAYS = 2, PROOF_RESTORE_DAYS = 90 };

enum proof_drill_kind { PROOF_BACKUP, PROOF_RESTORE, PROOF_CANARY, PROOF_DRILLS }; /* as store_drill_words */

/* Absent texts: not set, not known. */
struct proof_facts {
    struct str contact, expires; /* security.txt */
    struct str ends;             /* the certificate's end */
    struct str private;          /* hosts that may be private and without TLS */
    struct str clear;            /* where plain HTTP is answered */
    struct str reason;           /* why settings are lowered */
    struct str smtp;             /* the mail server that somebody signs in at with a password */
    struct store_drill drills[PROOF_DRILLS];
    bool ran[PROOF_DRILLS];
    struct str program;
    int64_t now_ms;
};

/* Whether a drill that ran did so too long ago; for a look for canaries once is enough. */
bool flow_proof_drill_late(const struct proof_facts *facts, enum proof_drill_kind which);

/* What is warned of, before age and version are looked at. */
struct proof_warning {
    enum flow_warning_kind kind;
    enum flow_warning_level level;
    struct str subject;
};
struct proof_warned {
    struct arena *arena;
    struct proof_warning *items;
    size_t n, room;
};
/* Adds one with its rule's level. */
void flow_proof_warn(struct proof_warned *all, enum flow_warning_kind kind, struct str subject);
/* Adds what follows from the facts. */
void flow_proof_warn_of(struct proof_warned *all, const struct proof_facts *facts);

/* Reads them. */
int flow_proof_facts_read(const struct flow *flow, const struct flow_posture *posture, struct arena *arena,
                          struct proof_facts *ret_facts, struct err *err);

#endif
