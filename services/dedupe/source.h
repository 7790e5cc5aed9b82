/* A CSV file whose columns have a meaning, row by row. */
#ifndef SERVICES_DEDUPE_SOURCE_H
#define SERVICES_DEDUPE_SOURCE_H

#include "dedupe/table/table.h"
#include "services/dedupe/csv.h"

enum field {
    FIELD_NONE,
    FIELD_ID,
    FIELD_TITLE,
    FIELD_GIVEN_NAME,
    FIELD_FAMILY_NAME,
    FIELD_FULL_NAME,
    FIELD_COMPANY,
    FIELD_JOB_TITLE,
    FIELD_EMAIL,
    FIELD_PHONE,
    FIELD_MOBILE,
    FIELD_FAX,
    FIELD_STREET,
    FIELD_POSTAL_CODE,
    FIELD_CITY,
    FIELD_COUNTRY,
    FIELD_BIRTH,
    FIELD_IDENTIFIER,
    FIELD_TEXT,
    FIELDS
};

enum { SOURCE_COLUMNS = 200 };

/* How columns of other names are meant: lines `column = "known column"` of a schema file (TOML; a table header
 * [columns] and comments may stand there). Several columns of one meaning are joined, in the file's order, where they
 * are parts of one name or date; elsewhere each is compared for itself. */
struct source_schema {
    struct {
        struct str column, known;
    } rows[64];
    size_t n;
};

struct source {
    const char *file;
    struct str text; /* all of it, mapped */
    struct csv csv;
    struct str names[SOURCE_COLUMNS];
    enum field fields[SOURCE_COLUMNS];
    enum dedupe_kind kinds[SOURCE_COLUMNS]; /* DEDUPE_KINDS = not compared */
    size_t columns_n;
};

/* The text of a file, mapped: its pages come and go as they are needed. It stays until the program ends. ERR_INVALID
 * with file. */
int source_map(const char *file, struct str *ret_text, struct err *err);
/* When the file was changed, in nanoseconds; 0 = not known. */
uint64_t source_changed(const char *file);

/* Reads a schema; ERR_INVALID with the line. */
int source_schema_read(const char *file, struct source_schema *ret_schema, struct err *err);
/* The same from its text; `file` is for errors only. The schema is views of the text. */
int source_schema_parse(struct str text, const char *file, struct source_schema *ret_schema, struct err *err);

/* Opens a file and reads its header. Columns that nobody knows are named on stderr. ERR_INVALID with file: no file,
 * no UTF-8, no id column. The text stays until the program ends. */
int source_open(const char *file, const struct source_schema *schema, struct arena *arena, struct source *ret_source,
                struct err *err);
/* ERR_INVALID when what is not read yet is no UTF-8. To be asked before the first row. */
int source_check(const struct source *source, struct err *err);
/* Next row: 1 and columns_n cells, 0 at the end, -1 ERR_INVALID with file and line: another length, no id. */
int source_row(struct source *source, struct arena *arena, struct str *ret_cells, struct err *err);
bool source_has(const struct source *source, enum field field);
/* The id of a row. */
struct str source_id(const struct source *source, const struct str *cells);

/* The rows are read; what of them is looked at again comes back from the file. */
void source_rest(const struct source *source);

/* Country of national phone numbers: the contact's, else `region`. */
const char *source_region(struct str country, const char *region, struct arena *arena);

#endif
