/* Contacts as a table: which column is what, by the words people and CRMs put above them, and rows there and back. */
#ifndef CRM_CONNECTORS_FILE_DROP_TABLE_H
#define CRM_CONNECTORS_FILE_DROP_TABLE_H

#include "crm-connectors/connector.h"
#include "crm-connectors/file_drop/csv.h"

/* Fields that a row has a place for. */
extern const struct crm_map crm_drop_map[];
enum { CRM_DROP_FIELDS = 11 };

/* Values of the contact that a row has no place for: struct str. */
struct json_list crm_drop_left(const struct contact *contact, struct arena *arena);

struct crm_drop_row {
    struct str id;     /* as the CRM names the record; made of the contact when the table has none */
    struct str marker; /* what we had written into the column "Kartei-ID", or absent */
    struct contact contact;
};

/* What the columns are; see crm_drop_header(). */
struct crm_drop_columns {
    size_t n;
    int member[CRM_CSV_COLUMNS]; /* number of a column of ours, -1 = one we do not know */
};
/* Finds out by the first row. ERR_INVALID when there is neither a name nor an e-mail address. */
int crm_drop_header(const struct str *cells, size_t n, struct crm_drop_columns *ret_columns, struct err *err);
/* One row of cells (struct str): 1, 0 when it names nobody, -1. `region`: ISO 3166-1 alpha-2 for national phone
 * numbers. */
int crm_drop_read(const struct crm_drop_columns *columns, struct json_list cells, const char *region,
                  struct arena *arena, struct crm_drop_row *ret_row, struct err *err);

/* Appends the row of headings in a language, "de" or "en", and one of a contact; crm_drop_header() knows them. */
void crm_drop_add_header(struct strbuf *out, const char *language);
int crm_drop_add(struct strbuf *out, const struct crm_drop_row *row, const char *region, struct err *err);

#endif
