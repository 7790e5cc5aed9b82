/* What changed in Tryton: parties by their stamps and those of their rows, page by page in the order of ids. Archived
 * parties count as deleted; really deleted ones leave no trace, so a count that shrank starts a full run. */
#include "crm-connectors/fault.h"
#include "crm-connectors/tryton/tryton.h"

#include <time.h>

/* A transaction that began before the last run may commit after it: look this far back. */
enum { PAGE = 200, OVERLAP_S = 300 };

struct cursor {
    int64_t since;       /* seconds since 1970; 0 = a full run */
    int64_t after;       /* id of the last party taken in this run; 0 = the run has not begun */
    int64_t top;         /* latest stamp seen in this run */
    int64_t known, last; /* parties (archived too) with ids up to `last` when the run began */
};

#define ROW(member)                                                                                                    \
    {                                                                                                                  \
        .name = #member, .kind = JSON_INT, .offset = offsetof(struct cursor, member)                                   \
    }
static const struct json_field cursor_rows[] = {ROW(since), ROW(after), ROW(top), ROW(known), ROW(last)};
static const struct json_shape cursor_shape = {"TrytonCursor", sizeof(struct cursor), cursor_rows,
                                               ARRAY_LEN(cursor_rows), false};

/* Context of a call: archived parties too. */
#define ANY_STATE "{\"active_test\":false}"

/* Parties with ids up to `last`, archived ones too. */
static int count_known(const struct crm_tryton_door *door, int64_t last, int64_t *ret_count, struct crm_result *ret,
                       struct err *err)
{
    struct str json, params = str_printf(door->arena, "[[[\"id\",\"<=\",%lld]]," ANY_STATE "]", (long long)last);
    int called = crm_tryton_call(door, &(const struct crm_tryton_ask){"model.party.party.search_count", params, false},
                                 &json, ret, err);
    if (called == 1 && !str_to_int(json, 0, INT64_MAX, ret_count))
        *ret_count = 0;
    return called;
}

static int highest_id(const struct crm_tryton_door *door, int64_t *ret_id, struct crm_result *ret, struct err *err)
{
    struct str json, params = STR("[[],0,1,[[\"id\",\"DESC\"]]," ANY_STATE "]");
    int called = crm_tryton_call(door, &(const struct crm_tryton_ask){"model.party.party.search", params, false}, &json,
                                 ret, err);
    if (called == 1 && (json.n < 3 || !str_to_int(str_slice(json, 1, json.n - 1), 0, INT64_MAX, ret_id)))
        *ret_id = 0;
    return called;
}

/* The beginning of a run: has anything vanished since the last, and up to which id do we know? */
static int begin(const struct crm_tryton_door *door, struct cursor *cursor, struct crm_result *ret, struct err *err)
{
    int64_t still = 0;
    int called = 1;
    if (cursor->since > 0) {
        called = count_known(door, cursor->last, &still, ret, err);
        if (called == 1 && still < cursor->known)
            *cursor = (struct cursor){0};
    }
    if (called == 1)
        called = highest_id(door, &cursor->last, ret, err);
    if (called == 1)
        called = count_known(door, cursor->last, &cursor->known, ret, err);
    return called;
}

static struct str datetime(int64_t seconds, struct arena *arena)
{
    struct tm t;
    time_t when = (time_t)seconds;
    if (!gmtime_r(&when, &t))
        return STR("null");
    return str_printf(arena,
                      "{\"__class__\":\"datetime\",\"year\":%d,\"month\":%d,\"day\":%d,\"hour\":%d,\"minute\":%d,"
                      "\"second\":%d,\"microsecond\":0}",
                      t.tm_year + 1900, t.tm_mon + 1, t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec);
}

