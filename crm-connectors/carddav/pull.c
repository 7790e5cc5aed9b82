/* What changed in a CardDAV address book: sync-collection (RFC 6578), or a listing where the server has no such thing.
 * The list of names comes whole, the cards page by page, so a page is resumable and memory stays small. */
#include "crm-connectors/carddav/carddav.h"

#include "base/limits.h"
#include "crm-connectors/fault.h"

enum { PAGE = 200 };

static const char xml_type[] = "application/xml; charset=utf-8";

/* Where a run stands. */
struct cursor {
    struct str token; /* sync token the run started from; absent = from nothing */
    struct str next;  /* token of the run's first listing: where the next run starts */
    struct str after; /* name of the last item taken */
};

#define ROW(member)                                                                                                    \
    {                                                                                                                  \
        .name = #member, .kind = JSON_STR, .offset = offsetof(struct cursor, member), .flags = JSON_OMIT               \
    }
static const struct json_field cursor_rows[] = {ROW(token), ROW(next), ROW(after)};
static const struct json_shape cursor_shape = {"CarddavCursor", sizeof(struct cursor), cursor_rows,
                                               ARRAY_LEN(cursor_rows), false};

static int sync_report(const struct crm_dav *dav, struct str token, struct crm_dav_answer *ret_answer,
                       struct crm_result *ret, struct err *err)
{
    struct strbuf body = {.arena = dav->arena};
    strbuf_add_c(&body, "<?xml version=\"1.0\" encoding=\"utf-8\"?><sync-collection xmlns=\"DAV:\"><sync-token>");
    crm_xml_text(&body, token);
    strbuf_add_c(&body, "</sync-token><sync-level>1</sync-level><prop><getetag/></prop></sync-collection>");
    const struct crm_dav_call call = {.method = "REPORT", .body = strbuf_str(&body), .type = xml_type};
    return crm_dav_ask(dav, &call, ret_answer, ret, err);
}

static int list_items(const struct crm_dav *dav, struct crm_dav_answer *ret_answer, struct crm_result *ret,
                      struct err *err)
{
    static const char body[] = "<?xml version=\"1.0\" encoding=\"utf-8\"?>"
                               "<propfind xmlns=\"DAV:\"><prop><getetag/></prop></propfind>";
    const struct crm_dav_call call = {.method = "PROPFIND", .body = str_c(body), .type = xml_type, .depth = "1"};
    return crm_dav_ask(dav, &call, ret_answer, ret, err);
}

/* RFC 6578 3.6: the server sent only a part, and says so with a 507 for the collection itself. */
static bool cut_short(const struct crm_dav_answer *answer)
{
    const struct crm_dav_response *responses = answer->responses.items;
    for (size_t i = 0; i < answer->responses.n; i++)
        if (responses[i].status == 507)
            return true;
    return false;
}

/* The names that changed since the cursor's token; a token that is no longer known starts from nothing. */
static int list_changes(const struct crm_dav *dav, struct cursor *cursor, struct crm_dav_answer *ret_answer,
                        struct crm_result *ret, struct err *err)
{
    int asked = sync_report(dav, cursor->token, ret_answer, ret, err);
    bool refused = asked == 0 && ret->outcome == CRM_REJECTED;
    if (refused && cursor->token.p) {
        *cursor = (struct cursor){0};
        asked = sync_report(dav, cursor->token, ret_answer, ret, err);
        refused = asked == 0 && ret->outcome == CRM_REJECTED;
    }
    bool partial = asked == 1 && (!ret_answer->sync_token.p || (!cursor->token.p && cut_short(ret_answer)));
    if (!refused && !partial)
        return asked;
    /* A listing for what is there now; a token of a partial answer stays good: the rest comes with the next run. */
    struct str token = refused ? STR_NONE : ret_answer->sync_token;
    if (cursor->token.p)
        *cursor = (struct cursor){0};
    asked = list_items(dav, ret_answer, ret, err);
    ret_answer->sync_token = token;
    if (asked != 1 || ret_answer->responses.n > 0)
        return asked;
    /* The collection itself is always on its list; an empty one would say that everything is gone. */
    *ret = (struct crm_result){.outcome = CRM_REJECTED, .not_sent = true};
    ret->sentence = STR("The address book did not list what is in it.");
    return 0;
}

static int by_name(const void *a, const void *b)
{
    const struct crm_dav_response *left = a, *right = b;
    return str_cmp(left->href, right->href);
}

/* The next names after the cursor, in order: href becomes the name. *ret_n: all that are left. */
static struct json_list next_names(const struct crm_dav_answer *answer, struct str after, struct arena *arena,
                                   size_t *ret_n)
{
    struct crm_dav_response *names = arena_array(arena, answer->responses.n + 1, sizeof *names);
    const struct crm_dav_response *responses = answer->responses.items;
    size_t n = 0;
    for (size_t i = 0; i < answer->responses.n; i++) {
        names[n] = responses[i];
        names[n].href = crm_dav_name(responses[i].href);
        if (names[n].href.p && (!after.p || str_cmp(names[n].href, after) > 0))
            n++;
    }
    qsort(names, n, sizeof *names, by_name);
    *ret_n = n;
    return (struct json_list){names, n > PAGE ? PAGE : n};
}

static struct str collection_path(const struct crm_dav *dav)
{
    ptrdiff_t authority = str_find(dav->url, STR("://"), 0);
    ptrdiff_t path = authority < 0 ? 0 : str_find(dav->url, STR("/"), (size_t)authority + 3);
    return str_slice(dav->url, path < 0 ? 0 : (size_t)path, dav->url.n);
}

