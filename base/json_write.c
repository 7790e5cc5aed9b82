/* Writing by shape, and the JSON Schema of a shape; needs no library. See json.h. */
#include "base/json.h"

#include "base/limits.h"

#include <math.h>

void json_quote(struct strbuf *buf, struct str s)
{
    if (!s.p) {
        strbuf_add_c(buf, "null");
        return;
    }
    strbuf_add_char(buf, '"');
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == '"' || c == '\\') {
            strbuf_add_char(buf, '\\');
            strbuf_add_char(buf, (char)c);
        } else if (c == '\n') {
            strbuf_add_c(buf, "\\n");
        } else if (c < 0x20 || c == 0x7f) {
            strbuf_printf(buf, "\\u%04x", c);
        } else {
            strbuf_add_char(buf, (char)c);
        }
    }
    strbuf_add_char(buf, '"');
}

static void write_object(struct strbuf *buf, const struct json_shape *shape, const void *value);

static void write_real(struct strbuf *buf, double value)
{
    if (isfinite(value))
        strbuf_printf(buf, "%.10g", value);
    else
        strbuf_add_c(buf, "null");
}

static void write_list(struct strbuf *buf, const struct json_field *f, const struct json_list *list)
{
    strbuf_add_char(buf, '[');
    for (size_t i = 0; i < list->n; i++) {
        if (i)
            strbuf_add_char(buf, ',');
        if (f->kind == JSON_STRS)
            json_quote(buf, ((const struct str *)list->items)[i]);
        else if (f->kind == JSON_DOUBLES)
            write_real(buf, ((const double *)list->items)[i]);
        else
            write_object(buf, f->shape, (const char *)list->items + i * f->shape->size);
    }
    strbuf_add_char(buf, ']');
}

static bool is_absent(const struct json_field *f, const void *at)
{
    switch (f->kind) {
    case JSON_STR:
    case JSON_ANY:
        return !((const struct str *)at)->p;
    case JSON_WORD:
        return *(const int *)at < 0;
    case JSON_REF:
        return !*(void *const *)at;
    case JSON_LIST:
    case JSON_STRS:
    case JSON_DOUBLES:
        return (f->flags & JSON_OMIT) && ((const struct json_list *)at)->n == 0;
    case JSON_INT:
    case JSON_DOUBLE:
    case JSON_BOOL:
    case JSON_OBJ:
        return false;
    }
    return true;
}

static void write_value(struct strbuf *buf, const struct json_field *f, const void *at)
{
    if (is_absent(f, at)) {
        strbuf_add_c(buf, "null");
        return;
    }
    switch (f->kind) {
    case JSON_STR:
        json_quote(buf, *(const struct str *)at);
        break;
    case JSON_ANY:
        strbuf_add(buf, *(const struct str *)at);
        break;
    case JSON_INT:
        strbuf_printf(buf, "%lld", (long long)*(const int64_t *)at);
        break;
    case JSON_DOUBLE:
        write_real(buf, *(const double *)at);
        break;
    case JSON_BOOL:
        strbuf_add_c(buf, *(const bool *)at ? "true" : "false");
        break;
    case JSON_WORD:
        json_quote(buf, str_c(f->words[*(const int *)at]));
        break;
    case JSON_OBJ:
        write_object(buf, f->shape, at);
        break;
    case JSON_REF:
        write_object(buf, f->shape, *(void *const *)at);
        break;
    case JSON_LIST:
    case JSON_STRS:
    case JSON_DOUBLES:
        write_list(buf, f, at);
        break;
    }
}

static void write_object(struct strbuf *buf, const struct json_shape *shape, const void *value)
{
    const char *separator = "{";
    for (size_t i = 0; i < shape->n; i++) {
        const struct json_field *f = &shape->fields[i];
        const void *at = (const char *)value + f->offset;
        if ((f->flags & JSON_WRITE_ONLY) || ((f->flags & JSON_OMIT) && is_absent(f, at)))
            continue;
        strbuf_printf(buf, "%s\"%s\":", separator, f->name);
        write_value(buf, f, at);
        separator = ",";
    }
    strbuf_add_c(buf, separator[0] == '{' ? "{}" : "}");
}

struct str json_write(const struct json_shape *shape, const void *value, struct arena *arena)
{
    struct strbuf buf = {.arena = arena};
    write_object(&buf, shape, value);
    return strbuf_str(&buf);
}

