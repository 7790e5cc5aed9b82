/* Comma-separated values (RFC 4180), also with semicolons or tabs, as spreadsheets write them. */
#ifndef SERVICES_DEDUPE_CSV_H
#define SERVICES_DEDUPE_CSV_H

#include "base/err.h"

struct csv {
    struct str rest; /* what is not read yet */
    char separator;  /* found in the first line */
    size_t line;     /* number of the row's first line, from 1 */
};

/* Starts at the beginning of `text` (a UTF-8 byte order mark is skipped), which must outlive the rows. ERR_INVALID when
 * it is not UTF-8. */
int csv_open(struct str text, struct csv *ret_csv, struct err *err);

/* The same without looking whether it is UTF-8. */
struct csv csv_begin(struct str text);
/* Cuts what is not read yet into at most `n` parts of about equal size, at ends of rows. Returns how many. A quote that
 * stands where RFC 4180 allows none may end a part early; its rows are refused then as they would be in one piece. */
size_t csv_split(const struct csv *csv, size_t n, struct csv *ret_parts);

/* No more rows than this are left. */
size_t csv_rows_most(const struct csv *csv);

/* Next row, blank lines skipped: 1 and its fields (views of the text, or of the arena where quotes had to be undone),
 * 0 at the end, -1 ERR_INVALID for an open quote or more than `max` fields. */
int csv_row(struct csv *csv, struct arena *arena, struct str *ret_fields, size_t max, size_t *ret_n, struct err *err);

/* Puts one field where there is room for twice its bytes and two more, in quotes where RFC 4180 asks for them; returns
 * how many bytes it took. */
size_t csv_put(char *to, struct str field);
/* Writes one field to the stream, in quotes where RFC 4180 asks for them. */
void csv_print(FILE *to, struct str field);

#endif