static struct str page_domain(const struct cursor *cursor, struct arena *arena)
{
    static const char *const stamps[] = {"create_date",
                                         "write_date",
                                         "contact_mechanisms.create_date",
                                         "contact_mechanisms.write_date",
                                         "addresses.create_date",
                                         "addresses.write_date"};
    if (cursor->since == 0)
        return str_printf(arena, "[[\"id\",\">\",%lld]]", (long long)cursor->after);
    struct str since = datetime(cursor->since, arena);
    struct strbuf domain = {.arena = arena};
    strbuf_printf(&domain, "[[\"id\",\">\",%lld],[\"OR\"", (long long)cursor->after);
    for (size_t i = 0; i < ARRAY_LEN(stamps); i++)
        strbuf_printf(&domain, ",[\"%s\",\">=\",%.*s]", stamps[i], STR_ARG(since));
    strbuf_add_c(&domain, "]]");
    return strbuf_str(&domain);
}

static int read_page(const struct crm_tryton_door *door, struct cursor *cursor, struct json_list *ret_records,
                     struct crm_result *ret, struct err *err)
{
    struct str domain = page_domain(cursor, door->arena), json;
    struct str params = str_printf(door->arena, "[%.*s,0,%d,[[\"id\",\"ASC\"]],%s,%s]", STR_ARG(domain), PAGE,
                                   crm_tryton_fields, cursor->since == 0 ? "{}" : ANY_STATE);
    struct json_list items;
    struct err broken;
    int called = crm_tryton_call(door, &(const struct crm_tryton_ask){"model.party.party.search_read", params, false},
                                 &json, ret, err);
    if (called <= 0)
        return called;
    bool good = json_items(json, door->arena, &items, &broken) == 0;
    struct crm_record *records = arena_array(door->arena, good ? items.n + 1 : 1, sizeof *records);
    for (size_t i = 0; good && i < items.n; i++) {
        struct crm_tryton_party party;
        good = crm_tryton_read_party(((const struct str *)items.items)[i], door->arena, &party, &broken) == 0;
        if (!good)
            break;
        records[i] = crm_tryton_record(&party, door->lent->region, door->arena);
        if (!crm_tryton_active(&party))
            records[i] = (struct crm_record){.remote_id = records[i].remote_id, .deleted = true};
        cursor->after = party.id;
        cursor->top = crm_tryton_latest(&party) > cursor->top ? crm_tryton_latest(&party) : cursor->top;
    }
    if (!good) { /* an empty page would say that everything is gone */
        *ret = (struct crm_result){.outcome = CRM_REJECTED, .not_sent = true};
        ret->sentence = STR("The server answered with something that is no list of parties.");
        return 0;
    }
    *ret_records = (struct json_list){records, items.n};
    return 1;
}

int crm_tryton_changes(struct crm_lent *lent, struct str cursor_json, struct arena *arena, struct crm_page *ret,
                       struct err *err)
{
    struct crm_tryton_door door;
    struct cursor cursor = {0};
    struct crm_page page = {.cursor = cursor_json};
    struct json_list records = {0};
    if (crm_tryton_open(lent, arena, &door, err) < 0)
        return -1;
    if (cursor_json.p && json_read(&cursor_shape, cursor_json, arena, &cursor, err) < 0)
        return -1;
    bool first = cursor.after == 0;
    int ready = first ? begin(&door, &cursor, &page.result, err) : 1;
    if (ready == 1)
        ready = read_page(&door, &cursor, &records, &page.result, err);
    if (ready < 0)
        return -1;
    if (ready == 1) {
        page.result = (struct crm_result){.outcome = CRM_FOUND, .records = records};
        page.full = cursor.since == 0;
        page.total = first && page.full ? cursor.known : 0; /* with archived ones, which do not come */
        page.more = records.n == PAGE;
        if (!page.more) { /* an empty CRM has no stamps: the next run starts from nothing again */
            int64_t top = cursor.top - OVERLAP_S;
            cursor = (struct cursor){
                .since = top > cursor.since ? top : cursor.since, .known = cursor.known, .last = cursor.last};
        }
        page.cursor = json_write(&cursor_shape, &cursor, arena);
    }
    *ret = page;
    return 0;
}
