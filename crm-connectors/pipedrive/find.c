/* Finding persons in Pipedrive. Its searches lag behind writes and show look-alikes in part: their hits are only ids,
 * read whole and compared afterwards. */
#include "base/clock.h"
#include "crm-connectors/pipedrive/parts.h"

enum {
    SEARCH_MAX = 50,
    IDS_MAX = 100, /* of one list by ids */
    DIGITS = 7,
    EMPLOYERS = 3,             /* whose people are listed for a name */
    FRESH_MS = 15 * 60 * 1000, /* longer than the search index ever lags */
    FRESH_PAGE = 500,
    FRESH_PAGES = 20,
};

/* GET of a path that is a list: 1, 0, -1. */
static int get_list(const struct crm_rest *rest, struct str path, struct crm_pipedrive_answer *ret_answer,
                    struct crm_result *ret, struct err *err)
{
    const struct crm_call call = {.method = "GET", .path = path};
    struct json_list items;
    struct err broken;
    int r = crm_pipedrive_ask(rest, &call, ret_answer, ret, err);
    if (r < 1)
        return r;
    if (ret_answer->data.p && json_items(ret_answer->data, rest->arena, &items, &broken) == 0)
        return 1;
    crm_rest_broken(false, ret);
    return 0;
}

/* A text member of each object of a list; absent where it has none. 0, or -1 when it is no list of objects. */
static int column(struct str list, const char *name, struct arena *arena, struct json_list *ret, struct err *err)
{
    struct json_list items;
    if (json_items(list, arena, &items, err) < 0)
        return -1;
    struct str *texts = arena_array(arena, items.n + 1, sizeof *texts);
    for (size_t i = 0; i < items.n; i++)
        if (json_members(((const struct str *)items.items)[i], &name, 1, arena, &texts[i], err) < 0)
            return -1;
    *ret = (struct json_list){texts, items.n};
    return 0;
}

/* Numbers without repetition, commas between, from `*at` on, as many as one request takes. */
static struct str some_ids(const struct json_list *ids, size_t *at, struct arena *arena)
{
    const struct str *texts = ids->items;
    struct strbuf out = {.arena = arena};
    int64_t number;
    for (size_t n = 0; *at < ids->n && n < IDS_MAX; (*at)++) {
        bool known = !str_to_int(texts[*at], 1, INT64_MAX, &number);
        for (size_t i = 0; i < *at && !known; i++)
            known = str_eq(texts[i], texts[*at]);
        if (known)
            continue;
        strbuf_printf(&out, "%s%.*s", n++ ? "," : "", STR_ARG(texts[*at]));
    }
    return out.n ? strbuf_str(&out) : STR_NONE;
}

/* ---- Employers ---- */

struct names {
    struct json_list ids, names; /* struct str, side by side */
};

static struct str name_of(const struct names *names, struct str id)
{
    for (size_t i = 0; id.p && i < names->ids.n; i++)
        if (str_eq(((const struct str *)names->ids.items)[i], id))
            return ((const struct str *)names->names.items)[i];
    return STR_NONE;
}

static struct json_list joined(struct json_list a, struct json_list b, struct arena *arena)
{
    struct str *all = arena_array(arena, a.n + b.n + 1, sizeof *all);
    if (a.n)
        memcpy(all, a.items, a.n * sizeof *all);
    if (b.n)
        memcpy(all + a.n, b.items, b.n * sizeof *all);
    return (struct json_list){all, a.n + b.n};
}

static int read_names(const struct crm_rest *rest, const struct json_list *ids, struct names *ret_names,
                      struct crm_result *ret, struct err *err)
{
    struct crm_pipedrive_answer answer;
    struct names page;
    struct err broken;
    size_t at = 0;
    *ret_names = (struct names){0};
    for (;;) {
        struct str some = some_ids(ids, &at, rest->arena);
        if (!some.p)
            return 1;
        int r = get_list(
            rest, str_printf(rest->arena, CRM_PIPEDRIVE_V2 "/organizations?limit=%d&ids=%.*s", IDS_MAX, STR_ARG(some)),
            &answer, ret, err);
        if (r < 1)
            return r;
        if (column(answer.data, "id", rest->arena, &page.ids, &broken) < 0 ||
            column(answer.data, "name", rest->arena, &page.names, &broken) < 0) {
            crm_rest_broken(false, ret);
            return 0;
        }
        ret_names->ids = joined(ret_names->ids, page.ids, rest->arena);
        ret_names->names = joined(ret_names->names, page.names, rest->arena);
    }
}

