/* See odata.h. */
#include "crm-connectors/rest/odata.h"

enum { LINK_MAX = 8 * 1024 };

void crm_odata_literal(struct strbuf *out, struct str text)
{
    strbuf_add_char(out, '\'');
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '\'')
            strbuf_add_char(out, '\'');
        strbuf_add_char(out, text.p[i]);
    }
    strbuf_add_char(out, '\'');
}

void crm_odata_option(struct strbuf *path, const char *name, struct str text)
{
    bool first = str_find(strbuf_str(path), STR("?"), 0) < 0;
    strbuf_printf(path, "%c%s=", first ? '?' : '&', name);
    crm_rest_escape(path, text);
}

/* Code and words of {"error":{"code":…,"message":"…"}}; older services nest the words once more. */
static struct str error_of(struct str body, struct arena *arena, struct str *ret_message)
{
    static const char *const names[] = {"code", "message"};
    static const char *const inner[] = {"value"};
    struct str m[ARRAY_LEN(names)] = {{0}};
    struct str error = STR_NONE, nested = STR_NONE;
    struct err ignored;
    if (json_member(body, "error", arena, &error, &ignored) == 0 && str_starts(error, STR("{"))) {
        (void)json_members(error, names, ARRAY_LEN(names), arena, m, &ignored);
        if (json_member(error, "message", arena, &nested, &ignored) == 0 && str_starts(nested, STR("{")))
            (void)json_members(nested, inner, 1, arena, &m[1], &ignored);
    }
    *ret_message = crm_fault_sentence(m[1], arena);
    return m[0];
}

void crm_odata_judge(const struct crm_answer *answer, bool changes, const struct crm_odata_code *codes,
                     struct arena *arena, struct crm_result *ret)
{
    struct str message, code = error_of(answer->body, arena, &message);
    crm_fault_status(answer, changes, 0, ret);
    ret->sentence = message;
    for (; !str_empty(code) && codes->code; codes++)
        if (str_eq_nocase(code, str_c(codes->code))) {
            ret->outcome = codes->outcome;
            ret->not_sent = true;
            return;
        }
}

/* An answer of 2xx that is not what it should be: broken, with the words of an error that it may tell. */
static int broken_answer(const struct crm_rest *rest, struct str body, bool changes, struct crm_result *ret)
{
    struct str message;
    (void)error_of(body, rest->arena, &message);
    crm_rest_broken(changes, ret);
    if (message.p)
        ret->sentence = message;
    return 0;
}

/* True when the link lies below the base: a token must go nowhere else, and the path is the vendor's API. */
static bool link_fine(const struct crm_rest *rest, struct str link)
{
    return link.n > rest->base.n && link.n <= LINK_MAX && link.p[rest->base.n] == '/' &&
           str_eq_nocase(str_slice(link, 0, rest->base.n), rest->base);
}

static bool read_list(const struct crm_rest *rest, struct str body, struct crm_odata_list *list)
{
    static const char *const names[] = {"@odata.nextLink", "@odata.deltaLink"};
    struct str m[ARRAY_LEN(names)];
    struct err broken;
    if (json_member(body, "value", rest->arena, &list->value, &broken) < 0 || !str_starts(list->value, STR("[")) ||
        json_members(body, names, ARRAY_LEN(names), rest->arena, m, &broken) < 0)
        return false;
    list->next = m[0];
    list->delta = m[1];
    return (!m[0].p || link_fine(rest, m[0])) && (!m[1].p || link_fine(rest, m[1]));
}

int crm_odata_list(const struct crm_rest *rest, struct str path, struct str prefer, struct crm_odata_list *ret_list,
                   struct crm_result *ret, struct err *err)
{
    struct crm_header headers[] = {{STR("Prefer"), prefer}};
    const struct crm_call call = {.method = "GET", .path = path, .headers = {headers, prefer.p ? 1 : 0}};
    struct crm_answer answer = {.status = 0};
    int r = crm_rest_call(rest, &call, &answer, ret, err);
    *ret_list = (struct crm_odata_list){.status = answer.status};
    if (r == 0 && ret->outcome == CRM_GONE) /* a list is never deleted: the address is wrong */
        ret->outcome = CRM_REJECTED;
    if (r < 1)
        return r;
    if (read_list(rest, answer.body, ret_list) && !(ret_list->next.p && str_eq(ret_list->next, path)))
        return 1;
    return broken_answer(rest, answer.body, false, ret);
}

int crm_odata_companies(const struct crm_rest *rest, struct str path, const char *const members[3],
                        struct json_list *ret_companies, struct crm_result *ret, struct err *err)
{
    struct crm_odata_list list;
    int r = crm_odata_list(rest, path, STR_NONE, &list, ret, err);
    return r < 1 ? r : crm_records_read_companies(rest, list.value, members, ret_companies, ret);
}

