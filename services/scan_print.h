/* How `kartei scan` prints one file's answer. */
#ifndef SERVICES_SCAN_PRINT_H
#define SERVICES_SCAN_PRINT_H

#include "base/err.h"

enum scan_format { SCAN_NDJSON, SCAN_VCARD, SCAN_JSCONTACT, SCAN_EXPLAIN };

/* Format of a word (SCAN_EXPLAIN is an option of its own); -1 when there is none of that name. */
int scan_format_find(struct str word, enum scan_format *ret_format);

/* What was read from one file, or from the two of a card with two sides. */
struct scan_sheet {
    enum scan_format format;
    const char *file, *back;        /* back: NULL = of one side */
    struct str answer, back_answer; /* JSON of a struct ocr_message each */
};

/* Prints the cards of a sheet to `out`. Returns -1 when no card could be read; that was printed as well: as an error
 * line in the JSON formats, on stderr for vCard and SCAN_EXPLAIN. */
int scan_print(FILE *out, const struct scan_sheet *sheet, struct arena *arena);

#endif