int crm_pipedrive_name_employers(const struct crm_rest *rest, struct str list, struct str *ret_list,
                                 struct crm_result *ret, struct err *err)
{
    struct strbuf out = {.arena = rest->arena};
    struct json_list items, ids;
    struct names names;
    struct err broken;
    if (json_items(list, rest->arena, &items, &broken) < 0 || column(list, "org_id", rest->arena, &ids, &broken) < 0) {
        crm_rest_broken(false, ret);
        return 0;
    }
    int r = read_names(rest, &ids, &names, ret, err);
    if (r < 1)
        return r;
    if (names.names.n == 0) {
        *ret_list = list;
        return 1;
    }
    strbuf_add_c(&out, "[");
    for (size_t i = 0; i < items.n; i++) {
        struct str object = ((const struct str *)items.items)[i];
        struct str name = name_of(&names, ((const struct str *)ids.items)[i]);
        strbuf_add_c(&out, i ? "," : "");
        if (name.p) { /* it has org_id, so it is not empty */
            strbuf_add_c(&out, "{\"org_name\":");
            json_quote(&out, name);
            strbuf_add_c(&out, ",");
        }
        strbuf_add(&out, name.p ? str_slice(object, 1, object.n) : object);
    }
    strbuf_add_c(&out, "]");
    *ret_list = strbuf_str(&out);
    return 1;
}

/* ---- Hits ---- */

struct search {
    const char *what; /* "persons" or "organizations" */
    const char *fields;
    struct str term;
    bool exact;
};

/* Items of a search, without their wrapping, as JSON texts: 1, 0, -1. */
static int search_items(const struct crm_rest *rest, const struct search *search, struct str *ret_list,
                        struct crm_result *ret, struct err *err)
{
    struct strbuf path = {.arena = rest->arena}, out = {.arena = rest->arena};
    struct crm_pipedrive_answer answer;
    struct json_list items;
    struct str list = STR_NONE, item;
    struct err broken;
    strbuf_printf(&path, CRM_PIPEDRIVE_V2 "/%s/search?fields=%s&limit=%d&exact_match=%s&term=", search->what,
                  search->fields, SEARCH_MAX, search->exact ? "true" : "false");
    crm_rest_escape(&path, search->term);
    const struct crm_call call = {.method = "GET", .path = strbuf_str(&path)};
    int r = crm_pipedrive_ask(rest, &call, &answer, ret, err);
    if (r < 1)
        return r;
    bool good = answer.data.p && json_member(answer.data, "items", rest->arena, &list, &broken) == 0 && list.p &&
                json_items(list, rest->arena, &items, &broken) == 0;
    strbuf_add_c(&out, "[");
    for (size_t i = 0; good && i < items.n; i++) {
        good = json_member(((const struct str *)items.items)[i], "item", rest->arena, &item, &broken) == 0 && item.p;
        strbuf_printf(&out, "%s%.*s", i ? "," : "", STR_ARG(item));
    }
    strbuf_add_c(&out, "]");
    *ret_list = strbuf_str(&out);
    if (!good)
        crm_rest_broken(false, ret);
    return good;
}

/* A JSON list of persons, employers named, as a result: 1, 0, -1. */
static int take_persons(const struct crm_rest *rest, struct str list, const struct contact *probe,
                        struct crm_result *ret, struct err *err)
{
    struct str named;
    int r = crm_pipedrive_name_employers(rest, list, &named, ret, err);
    return r < 1 ? r : crm_records_list(&crm_pipedrive_vendor, rest, named, probe, ret);
}

