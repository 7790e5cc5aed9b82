/* Inside of flow/proof: how a page that proves is put together, section by section. One shape is the page and its JSON.
 */
#ifndef FLOW_PROOF_PAGE_H
#define FLOW_PROOF_PAGE_H

#include "flow/proof_pages.h"

struct store_tx;

/* A page being made. */
struct proof_draft {
    const struct flow *flow;
    const struct flow_actor *actor; /* .language at least; .role NULL: nobody is signed in */
    const struct flow_posture *posture;
    struct store_tx *tx; /* of the actor's organisation; NULL: the instance's facts alone, for everybody */
    struct arena *arena;
    struct flow_proof_section *sections;
    size_t n;
};

/* A column: its name in the JSON and its heading in both languages. */
struct proof_column {
    const char *name, *en, *de;
};
enum { PROOF_COLUMNS = 8, PROOF_SECTIONS = 80 };

/* Begins a section; rows are added to the last one begun. */
void flow_proof_section(struct proof_draft *draft, const char *kind, struct str title, struct str words);
void flow_proof_columns(struct proof_draft *draft, const struct proof_column *columns, size_t n);
/* As many texts as there are columns; absent = nothing known. */
void flow_proof_row(struct proof_draft *draft, const struct str *cells);
/* One of two texts by the reader's language. */
struct str flow_proof_say(const struct proof_draft *draft, const char *en, const char *de);
struct str flow_proof_yes(const struct proof_draft *draft, bool yes);

/* The bill of materials as it lies there. ERR_NOT_FOUND. */
int flow_proof_sbom_read(const struct flow_posture *posture, struct arena *arena, struct str *ret_json,
                         struct err *err);

/* The pages, each one file. */
typedef int flow_proof_fill(struct proof_draft *draft, struct err *err);
flow_proof_fill flow_proof_firewall, flow_proof_privacy, flow_proof_inventory, flow_proof_changes,
    flow_proof_components;

#endif
