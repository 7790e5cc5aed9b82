/* Reading and writing by shape on jansson; see json.h. */
#include "base/json.h"

#include "base/json_scan.h"
#include "base/limits.h"
#include "base/wiping.h"

#include <assert.h>
#include <jansson.h>
#include <math.h>

struct reader {
    struct arena *arena;
    struct err *err;
    char path[96];
};

/* Header fields of mails pass through here: jansson's copies leave nothing behind. */
__attribute__((constructor)) static void json_wipes(void)
{
    json_set_alloc_funcs(malloc, wiping_free);
}

static void json_unref(json_t **json)
{
    json_decref(*json);
}

static int json_parse(struct str text, json_t **ret_json, struct err *err)
{
    json_error_t at;
    if (!text.p)
        return err_set(err, ERR_BAD_JSON, "empty");
    json_t *json = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &at);
    if (!json)
        return err_set(err, ERR_BAD_JSON, "line %d, column %d", at.line, at.column);
    *ret_json = json;
    return 0;
}

static struct str json_text(const json_t *json, struct arena *arena)
{
    size_t flags = JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15);
    size_t n = json_dumpb(json, NULL, 0, flags);
    char *text = arena_alloc(arena, n + 1);
    (void)json_dumpb(json, text, n, flags);
    return (struct str){text, n};
}

static int read_object(struct reader *r, const struct json_shape *shape, const json_t *json, void *value);

static int refuse(struct reader *r, const char *why)
{
    return err_field(r->err, ERR_INVALID, r->path, "%s", why);
}

static int read_word(struct reader *r, const struct json_field *f, const json_t *json, int *ret)
{
    const char *word = json_string_value(json);
    for (int i = 0; word && f->words[i]; i++)
        if (str_eq(str_c(word), str_c(f->words[i]))) {
            *ret = i;
            return 0;
        }
    return refuse(r, "not one of the allowed words");
}

static int read_text(struct reader *r, const json_t *json, size_t max, struct str *ret)
{
    if (!json_is_string(json))
        return refuse(r, "a text is expected");
    struct str s = {json_string_value(json), json_string_length(json)};
    if (s.n > (max ? max : LIMIT_TEXT_BYTES))
        return refuse(r, "the text is too long");
    *ret = str_dup(r->arena, s);
    return 0;
}

static int read_real(struct reader *r, const json_t *json, double *ret)
{
    if (!json_is_number(json) || !isfinite(json_number_value(json)))
        return refuse(r, "a number is expected");
    *ret = json_number_value(json);
    return 0;
}

static int read_item(struct reader *r, const struct json_field *f, const json_t *json, char *item)
{
    if (f->kind == JSON_STRS)
        return read_text(r, json, f->shape ? 0 : LIMIT_TEXT_BYTES, (struct str *)(void *)item);
    if (f->kind == JSON_DOUBLES)
        return read_real(r, json, (double *)(void *)item);
    return read_object(r, f->shape, json, item);
}

static int read_list(struct reader *r, const struct json_field *f, const json_t *json, struct json_list *ret)
{
    size_t size = f->kind == JSON_LIST ? f->shape->size : f->kind == JSON_STRS ? sizeof(struct str) : sizeof(double);
    size_t n = json_array_size(json), here = strlen(r->path);
    if (!json_is_array(json))
        return refuse(r, "a list is expected");
    if (n > (f->max ? f->max : LIMIT_LIST_ITEMS))
        return refuse(r, "the list is too long");
    char *items = arena_array(r->arena, n, size);
    for (size_t i = 0; i < n; i++) {
        (void)snprintf(r->path + here, sizeof r->path - here, "/%zu", i);
        if (read_item(r, f, json_array_get(json, i), items + i * size) < 0)
            return -1;
        r->path[here] = '\0';
    }
    *ret = (struct json_list){items, n};
    return 0;
}

static int read_number(struct reader *r, const struct json_field *f, const json_t *json, void *at)
{
    if (f->kind == JSON_DOUBLE)
        return read_real(r, json, at);
    if (!json_is_integer(json))
        return refuse(r, "a whole number is expected");
    *(int64_t *)at = json_integer_value(json);
    return 0;
}

