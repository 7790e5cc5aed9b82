/* The data inventory: docs/data-inventory.md as the build found it; `meson test --suite db` holds it against the
 * schema. */
#include "flow/proof/page.h"
#include "flow/proof/words.h"

static const struct proof_column columns[] = {
    {"column", "Column", "Spalte"}, {"kept", "Kept", "Aufbewahrt"}, {"holds", "Holds", "Enthält"}};

static const struct {
    const char *word, *en, *de;
} kept[] = {
    {"sealed", "sealed", "versiegelt"}, {"hashed", "hashed", "gehasht"},
    {"wrapped", "wrapped", "verpackt"}, {"id", "id", "Id"},
    {"number", "number", "Zahl"},       {"time", "time", "Zeit"},
    {"word", "word", "Wort"},           {"geometry", "geometry", "Geometrie"},
};

static struct str kept_word(const struct proof_draft *draft, const char *word)
{
    for (size_t i = 0; i < ARRAY_LEN(kept); i++)
        if (strcmp(kept[i].word, word) == 0)
            return flow_proof_say(draft, kept[i].en, kept[i].de);
    return str_c(word);
}

static void explain(struct proof_draft *draft)
{
    static const struct proof_column about[] = {{"kept", "Kept", "Aufbewahrt"}, {"means", "Means", "Heißt"}};
    static const char *const means[][3] = {
        {"sealed", "AES-256-GCM under the organisation's data key, bound to its place; destroying the key erases it",
         "AES-256-GCM unter dem Schlüssel der Organisation, an seinen Platz gebunden; wer den Schlüssel vernichtet, "
         "löscht es"},
        {"hashed", "a keyed hash, or SHA-256 of random bits: found again, not read back",
         "ein Hash mit Schlüssel oder SHA-256 zufälliger Bits: wiederzufinden, nicht zurückzulesen"},
        {"wrapped", "a key, sealed under the master key, which is not in the database",
         "ein Schlüssel, versiegelt unter dem Hauptschlüssel, der nicht in der Datenbank ist"},
        {"word", "id, number, time, word and geometry are in the open: they say nothing about a person by themselves",
         "Id, Zahl, Zeit, Wort und Geometrie liegen offen: sie sagen für sich nichts über einen Menschen"},
    };
    flow_proof_section(draft, "kept", flow_proof_say(draft, "How things are kept", "Wie aufbewahrt wird"), STR_NONE);
    flow_proof_columns(draft, about, ARRAY_LEN(about));
    for (size_t i = 0; i < ARRAY_LEN(means); i++) {
        const struct str cells[] = {kept_word(draft, means[i][0]), flow_proof_say(draft, means[i][1], means[i][2])};
        flow_proof_row(draft, cells);
    }
}

int flow_proof_inventory(struct proof_draft *draft, struct err *err _unused_)
{
    explain(draft);
    for (const struct proof_inventory_row *row = proof_inventory_rows; row->table; row++) {
        if (!row->column) {
            struct str holds = flow_proof_say(draft, row->holds[0], row->holds[1]);
            flow_proof_section(draft, row->table, str_c(row->table),
                               str_printf(draft->arena, "%.*s %s: %s", STR_ARG(holds),
                                          flow_proof_say(draft, "Kept", "Aufbewahrt").p,
                                          flow_proof_say(draft, row->until[0], row->until[1]).p));
            flow_proof_columns(draft, columns, ARRAY_LEN(columns));
            continue;
        }
        const struct str cells[ARRAY_LEN(columns)] = {str_c(row->column), kept_word(draft, row->kept),
                                                      flow_proof_say(draft, row->holds[0], row->holds[1])};
        flow_proof_row(draft, cells);
    }
    return 0;
}
