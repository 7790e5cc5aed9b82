/* Tables as text: RFC 4180 and what spreadsheets make of it (other separators, Windows-1252, byte order marks). */
#ifndef CRM_CONNECTORS_FILE_DROP_CSV_H
#define CRM_CONNECTORS_FILE_DROP_CSV_H

#include "base/err.h"
#include "base/str.h"

enum { CRM_CSV_COLUMNS = 200 };

struct crm_csv {
    struct str text; /* UTF-8 */
    size_t at;
    char separator;
};

/* Begins to read. What is not UTF-8 counts as Windows-1252. The separator (comma, semicolon, tab) is the one that the
 * first line has most of. Errors: ERR_INVALID (UTF-16, NUL bytes). */
int crm_csv_begin(struct str text, struct arena *arena, struct crm_csv *ret_csv, struct err *err);
/* The next row that is not empty: 1 with its cells (room for CRM_CSV_COLUMNS, trimmed, never absent), 0 at the end, -1
 * with ERR_INVALID: a quote without end, or too many columns. */
int crm_csv_row(struct crm_csv *csv, struct arena *arena, struct str *ret_cells, size_t *ret_n, struct err *err);

/* Appends a cell, with a comma before it unless it is the first of its row. A text that a spreadsheet would take for a
 * formula gets an apostrophe before it, which crm_csv_row() takes away; numbers of phones stay as they are. */
void crm_csv_add(struct strbuf *out, struct str cell, bool first);
/* Ends the row. */
void crm_csv_end(struct strbuf *out);

#endif