static int multiget(const struct crm_dav *dav, const struct crm_dav_response *names, size_t n,
                    struct crm_dav_answer *ret_answer, struct crm_result *ret, struct err *err)
{
    struct strbuf body = {.arena = dav->arena};
    strbuf_add_c(&body, "<?xml version=\"1.0\" encoding=\"utf-8\"?><C:addressbook-multiget xmlns=\"DAV:\" "
                        "xmlns:C=\"urn:ietf:params:xml:ns:carddav\"><prop><getetag/><C:address-data/></prop>");
    for (size_t i = 0; i < n; i++) {
        strbuf_add_c(&body, "<href>");
        crm_xml_text(&body, collection_path(dav));
        crm_xml_text(&body, names[i].href);
        strbuf_add_c(&body, "</href>");
    }
    strbuf_add_c(&body, "</C:addressbook-multiget>");
    const struct crm_dav_call call = {.method = "REPORT", .body = strbuf_str(&body), .type = xml_type, .depth = "1"};
    return crm_dav_ask(dav, &call, ret_answer, ret, err);
}

/* A page under way. */
struct pull {
    const struct crm_dav *dav;
    struct crm_record *records; /* PAGE of them */
    size_t n;
};

static void take_cards(struct pull *pull, const struct crm_dav_answer *answer)
{
    const struct crm_dav_response *responses = answer->responses.items;
    for (size_t i = 0; i < answer->responses.n && pull->n < PAGE; i++) {
        const struct crm_dav_response *one = &responses[i];
        struct crm_record *record = &pull->records[pull->n];
        struct str name = crm_dav_name(one->href);
        if (!name.p)
            continue;
        if (one->status == 404 || one->status == 410) {
            *record = (struct crm_record){.remote_id = name, .deleted = true};
            pull->n++;
        } else if (one->data.p && crm_dav_record(pull->dav, name, one->etag, one->data, record)) {
            pull->n++;
        } /* a card that nobody can read is no record */
    }
}

/* Fetches the cards of n names: 1 when done, 0 when *ret says why not, -1 with an error. A batch whose photos pass the
 * answer's ceiling is halved, and a single card that does is left out. */
static int fetch_cards(struct pull *pull, const struct crm_dav_response *names, size_t n, struct crm_result *ret,
                       struct err *err)
{
    struct crm_dav_answer answer;
    size_t batch = n;
    for (size_t done = 0; done < n;) {
        batch = batch > n - done ? n - done : batch;
        int asked = multiget(pull->dav, names + done, batch, &answer, ret, err);
        if (asked <= 0 && !answer.too_large)
            return asked;
        if (asked <= 0 && batch > 1) {
            batch /= 2;
            continue;
        }
        if (asked == 1)
            take_cards(pull, &answer);
        done += batch;
    }
    return 1;
}

/* Fills the pull with the records of these names, deleted ones first. */
static int fetch_page(struct pull *pull, const struct json_list *names, struct crm_result *ret, struct err *err)
{
    const struct crm_dav_response *items = names->items;
    struct crm_dav_response *present = arena_array(pull->dav->arena, names->n + 1, sizeof *present);
    size_t n = 0;
    for (size_t i = 0; i < names->n; i++) {
        if (items[i].status == 404 || items[i].status == 410)
            pull->records[pull->n++] = (struct crm_record){.remote_id = items[i].href, .deleted = true};
        else
            present[n++] = items[i];
    }
    return fetch_cards(pull, present, n, ret, err);
}

/* Where to go on after a page: behind its last name, or from the run's token. Absent: the server has no tokens, the
 * next run lists everything again. */
static struct str next_cursor(const struct cursor *now, const struct crm_dav_answer *answer,
                              const struct json_list *names, bool more, struct arena *arena)
{
    struct str token = now->next.p ? now->next : answer->sync_token;
    struct cursor next = {.token = token};
    if (more) {
        const struct crm_dav_response *items = names->items;
        next = (struct cursor){.token = now->token, .next = token, .after = items[names->n - 1].href};
    } else if (!token.p) {
        return STR_NONE;
    }
    return json_write(&cursor_shape, &next, arena);
}

int crm_carddav_changes(struct crm_lent *lent, struct str cursor_json, struct arena *arena, struct crm_page *ret,
                        struct err *err)
{
    struct crm_dav dav;
    struct crm_dav_answer answer;
    struct cursor cursor = {0};
    struct crm_page page = {.cursor = cursor_json};
    if (crm_dav_open(lent, arena, &dav, err) < 0)
        return -1;
    if (cursor_json.p && json_read(&cursor_shape, cursor_json, arena, &cursor, err) < 0)
        return -1;
    struct pull pull = {.dav = &dav, .records = arena_array(arena, PAGE, sizeof(struct crm_record))};
    struct json_list names = {0};
    size_t all = 0;
    int asked = list_changes(&dav, &cursor, &answer, &page.result, err);
    if (asked == 1) {
        names = next_names(&answer, cursor.after, arena, &all);
        asked = fetch_page(&pull, &names, &page.result, err);
    }
    if (asked < 0)
        return -1;
    bool more = all > PAGE;
    if (asked == 1) {
        page.result = (struct crm_result){.outcome = CRM_FOUND, .records = {pull.records, pull.n}};
        page.full = !cursor.token.p;
        page.more = more;
        page.total = cursor.after.p ? 0 : (int64_t)all;
        page.cursor = next_cursor(&cursor, &answer, &names, more, arena);
    }
    *ret = page;
    return 0;
}
