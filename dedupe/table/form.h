/* Normal forms of a table's values, by kind. For the files of dedupe/table/ only. */
#ifndef DEDUPE_TABLE_FORM_H
#define DEDUPE_TABLE_FORM_H

#include "dedupe/table/table.h"

struct dedupe_name_form {
    struct str given, family, others; /* plain words with blanks between, "" = none */
};

/* Takes a name apart; what a full name says beyond given and family name goes to `others`; without either, the full
 * name is split. */
struct dedupe_name_form dedupe_form_name(struct str given, struct str family, struct str full, struct arena *arena);

/* The normal form of any other kind; "" when nothing is left. */
struct str dedupe_form(enum dedupe_kind kind, struct str text, struct arena *arena);

#endif
