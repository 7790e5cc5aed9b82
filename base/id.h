/* Identifiers: UUID version 7 (RFC 9562), so that they sort by time and say nothing else. */
#ifndef BASE_ID_H
#define BASE_ID_H

#include "base/str.h"

struct id {
    char s[37]; /* canonical lower-case text, NUL-terminated; "" = none */
};

/* A fresh identifier from the clock (milliseconds) and 74 random bits. */
struct id id_new(void);
/* Parses 8-4-4-4-12 hex digits of either case into lower case; false when it is not a UUID. */
bool id_parse(struct str text, struct id *ret_id);
static inline struct str id_str(const struct id *id)
{
    return str_c(id->s);
}
static inline bool id_none(const struct id *id)
{
    return id->s[0] == '\0';
}
bool id_eq(const struct id *a, const struct id *b);

#endif
