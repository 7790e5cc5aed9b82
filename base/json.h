/* JSON is described, not inspected: a shape is a table of rows (name, kind, offset, ceiling); reading, writing and the
 * JSON Schema of the API all come from it. Unknown fields are refused unless the shape is open. Knows jansson alone. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/err.h"

enum json_kind {
    JSON_STR,     /* struct str; null or missing = absent */
    JSON_INT,     /* int64_t */
    JSON_DOUBLE,  /* double */
    JSON_BOOL,    /* bool */
    JSON_WORD,    /* int: index into .words; null or missing = -1 */
    JSON_OBJ,     /* the struct of .shape in place; required unless it has a JSON_BOOL row "present" — use JSON_REF */
    JSON_REF,     /* pointer to the struct of .shape; null or missing = NULL */
    JSON_LIST,    /* struct json_list of structs of .shape; null or missing = empty */
    JSON_STRS,    /* struct json_list of struct str */
    JSON_DOUBLES, /* struct json_list of double */
    JSON_ANY,     /* struct str: the value's own JSON text, e.g. {"a":1} */
};

enum {
    JSON_REQUIRED = 1,   /* reading: the field must be there and not null */
    JSON_OMIT = 2,       /* writing: leave an absent value out instead of null */
    JSON_WRITE_ONLY = 4, /* a secret: read, never written */
    JSON_READ_ONLY = 8,  /* written, refused when read */
};

struct json_list {
    void *items;
    size_t n;
};

struct json_field {
    const char *name;
    enum json_kind kind;
    size_t offset;
    unsigned flags;
    size_t max; /* bytes of a text, items of a list; 0 = LIMIT_TEXT_BYTES / LIMIT_LIST_ITEMS */
    const struct json_shape *shape;
    const char *const *words; /* JSON_WORD: NULL-terminated */
    const char *doc;          /* one sentence for the API's documents, or NULL */
};

struct json_shape {
    const char *name; /* unique: the schema's name in OpenAPI */
    size_t size;      /* sizeof the struct */
    const struct json_field *fields;
    size_t n;
    bool open; /* unknown fields are ignored (answers of foreign servers) */
};

/* Reads `text` (strict UTF-8 JSON, no duplicate keys, LIMIT_JSON_DEPTH) into the struct at ret_value; texts live in the
 * arena. Errors: ERR_BAD_JSON, ERR_INVALID with a pointer. *ret_value is written only on success. */
int json_read(const struct json_shape *shape, struct str text, struct arena *arena, void *ret_value, struct err *err);

/* Compact JSON of the struct, in the order of the rows. */
struct str json_write(const struct json_shape *shape, const void *value, struct arena *arena);
/* A JSON array of n structs laid end to end. */
struct str json_write_list(const struct json_shape *shape, const void *items, size_t n, struct arena *arena);

/* JSON Schema 2020-12 of the shape, references as "#/components/schemas/NAME". */
struct str json_schema(const struct json_shape *shape, struct arena *arena);

/* RFC 7396 merge patch of two JSON texts. Errors: ERR_BAD_JSON. */
int json_merge_patch(struct str target, struct str patch, struct arena *arena, struct str *ret_json, struct err *err);
/* The same value with sorted keys and no blanks, for fingerprints and comparison. Errors: ERR_BAD_JSON. */
int json_canonical(struct str text, struct arena *arena, struct str *ret_json, struct err *err);
/* The same by the spelling: keys in order and no blanks, texts and numbers as they are written. Many times faster, for
 * fingerprints of what one program writes. Errors: ERR_BAD_JSON. */
int json_ordered(struct str text, struct arena *arena, struct str *ret_json, struct err *err);
/* Items of a JSON array as JSON texts (struct str each), e.g. for [[x,y],…] and foreign answers. Errors: ERR_BAD_JSON.
 */
int json_items(struct str text, struct arena *arena, struct json_list *ret_items, struct err *err);
/* Value of a member of a JSON object as JSON text, absent when missing or null, for foreign answers with free keys. */
int json_member(struct str text, const char *name, struct arena *arena, struct str *ret_json, struct err *err);
/* Several members of a JSON object at once, strings without quotes, numbers and truth values as they are written; null,
 * missing, lists and objects are absent. `ret_texts` has room for n. Errors: ERR_BAD_JSON. */
int json_members(struct str text, const char *const *names, size_t n, struct arena *arena, struct str *ret_texts,
                 struct err *err);
/* The object without some of its members, the rest as it is written. Errors: ERR_BAD_JSON. */
int json_without(struct str text, const char *const *names, size_t n, struct arena *arena, struct str *ret_json,
                 struct err *err);
/* Text of a JSON string value ("a\u00e4" -> aä); absent when it is not a string. */
struct str json_unquote(struct str text, struct arena *arena);
/* Appends `s` as a JSON string, or null when absent. For the few texts that no shape describes. */
void json_quote(struct strbuf *buf, struct str s);

#endif
