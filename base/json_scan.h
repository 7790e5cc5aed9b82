/* Where the values of a JSON text stand in it (RFC 8259), without a tree of it: foreign answers are asked for few
 * members of many objects. Inside of base/. */
#ifndef BASE_JSON_SCAN_H
#define BASE_JSON_SCAN_H

#include "base/str.h"

/* One value, blanks around it allowed, nothing else: *ret_value without the blanks. False: the text is no JSON. Strings
 * are looked at for their escapes only; whether they are UTF-8 is asked where one is read. */
bool json_scan(struct str text, struct str *ret_value);

/* Over the members of an object or the items of a list; `value` as json_scan() gave it. */
struct json_walk {
    const char *p, *end;
};
struct json_walk json_walk_into(struct str value);
/* The next member: false at the end. *ret_name in its quotes, absent in a list. */
bool json_walk_next(struct json_walk *walk, struct str *ret_name, struct str *ret_value);

#endif
