/* A stock of business contacts from CSV files, prepared for matching. */
#ifndef SERVICES_DEDUPE_STOCK_H
#define SERVICES_DEDUPE_STOCK_H

#include "dedupe/dedupe.h"
#include "services/dedupe/source.h"

struct stock {
    struct str *ids;
    const struct dedupe_record **records;
    size_t n, room;
};

/* Adds the contacts of an opened file to the stock. `region`: ISO 3166-1 alpha-2 for national phone numbers of contacts
 * without a country. ERR_INVALID with file and line: an id that is empty or twice in the file, a row of another length.
 */
int stock_read(struct source *source, const char *region, struct arena *arena, struct stock *stock, struct err *err);

#endif
