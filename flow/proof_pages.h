/* The pages that prove: what the instance, and for its administrators an organisation, shows of itself, made from what
 * is set up at this moment. */
#ifndef FLOW_PROOF_PAGES_H
#define FLOW_PROOF_PAGES_H

#include "flow/proof.h"

struct flow_proof_column {
    struct str name, title;
};
struct flow_proof_row {
    struct json_list cells; /* struct str, as many as columns */
};
struct flow_proof_section {
    struct str kind, title, words;
    struct json_list columns, rows; /* struct flow_proof_column, struct flow_proof_row */
};
/* Resource "ProofPage": one shape for every page, from which HTML is made as well. */
struct flow_proof_page {
    struct str page, title, words, language, made_at, program;
    bool public;
    struct json_list sections; /* struct flow_proof_section */
};
extern const struct json_shape flow_proof_page_shape;

struct flow_proof_query {
    const struct flow_posture *posture;
    struct str page; /* "firewall", "privacy", "inventory", "changes", "components" */
};
/* The page as the actor may see it: whole for administrators, with what is the organisation's; else the instance's
 * facts, where the operator made it public. An actor without a role is nobody. ERR_NOT_FOUND (no such page),
 * ERR_UNAUTHENTICATED, ERR_FORBIDDEN. */
int flow_proof_page(const struct flow *flow, const struct flow_actor *actor, const struct flow_proof_query *query,
                    struct arena *arena, struct flow_proof_page *ret_page, struct err *err);
/* The pages that the actor may see; returns how many. */
enum { FLOW_PROOF_PAGE_COUNT = 5 };
struct flow_proof_link {
    struct str page, title, words;
};
size_t flow_proof_pages(const struct flow *flow, const struct flow_actor *actor, const struct flow_posture *posture,
                        struct flow_proof_link ret[FLOW_PROOF_PAGE_COUNT]);
/* The bill of materials as CycloneDX JSON, to whom "components" is shown. ERR_NOT_FOUND: none was made. */
int flow_proof_sbom(const struct flow *flow, const struct flow_actor *actor, const struct flow_posture *posture,
                    struct arena *arena, struct str *ret_json, struct err *err);
/* Whether the names, blanks between, are of pages. */
bool flow_proof_public_valid(const char *list);

#endif
