/* Two contacts side by side, for the merge view: what differs, what only one side knows. */
#ifndef CONTACT_DIFF_H
#define CONTACT_DIFF_H

#include "contact/contact.h"

enum contact_diff_state {
    CONTACT_DIFF_EQUAL,    /* both say the same (or both nothing: such rows are left out) */
    CONTACT_DIFF_CONFLICT, /* both say something, and it differs */
    CONTACT_DIFF_ADDITION, /* only the left side says something (a multi-valued field: left has more, right has nothing
                              that left lacks) */
    CONTACT_DIFF_RIGHT     /* only the right side says something (or right has more) */
};
extern const char *const contact_diff_words[]; /* "equal", "conflict", "addition", "right", NULL */

/* One value of a multi-valued field, and on which sides it stands. */
struct contact_diff_item {
    struct str key;  /* comparison form, unique within its row */
    int left, right; /* index into that side's list, or -1 */
};

struct contact_diff_row {
    const struct contact_field *field;
    enum contact_diff_state state;
    struct json_list items; /* struct contact_diff_item: the union, left's order first; empty for single texts */
};

/* Rows in the order of fields.def, without fields that both sides leave empty. Single texts count as equal when they
 * differ only in white space or Unicode form; values are compared in their canonical form (e-mail without case, phone
 * E.164, URL without scheme, www. and final slash; addresses letter by letter without case and punctuation).
 * *ret_rows points to contact_field_count rows at most, in the arena; returns their number. */
size_t contact_diff(const struct contact *left, const struct contact *right, struct arena *arena,
                    struct contact_diff_row **ret_rows);

/* Comparison form of one value of the field named ("emails", "phones", "urls", or any single text). */
struct str contact_value_key(struct str field, struct str value, struct arena *arena);
/* Comparison form of an address. */
struct str contact_address_key(const struct contact_address *address, struct arena *arena);

#endif