/* The persons that a search hits, read whole: their JSON list. */
static int search_persons(const struct crm_rest *rest, const struct search *search, struct str *ret_list,
                          struct crm_result *ret, struct err *err)
{
    struct crm_pipedrive_answer answer = {.data = STR("[]")};
    struct json_list ids = {0};
    struct err broken;
    size_t at = 0;
    int r = search_items(rest, search, ret_list, ret, err);
    if (r < 1)
        return r;
    if (column(*ret_list, "id", rest->arena, &ids, &broken) < 0) {
        crm_rest_broken(false, ret);
        return 0;
    }
    struct str some = some_ids(&ids, &at, rest->arena);
    if (some.p)
        r = get_list(rest, str_printf(rest->arena, CRM_PIPEDRIVE_PERSONS "?limit=%d&ids=%.*s", IDS_MAX, STR_ARG(some)),
                     &answer, ret, err);
    *ret_list = answer.data;
    return r;
}

/* Adds what a search hits; those that share a value with the probe unless it is NULL. */
static int add_search(const struct crm_rest *rest, const struct search *search, const struct contact *probe,
                      struct crm_result *ret, struct err *err)
{
    struct crm_result hits;
    struct str list;
    int r = search_persons(rest, search, &list, &hits, err);
    if (r == 1)
        r = take_persons(rest, list, probe, &hits, err);
    if (r == 1)
        crm_records_join(rest, &hits, ret);
    else if (r == 0)
        *ret = hits;
    return r;
}

static int companies(const struct crm_rest *rest, struct str name, bool exact, struct json_list *ret_companies,
                     struct crm_result *ret, struct err *err)
{
    static const char *const members[3] = {"id", "name", "address"};
    const struct search search = {"organizations", "name", name, exact};
    struct str list;
    int r = search_items(rest, &search, &list, ret, err);
    if (r == 1)
        r = crm_records_read_companies(rest, list, members, ret_companies, ret);
    if (r < 1)
        return r;
    struct crm_company *found = (struct crm_company *)ret_companies->items;
    size_t n = 0;
    for (size_t i = 0; i < ret_companies->n && n < CRM_COMPANIES_MAX; i++) /* its exact search shows look-alikes, too */
        if (!exact || str_eq_nocase(str_trim(found[i].name), name))
            found[n++] = found[i];
    ret_companies->n = n;
    return 1;
}

/* The marker's field is one of persons: a lost organisation is found by its name. */
static int make_organization(const struct crm_rest *rest, struct str marker _unused_, struct str name,
                             struct str *ret_id, struct crm_result *ret, struct err *err)
{
    struct str member = crm_records_member("name", name, rest->arena);
    struct str body = str_printf(rest->arena, "{%.*s}", STR_ARG(member));
    return crm_pipedrive_post(rest, STR(CRM_PIPEDRIVE_V2 "/organizations"), body, ret_id, ret, err);
}
const struct crm_link crm_pipedrive_employer = {"org_id", "", "", true, companies, make_organization};

/* ---- The marker ---- */

/* Only the objects of a list whose marker field has the marker. */
static struct str keep_marked(const struct crm_rest *rest, struct str list, struct str marker)
{
    struct strbuf out = {.arena = rest->arena};
    struct json_list items = {0};
    struct err ignored;
    struct str field = crm_pipedrive_marker_field(rest);
    (void)json_items(list, rest->arena, &items, &ignored);
    strbuf_add_c(&out, "[");
    for (size_t i = 0; i < items.n; i++) {
        struct str object = ((const struct str *)items.items)[i];
        if (str_eq_nocase(crm_pipedrive_custom(object, field, rest->arena), marker))
            strbuf_printf(&out, "%s%.*s", out.n > 1 ? "," : "", STR_ARG(object));
    }
    strbuf_add_c(&out, "]");
    return strbuf_str(&out);
}

/* Persons that changed lately and carry the marker, from the list, which knows them before the search does. */
static int add_fresh(const struct crm_rest *rest, struct str marker, struct crm_result *ret, struct err *err)
{
    static const char *const names[] = {"next_cursor"};
    struct crm_pipedrive_answer answer;
    struct crm_result page;
    struct str next = STR_NONE, since = clock_text(rest->lent->now_ms - FRESH_MS, rest->arena);
    struct err ignored;
    for (int i = 0; i < FRESH_PAGES && (i == 0 || next.p); i++) {
        struct strbuf path = {.arena = rest->arena};
        strbuf_printf(&path,
                      CRM_PIPEDRIVE_PERSONS "?limit=%d&sort_by=update_time&sort_direction=desc&updated_since=%.*sZ",
                      FRESH_PAGE, 19, since.p);
        strbuf_add_c(&path, next.p ? "&cursor=" : "");
        crm_rest_escape(&path, next);
        int r = get_list(rest, strbuf_str(&path), &answer, &page, err);
        if (r == 1)
            r = take_persons(rest, keep_marked(rest, answer.data, marker), NULL, &page, err);
        if (r == 0)
            *ret = page;
        if (r < 1)
            return r;
        crm_records_join(rest, &page, ret);
        next = STR_NONE;
        if (answer.more.p)
            (void)json_members(answer.more, names, 1, rest->arena, &next, &ignored);
    }
    return 1;
}

