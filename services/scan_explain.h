/* Why `kartei scan` believes what it read, for people. */
#ifndef SERVICES_SCAN_EXPLAIN_H
#define SERVICES_SCAN_EXPLAIN_H

#include "ocr/message.h"

/* Prints each claim of the card with what spoke for it and against it, strongest first, then what no field took. */
void scan_explain(FILE *out, const char *file, const struct ocr_card *card, struct arena *arena);

#endif
