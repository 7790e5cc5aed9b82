/* How grave a warning is: a rule, how long it has been warned of, and the program's version. No clock, no database. */
#ifndef FLOW_PROOF_RISE_H
#define FLOW_PROOF_RISE_H

#include "flow/proof.h"

#define FLOW_PROOF_DAY_MS (24LL * 3600 * 1000)

enum flow_warning_kind {
#define X(id, ...) FLOW_WARN_##id,
#include "flow/proof/warnings.def"
#undef X
    FLOW_WARNING_KINDS
};

struct flow_warning_rule {
    const char *kind;
    enum flow_warning_level level;
    int days[2];            /* from so many on: a warning, critical; 0 = never */
    const char *version[2]; /* from this version of the program on; "" = never */
    const char *effect[2], *fix[2], *link;
};
extern const struct flow_warning_rule flow_warning_rules[FLOW_WARNING_KINDS];

/* The graver of `level` and what age and version make of it. A program whose version cannot be read counts as old. */
enum flow_warning_level flow_warning_rise(const struct flow_warning_rule *rule, enum flow_warning_level level,
                                          int64_t age_ms, struct str program);
/* Whether version a ("1.2.3", what follows a '-' is not heard) is b or later; false when either cannot be read. */
bool flow_version_reached(struct str a, struct str b);

#endif