int crm_pipedrive_find_marked(const struct crm_rest *rest, struct str marker, struct crm_result *ret, struct err *err)
{
    const struct search search = {"persons", "custom_fields", marker, true};
    struct crm_result fresh;
    struct str list;
    int r = search_persons(rest, &search, &list, ret, err);
    if (r == 1)
        r = take_persons(rest, keep_marked(rest, list, marker), NULL, ret, err);
    if (r < 1 || ret->records.n > 0)
        return r;
    crm_result_records(NULL, 0, rest->arena, &fresh);
    r = add_fresh(rest, marker, &fresh, err);
    *ret = fresh;
    return r;
}

/* ---- The table's functions ---- */

int crm_pipedrive_find_exact(struct crm_lent *lent, const struct contact *probe, struct arena *arena,
                             struct crm_result *ret, struct err *err)
{
    const struct contact_value *emails = probe->emails.items, *phones = probe->phones.items;
    struct crm_rest rest;
    int r = 1;
    if (crm_pipedrive_open(lent, arena, &rest, err) < 0)
        return -1;
    crm_result_records(NULL, 0, arena, ret);
    for (size_t i = 0; i < probe->emails.n && r == 1; i++)
        r = add_search(&rest, &(const struct search){"persons", "email", emails[i].value, true}, probe, ret, err);
    for (size_t i = 0; i < probe->phones.n && r == 1; i++) {
        struct str digits = crm_last_digits(phones[i].value, DIGITS, arena);
        if (digits.n == DIGITS)
            r = add_search(&rest, &(const struct search){"persons", "phone", digits, false}, probe, ret, err);
    }
    return r < 0 ? -1 : 0;
}

/* People of employers whose name contains the text. */
static int add_people_of(const struct crm_rest *rest, struct str text, struct crm_result *ret, struct err *err)
{
    const struct search search = {"organizations", "name", text, utf8_count(text) < 2};
    struct crm_pipedrive_answer answer;
    struct crm_result page;
    struct json_list ids = {0};
    struct err broken;
    struct str list;
    int64_t id;
    int r = search_items(rest, &search, &list, ret, err);
    if (r == 1 && column(list, "id", rest->arena, &ids, &broken) < 0)
        ids.n = 0;
    for (size_t i = 0; i < ids.n && i < EMPLOYERS && r == 1; i++) {
        if (!str_to_int(((const struct str *)ids.items)[i], 1, INT64_MAX, &id))
            continue;
        r = get_list(rest,
                     str_printf(rest->arena, CRM_PIPEDRIVE_PERSONS "?limit=%d&org_id=%lld", SEARCH_MAX, (long long)id),
                     &answer, &page, err);
        if (r == 1)
            r = take_persons(rest, answer.data, NULL, &page, err);
        if (r == 1)
            crm_records_join(rest, &page, ret);
        else if (r == 0)
            *ret = page;
    }
    return r;
}

int crm_pipedrive_search(struct crm_lent *lent, struct str text, struct arena *arena, struct crm_result *ret,
                         struct err *err)
{
    struct crm_rest rest;
    struct str term = str_trim(text);
    if (crm_pipedrive_open(lent, arena, &rest, err) < 0)
        return -1;
    crm_result_records(NULL, 0, arena, ret);
    if (str_empty(term))
        return 0;
    int r = add_search(&rest, &(const struct search){"persons", "name", term, utf8_count(term) < 2}, NULL, ret, err);
    if (r == 1 && ret->records.n == 0)
        r = add_people_of(&rest, term, ret, err);
    if (r == 1 && ret->records.n > SEARCH_MAX)
        ret->records.n = SEARCH_MAX;
    return r < 0 ? -1 : 0;
}
