/* Words of the pages' catalogues, and rows of documents, as tables: made by the build from what people read and edit.
 */
#ifndef FLOW_PROOF_WORDS_H
#define FLOW_PROOF_WORDS_H

struct proof_word {
    const char *key, *text[2]; /* English, German */
};
/* "scope.…" of web/locales, ended by a row without a key. */
extern const struct proof_word proof_scope_words[];

/* docs/data-inventory.md: a row without a column opens a table. */
struct proof_inventory_row {
    const char *table, *column;
    const char *kept;     /* "sealed" … */
    const char *holds[2]; /* of a table: what it is for */
    const char *until[2]; /* of a table: how long it is kept */
};
extern const struct proof_inventory_row proof_inventory_rows[];

#endif
