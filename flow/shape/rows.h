/* Short forms for the rows of shapes, so that a table reads as name, member, what it says. */
#ifndef FLOW_SHAPE_ROWS_H
#define FLOW_SHAPE_ROWS_H

#include "base/json.h"

#define ROW(t, member, what, ...)                                                                                      \
    {                                                                                                                  \
        .name = #member, .kind = JSON_##what, .offset = offsetof(struct t, member), __VA_ARGS__                        \
    }
#define TEXT(t, member, note)             ROW(t, member, STR, .doc = (note))
#define NEEDED(t, member, ceiling, note)  ROW(t, member, STR, .flags = JSON_REQUIRED, .max = (ceiling), .doc = (note))
#define LIMITED(t, member, ceiling, note) ROW(t, member, STR, .max = (ceiling), .doc = (note))
#define WHOLE(t, member, note)            ROW(t, member, INT, .doc = (note))
#define REAL(t, member, note)             ROW(t, member, DOUBLE, .doc = (note))
#define YES(t, member, note)              ROW(t, member, BOOL, .doc = (note))
#define WORD(t, member, list, note)       ROW(t, member, WORD, .words = (list), .doc = (note))
#define RAW(t, member, note)              ROW(t, member, ANY, .doc = (note))
#define PART(t, member, of, note)         ROW(t, member, OBJ, .shape = &(of), .doc = (note))
#define MAYBE(t, member, of, note)        ROW(t, member, REF, .shape = &(of), .doc = (note))
#define MANY(t, member, of, note)         ROW(t, member, LIST, .shape = &(of), .doc = (note))
#define TEXTS(t, member, note)            ROW(t, member, STRS, .doc = (note))
#define REALS(t, member, note)            ROW(t, member, DOUBLES, .max = 4, .doc = (note))

/* The shape `name_shape` of struct `name` from its rows `name_rows`. */
#define SHAPE(t, schema)                                                                                               \
    const struct json_shape t##_shape = {schema, sizeof(struct t), t##_rows, ARRAY_LEN(t##_rows), false}

#endif
