/* A stock of business contacts from CSV files, prepared for matching. */
#ifndef SERVICES_DEDUPE_STOCK_H
#define SERVICES_DEDUPE_STOCK_H

#include "base/parallel.h"
#include "dedupe/glance.h"
#include "services/dedupe/source.h"

enum { STOCK_FILES = 2 };

struct stock {
    struct str *ids; /* views of the files */
    const struct dedupe_record **records;
    struct dedupe_glance *glances; /* of the records */
    size_t n;
    struct arena *arenas[STOCK_FILES * PARALLEL_MAX]; /* of the records; one for each thread that read */
    size_t arenas_n;
};

/* Adds the contacts of an opened file to the stock, read by `threads` threads. `region`: ISO 3166-1 alpha-2 for
 * national phone numbers of contacts without a country. The arrays live in the arena. ERR_INVALID with file and line:
 * no UTF-8, an id that is empty or twice in the file, a row of another length. */
int stock_read(const struct source *source, const char *region, unsigned threads, struct arena *arena,
               struct stock *stock, struct err *err);

/* Gives the records back. */
void stock_freep(struct stock *stock);

#endif