static int read_value(struct reader *r, const struct json_field *f, const json_t *json, void *at)
{
    switch (f->kind) {
    case JSON_STR:
        return read_text(r, json, f->max, at);
    case JSON_INT:
    case JSON_DOUBLE:
        return read_number(r, f, json, at);
    case JSON_BOOL:
        *(bool *)at = json_is_true(json);
        return json_is_boolean(json) ? 0 : refuse(r, "true or false is expected");
    case JSON_WORD:
        return read_word(r, f, json, at);
    case JSON_OBJ:
        return read_object(r, f->shape, json, at);
    case JSON_REF:
        *(void **)at = arena_alloc(r->arena, f->shape->size);
        return read_object(r, f->shape, json, *(void **)at);
    case JSON_LIST:
    case JSON_STRS:
    case JSON_DOUBLES:
        return read_list(r, f, json, at);
    case JSON_ANY:
        *(struct str *)at = json_text(json, r->arena);
        return 0;
    }
    return refuse(r, "unknown kind");
}

/* What a missing or null field leaves behind: zero bytes, but -1 for a word; a struct in place gets its own absences.
 */
static void set_absent(const struct json_shape *shape, char *value)
{
    memset(value, 0, shape->size);
    for (size_t i = 0; i < shape->n; i++) {
        const struct json_field *f = &shape->fields[i];
        if (f->kind == JSON_WORD)
            *(int *)(void *)(value + f->offset) = -1;
        else if (f->kind == JSON_OBJ)
            set_absent(f->shape, value + f->offset);
    }
}

static int refuse_unknown(struct reader *r, const struct json_shape *shape, const json_t *json)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)json, key, value)
    {
        bool known = false;
        for (size_t i = 0; i < shape->n && !known; i++)
            known = strcmp(shape->fields[i].name, key) == 0 && !(shape->fields[i].flags & JSON_READ_ONLY);
        if (!known)
            return err_field(r->err, ERR_INVALID, r->path, "unknown field \"%.60s\"", key);
    }
    return 0;
}

static int read_object(struct reader *r, const struct json_shape *shape, const json_t *json, void *value)
{
    size_t here = strlen(r->path);
    if (!json_is_object(json))
        return refuse(r, "an object is expected");
    if (!shape->open && refuse_unknown(r, shape, json) < 0)
        return -1;
    set_absent(shape, value);
    for (size_t i = 0; i < shape->n; i++) {
        const struct json_field *f = &shape->fields[i];
        const json_t *member = json_object_get(json, f->name);
        (void)snprintf(r->path + here, sizeof r->path - here, "/%s", f->name);
        if (member && !json_is_null(member)) {
            if (read_value(r, f, member, (char *)value + f->offset) < 0)
                return -1;
        } else if (f->flags & JSON_REQUIRED) {
            return refuse(r, "this field is required");
        }
        r->path[here] = '\0';
    }
    return 0;
}

int json_read(const struct json_shape *shape, struct str text, struct arena *arena, void *ret_value, struct err *err)
{
    _cleanup_(json_unref) json_t *json = NULL;
    struct reader r = {.arena = arena, .err = err};
    if (json_parse(text, &json, err) < 0)
        return -1;
    void *value = arena_alloc(arena, shape->size);
    if (read_object(&r, shape, json, value) < 0)
        return -1;
    memcpy(ret_value, value, shape->size);
    return 0;
}

