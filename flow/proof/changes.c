/* What changed for security, by version, from security.def. */
#include "flow/proof/page.h"

int flow_proof_changes(struct proof_draft *draft, struct err *err _unused_)
{
    static const struct {
        const char *version, *en, *de;
    } rows[] = {
#define X(version, en, de) {version, en, de},
#include "flow/proof/security.def"
#undef X
    };
    static const struct proof_column columns[] = {{"version", "Version", "Version"}, {"change", "Change", "Änderung"}};
    flow_proof_section(draft, "changes", flow_proof_say(draft, "By version", "Nach Version"),
                       flow_proof_say(draft, "\"Unreleased\" is in this program and in no release yet.",
                                      "„Unreleased“ steckt in diesem Programm und noch in keiner Ausgabe."));
    flow_proof_columns(draft, columns, ARRAY_LEN(columns));
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct str cells[] = {str_c(rows[i].version), flow_proof_say(draft, rows[i].en, rows[i].de)};
        flow_proof_row(draft, cells);
    }
    return 0;
}
