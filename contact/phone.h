/* Telephone numbers: parsing, validity and kind by libphonenumber (ITU-T E.164). Only phone_shim.cc knows the library.
 */
#ifndef CONTACT_PHONE_H
#define CONTACT_PHONE_H

#include "base/str.h"

enum contact_phone_type {
    CONTACT_PHONE_UNKNOWN,
    CONTACT_PHONE_FIXED,
    CONTACT_PHONE_MOBILE,
    CONTACT_PHONE_EITHER, /* the plan does not tell fixed from mobile (USA, Canada) */
    CONTACT_PHONE_SERVICE /* toll-free, shared cost, premium, VoIP, pager, UAN */
};

struct contact_phone {
    struct str e164;      /* "+4993112345678", without the extension */
    struct str extension; /* "111", or absent */
    char region[3];       /* ISO 3166-1 alpha-2 of the number, "" when unknown */
    int country_code;     /* 49 */
    bool valid;           /* in the numbering plan of its region; otherwise only its length is possible */
    enum contact_phone_type type;
};

/* Parses one number as printed ("+49 (0)931 / 123-456", "0931 123456 ext. 7"); at most 100 bytes. `region` (ISO 3166-1
 * alpha-2) completes national numbers; NULL or "" takes only international ones. False when it cannot be a number. */
bool contact_phone_parse(struct str text, const char *region, struct arena *arena, struct contact_phone *ret_phone);
/* Its E.164 form alone, absent when it is no number: numbers that are written so already, of DE, AT and CH, are known
 * without the library. */
struct str contact_phone_e164(struct str text, const char *region, struct arena *arena);

/* How a person in `region` writes the number: national there, international elsewhere ("+49 931 12345678"). Gives
 * `e164` itself when it is not a number. */
struct str contact_phone_display(struct str e164, const char *region, struct arena *arena);

/* Calling code of an ISO 3166-1 region, 0 when unknown. */
int contact_phone_country_code(const char *region);

/* Main region of a calling code ("DE" for 49), "" when unknown. Static storage. */
const char *contact_phone_region(int country_code);

#endif
