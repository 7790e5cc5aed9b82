/* Phone numbers by the million. */
#ifndef SERVICES_DEDUPE_NUMBER_H
#define SERVICES_DEDUPE_NUMBER_H

#include "base/str.h"

enum { NUMBER_BYTES = 24 };

/* E.164 of a number as printed, written to `buffer`; the same as contact_phone_parse() gives, which is asked for
 * whatever is not written in the plain way of a country that we know. Absent when it is no number. `region`: ISO 3166-1
 * alpha-2. */
struct str number_e164(struct str text, const char *region, char buffer[NUMBER_BYTES], struct arena *arena);

#endif