struct str json_write_list(const struct json_shape *shape, const void *items, size_t n, struct arena *arena)
{
    struct strbuf buf = {.arena = arena};
    struct json_field row = {.kind = JSON_LIST, .shape = shape};
    struct json_list list = {(void *)(uintptr_t)items, n};
    write_list(&buf, &row, &list);
    return strbuf_str(&buf);
}

static void schema_words(struct strbuf *buf, const struct json_field *f)
{
    strbuf_printf(buf, "\"type\":%s,\"enum\":[", f->flags & JSON_REQUIRED ? "\"string\"" : "[\"string\",\"null\"]");
    for (size_t i = 0; f->words[i]; i++)
        strbuf_printf(buf, "%s\"%s\"", i ? "," : "", f->words[i]);
    strbuf_add_c(buf, f->flags & JSON_REQUIRED ? "]" : ",null]");
}

static void schema_field(struct strbuf *buf, const struct json_field *f)
{
    size_t items = f->max ? f->max : LIMIT_LIST_ITEMS;
    const char *ref = f->shape ? f->shape->name : "";
    switch (f->kind) {
    case JSON_STR:
        strbuf_printf(buf, "\"type\":%s,\"maxLength\":%zu",
                      f->flags & JSON_REQUIRED ? "\"string\"" : "[\"string\",\"null\"]",
                      f->max ? f->max : (size_t)LIMIT_TEXT_BYTES);
        break;
    case JSON_INT:
        strbuf_add_c(buf, "\"type\":\"integer\"");
        break;
    case JSON_DOUBLE:
        strbuf_add_c(buf, "\"type\":\"number\"");
        break;
    case JSON_BOOL:
        strbuf_add_c(buf, "\"type\":\"boolean\"");
        break;
    case JSON_WORD:
        schema_words(buf, f);
        break;
    case JSON_OBJ:
        strbuf_printf(buf, "\"$ref\":\"#/components/schemas/%s\"", ref);
        break;
    case JSON_REF:
        strbuf_printf(buf, "\"oneOf\":[{\"$ref\":\"#/components/schemas/%s\"},{\"type\":\"null\"}]", ref);
        break;
    case JSON_LIST:
        strbuf_printf(buf, "\"type\":\"array\",\"maxItems\":%zu,\"items\":{\"$ref\":\"#/components/schemas/%s\"}",
                      items, ref);
        break;
    case JSON_STRS:
        strbuf_printf(buf, "\"type\":\"array\",\"maxItems\":%zu,\"items\":{\"type\":\"string\"}", items);
        break;
    case JSON_DOUBLES:
        strbuf_printf(buf, "\"type\":\"array\",\"maxItems\":%zu,\"items\":{\"type\":\"number\"}", items);
        break;
    case JSON_ANY:
        strbuf_add_c(buf, "\"description\":\"Any JSON value.\"");
        break;
    }
}

static void schema_required(struct strbuf *buf, const struct json_shape *shape)
{
    const char *separator = ",\"required\":[";
    for (size_t i = 0; i < shape->n; i++)
        if (shape->fields[i].flags & JSON_REQUIRED) {
            strbuf_printf(buf, "%s\"%s\"", separator, shape->fields[i].name);
            separator = ",";
        }
    if (separator[1] == '\0')
        strbuf_add_char(buf, ']');
}

struct str json_schema(const struct json_shape *shape, struct arena *arena)
{
    struct strbuf buf = {.arena = arena};
    strbuf_add_c(&buf, "{\"type\":\"object\",\"properties\":{");
    for (size_t i = 0; i < shape->n; i++) {
        const struct json_field *f = &shape->fields[i];
        strbuf_printf(&buf, "%s\"%s\":{", i ? "," : "", f->name);
        schema_field(&buf, f);
        if (f->doc && f->kind != JSON_ANY) {
            strbuf_add_c(&buf, ",\"description\":");
            json_quote(&buf, str_c(f->doc));
        }
        strbuf_printf(&buf, "%s%s}", f->flags & JSON_WRITE_ONLY ? ",\"writeOnly\":true" : "",
                      f->flags & JSON_READ_ONLY ? ",\"readOnly\":true" : "");
    }
    strbuf_add_char(&buf, '}');
    schema_required(&buf, shape);
    strbuf_add_c(&buf, shape->open ? "}" : ",\"additionalProperties\":false}");
    return strbuf_str(&buf);
}