int json_merge_patch(struct str target, struct str patch, struct arena *arena, struct str *ret_json, struct err *err)
{
    _cleanup_(json_unref) json_t *to = NULL;
    _cleanup_(json_unref) json_t *from = NULL;
    const char *key;
    json_t *value;
    if (json_parse(target, &to, err) < 0 || json_parse(patch, &from, err) < 0)
        return -1;
    if (!json_is_object(to) || !json_is_object(from))
        return err_set(err, ERR_BAD_JSON, "an object is expected");
    json_object_foreach(from, key, value)
    {
        json_t *old = json_object_get(to, key);
        struct str merged = STR_NONE;
        if (json_is_null(value)) {
            (void)json_object_del(to, key);
        } else if (json_is_object(value)) { /* what is not there yet begins empty: nulls never arrive */
            struct str under = json_is_object(old) ? json_text(old, arena) : STR("{}");
            if (json_merge_patch(under, json_text(value, arena), arena, &merged, err) < 0)
                return -1;
            (void)json_object_set_new(to, key, json_loadb(merged.p, merged.n, JSON_DECODE_ANY, NULL));
        } else {
            (void)json_object_set(to, key, value);
        }
    }
    *ret_json = json_text(to, arena);
    return 0;
}

int json_canonical(struct str text, struct arena *arena, struct str *ret_json, struct err *err)
{
    _cleanup_(json_unref) json_t *json = NULL;
    if (json_parse(text, &json, err) < 0)
        return -1;
    char *sorted = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS | JSON_REAL_PRECISION(15));
    *ret_json = str_dup(arena, str_c(sorted));
    wiping_free(sorted);
    return 0;
}

/* A value of a foreign text: ERR_BAD_JSON. */
static int scan(struct str text, struct str *ret_value, struct err *err)
{
    return text.p && json_scan(text, ret_value) ? 0 : err_set(err, ERR_BAD_JSON, "%s", text.p ? "no JSON" : "empty");
}

int json_items(struct str text, struct arena *arena, struct json_list *ret_items, struct err *err)
{
    struct str list, name, item, *items = NULL;
    size_t n = 0, room = 0;
    if (scan(text, &list, err) < 0)
        return -1;
    if (!str_starts(list, STR("[")))
        return err_set(err, ERR_BAD_JSON, "a list is expected");
    struct str copy = str_dup(arena, list);
    for (struct json_walk walk = json_walk_into(copy); json_walk_next(&walk, &name, &item);) {
        if (n == room) {
            room = room ? 4 * room : 16;
            struct str *more = arena_array(arena, room, sizeof *more);
            if (n)
                memcpy(more, items, n * sizeof *more);
            items = more;
        }
        items[n++] = item;
    }
    *ret_items = (struct json_list){items, n};
    return 0;
}

struct named {
    struct str name, value;
};
enum { FEW = 64 }; /* members that need no memory of their own */

static int by_name(const void *a, const void *b)
{
    const struct named *left = a, *right = b;
    int order = str_cmp(left->name, right->name);
    return order ? order : (left->value.p > right->value.p) - (left->value.p < right->value.p);
}

/* What is nested deeper than `depth` stays as it is: each level reads all that is in it again. */
static void add_ordered(struct strbuf *out, struct str value, int depth)
{
    struct named few[FEW], *all = few, one;
    bool object = value.p[0] == '{';
    size_t n = 0, at = 0;
    if (depth == 0 || (!object && value.p[0] != '[')) {
        strbuf_add(out, value);
        return;
    }
    for (struct json_walk walk = json_walk_into(value); json_walk_next(&walk, &one.name, &one.value); n++)
        if (n < FEW)
            few[n] = one;
    if (n > FEW) {
        all = arena_array(out->arena, n, sizeof *all);
        for (struct json_walk walk = json_walk_into(value); json_walk_next(&walk, &one.name, &one.value);)
            all[at++] = one;
    }
    if (object)
        qsort(all, n, sizeof *all, by_name);
    strbuf_add_char(out, value.p[0]);
    for (size_t i = 0; i < n; i++) {
        if (i)
            strbuf_add_char(out, ',');
        if (object) {
            strbuf_add(out, all[i].name);
            strbuf_add_char(out, ':');
        }
        add_ordered(out, all[i].value, depth - 1);
    }
    strbuf_add_char(out, object ? '}' : ']');
}

int json_ordered(struct str text, struct arena *arena, struct str *ret_json, struct err *err)
{
    struct strbuf out = {.arena = arena};
    struct str value;
    if (scan(text, &value, err) < 0)
        return -1;
    add_ordered(&out, value, LIMIT_JSON_DEPTH);
    *ret_json = strbuf_str(&out);
    return 0;
}