struct str crm_odata_etag(struct str object, struct arena *arena)
{
    static const char *const names[] = {"@odata.etag"};
    struct str etag = STR_NONE;
    struct err ignored;
    if (json_members(object, names, 1, arena, &etag, &ignored) < 0 || str_empty(etag))
        return STR_NONE;
    return etag;
}

int crm_odata_change(const struct crm_rest *rest, const struct crm_call *call, struct str etag, struct crm_result *ret,
                     struct err *err)
{
    struct crm_header headers[] = {{STR("If-Match"), etag}};
    struct crm_call conditional = *call;
    struct crm_answer answer;
    struct str error = STR_NONE;
    struct err broken;
    conditional.changes = true;
    conditional.headers = (struct json_list){headers, 1};
    if (str_empty(etag)) { /* nothing to hold the write to: it must not go out */
        crm_rest_broken(false, ret);
        return 0;
    }
    int r = crm_rest_call(rest, &conditional, &answer, ret, err);
    if (r < 1 || answer.status == 204)
        return r;
    if (json_member(answer.body, "error", rest->arena, &error, &broken) == 0 && !error.p)
        return 1;
    return broken_answer(rest, answer.body, true, ret);
}

struct cursor {
    struct str link; /* next page, or delta link of the last run; absent = a full run begins */
    int64_t given;   /* ms: when the vendor gave it */
    bool full;       /* the link is a page of a full run */
};

static const struct json_field cursor_rows[] = {
    {.name = "link", .kind = JSON_STR, .offset = offsetof(struct cursor, link), .max = LINK_MAX},
    {.name = "given", .kind = JSON_INT, .offset = offsetof(struct cursor, given)},
    {.name = "full", .kind = JSON_BOOL, .offset = offsetof(struct cursor, full)},
};
static const struct json_shape cursor_shape = {"OdataCursor", sizeof(struct cursor), cursor_rows,
                                               ARRAY_LEN(cursor_rows), false};

/* Objects of a page into records; deleted ones are ids alone. */
static bool take_page(const struct crm_rest *rest, const struct crm_vendor *vendor, struct str list,
                      struct json_list *ret_records)
{
    struct json_list items;
    struct err broken;
    if (json_items(list, rest->arena, &items, &broken) < 0)
        return false;
    struct crm_record *records = arena_array(rest->arena, items.n + 1, sizeof *records);
    for (size_t i = 0; i < items.n; i++) {
        if (crm_records_read(vendor, rest, ((const struct str *)items.items)[i], &records[i], &broken) < 0)
            return false;
        if (records[i].deleted)
            records[i] = (struct crm_record){.remote_id = records[i].remote_id, .deleted = true};
    }
    *ret_records = (struct json_list){records, items.n};
    return true;
}

/* Where to go on; an absent link starts over. */
static struct cursor begin(const struct crm_rest *rest, const struct crm_odata_pull *pull, struct str json)
{
    struct cursor cursor = {.full = true};
    struct err broken;
    if (json.p && json_read(&cursor_shape, json, rest->arena, &cursor, &broken) < 0)
        cursor = (struct cursor){.full = true};
    bool old = pull->keeps_ms && cursor.given < rest->lent->now_ms - pull->keeps_ms;
    if (!cursor.link.p || old || !link_fine(rest, cursor.link))
        cursor = (struct cursor){.full = true};
    return cursor;
}

static bool forgotten(int status)
{
    return status == 400 || status == 404 || status == 410;
}

int crm_odata_changes(const struct crm_rest *rest, const struct crm_odata_pull *pull, struct str cursor_json,
                      struct crm_page *ret, struct err *err)
{
    struct crm_page page = {.cursor = cursor_json};
    struct crm_odata_list list;
    struct json_list records = {0};
    struct cursor cursor = begin(rest, pull, cursor_json);
    int r = crm_odata_list(rest, cursor.link.p ? cursor.link : pull->first, pull->prefer, &list, &page.result, err);
    if (r == 0 && cursor.link.p && forgotten(list.status)) {
        cursor = (struct cursor){.full = true};
        r = crm_odata_list(rest, pull->first, pull->prefer, &list, &page.result, err);
    }
    if (r < 0)
        return -1;
    page.full = cursor.full;
    /* A page with neither link would end the run without a place to go on from. */
    if (r == 1 && (!(list.next.p || list.delta.p) || !take_page(rest, pull->vendor, list.value, &records))) {
        crm_rest_broken(false, &page.result);
    } else if (r == 1) {
        page.result = (struct crm_result){.outcome = CRM_FOUND, .records = records};
        page.more = list.next.p != NULL;
        cursor = (struct cursor){
            .link = page.more ? list.next : list.delta, .given = rest->lent->now_ms, .full = page.more && page.full};
        page.cursor = json_write(&cursor_shape, &cursor, rest->arena);
    }
    *ret = page;
    return 0;
}
