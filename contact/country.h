/* Countries: ISO 3166-1 codes and their names in many languages (countries.def). */
#ifndef CONTACT_COUNTRY_H
#define CONTACT_COUNTRY_H

#include "base/str.h"

/* True for an alpha-2 code in capitals. */
bool contact_country_known(struct str code);
/* Alpha-2 code of a country's name in one of the languages of the table, or of its alpha-3 code in capitals; "" when it
 * is none. Case, accents, punctuation do not count. Static storage. */
const char *contact_country_find(struct str name, struct arena *arena);
/* English name of an alpha-2 code, absent when unknown. Static storage. */
struct str contact_country_name(struct str code);

#endif