/* The text of a string in its quotes; absent when it is no text: half a surrogate, bytes that are not UTF-8. */
static struct str unquoted(struct str quoted, struct arena *arena)
{
    struct str inside = str_slice(quoted, 1, quoted.n - 1);
    if (inside.n && memchr(inside.p, '\\', inside.n))
        return json_unquote(quoted, arena);
    return utf8_valid(inside) ? str_dup(arena, inside) : STR_NONE;
}

/* Places of the values of members; absent where there is none. A name that is there twice is no JSON of ours. */
static int places(struct str text, const char *const *names, size_t n, struct arena *arena, struct str *ret_values,
                  struct err *err)
{
    struct str object, quoted, value;
    if (scan(text, &object, err) < 0)
        return -1;
    for (size_t i = 0; i < n; i++)
        ret_values[i] = STR_NONE;
    if (!str_starts(object, STR("{")))
        return 0;
    for (struct json_walk walk = json_walk_into(object); json_walk_next(&walk, &quoted, &value);) {
        struct str name =
            memchr(quoted.p, '\\', quoted.n) ? json_unquote(quoted, arena) : str_slice(quoted, 1, quoted.n - 1);
        for (size_t i = 0; i < n; i++) {
            if (!str_eq(name, str_c(names[i])))
                continue;
            if (ret_values[i].p)
                return err_set(err, ERR_BAD_JSON, "%s is there twice", names[i]);
            ret_values[i] = value;
        }
    }
    return 0;
}

int json_member(struct str text, const char *name, struct arena *arena, struct str *ret_json, struct err *err)
{
    struct str value;
    if (places(text, &name, 1, arena, &value, err) < 0)
        return -1;
    *ret_json = value.p && !str_eq(value, STR("null")) ? str_dup(arena, value) : STR_NONE;
    return 0;
}

int json_without(struct str text, const char *const *names, size_t n, struct arena *arena, struct str *ret_json,
                 struct err *err)
{
    struct strbuf out = {.arena = arena};
    struct str object, name, value;
    if (scan(text, &object, err) < 0)
        return -1;
    if (!str_starts(object, STR("{")))
        return err_set(err, ERR_BAD_JSON, "an object is expected");
    strbuf_add_c(&out, "{");
    for (struct json_walk walk = json_walk_into(object); json_walk_next(&walk, &name, &value);) {
        bool wanted = true;
        for (size_t i = 0; i < n; i++)
            wanted = wanted && !str_eq(str_slice(name, 1, name.n - 1), str_c(names[i]));
        if (wanted)
            strbuf_printf(&out, "%s%.*s:%.*s", out.n > 1 ? "," : "", STR_ARG(name), STR_ARG(value));
    }
    strbuf_add_c(&out, "}");
    *ret_json = strbuf_str(&out);
    return 0;
}

struct str json_unquote(struct str text, struct arena *arena)
{
    _cleanup_(json_unref) json_t *json = text.p ? json_loadb(text.p, text.n, JSON_DECODE_ANY, NULL) : NULL;
    return json_is_string(json) ? str_dup(arena, (struct str){json_string_value(json), json_string_length(json)})
                                : STR_NONE;
}

int json_members(struct str text, const char *const *names, size_t n, struct arena *arena, struct str *ret_texts,
                 struct err *err)
{
    if (places(text, names, n, arena, ret_texts, err) < 0)
        return -1;
    for (size_t i = 0; i < n; i++) {
        struct str value = ret_texts[i];
        char first = value.p ? value.p[0] : 'n';
        bool plain = first != '{' && first != '[' && first != 'n';
        ret_texts[i] = first == '"' ? unquoted(value, arena) : plain ? str_dup(arena, value) : STR_NONE;
        if (first == '"' && !ret_texts[i].p)
            return err_set(err, ERR_BAD_JSON, "%s is no text", names[i]);
    }
    return 0;
}
