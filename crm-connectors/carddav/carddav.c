/* CardDAV (RFC 6352): any address book with ETags. The marker becomes UID and file name, so a repeated create meets
 * itself; updates patch the vCard and are conditional on its ETag. Pulling: pull.c. */
#include "crm-connectors/carddav/carddav.h"

#include "base/id.h"
#include "contact/vcard.h"
#include "crm-connectors/carddav/vcard_patch.h"
#include "crm-connectors/fault.h"

enum { SEARCH_MAX = 50 };

static const char vcard_type[] = "text/vcard; charset=utf-8", xml_type[] = "application/xml; charset=utf-8";

/* One item with its vCard as it is now. */
struct item {
    struct str etag, vcard;
    struct crm_record record;
};

static void result_one(struct arena *arena, enum crm_outcome outcome, const struct crm_record *record,
                       struct crm_result *ret)
{
    crm_result_records(record, 1, arena, ret);
    ret->outcome = outcome;
}

static bool good_name(struct str name)
{
    for (size_t i = 0; i < name.n; i++)
        if (strchr("/?#\\", name.p[i]))
            return false;
    bool dots = name.n > 0 && (name.p[0] == '.' || str_starts(name, STR("%2e")) || str_starts(name, STR("%2E")));
    return name.n > 0 && name.n <= 500 && !dots;
}

/* Fetches one item: 1 with the item, 0 with a result (CRM_GONE …), -1 with an error. */
static int fetch(const struct crm_dav *dav, struct str name, struct item *ret_item, struct crm_result *ret,
                 struct err *err)
{
    const struct crm_dav_call call = {.method = "GET", .name = name};
    struct crm_answer answer;
    if (!good_name(name)) {
        *ret = (struct crm_result){.outcome = CRM_GONE, .not_sent = true};
        return 0;
    }
    int sent = crm_dav_send(dav, &call, &answer, ret, err);
    if (sent <= 0)
        return sent;
    if (answer.status != 200) {
        crm_dav_fault(dav, &answer, false, ret);
        return 0;
    }
    struct item item = {.etag = crm_answer_header(&answer, "ETag"), .vcard = answer.body};
    if (!crm_dav_record(dav, name, item.etag, item.vcard, &item.record)) {
        *ret = (struct crm_result){.outcome = CRM_REJECTED, .not_sent = true};
        ret->sentence = STR("The record there is not a valid vCard.");
        return 0;
    }
    *ret_item = item;
    return 1;
}

static int carddav_test(struct crm_lent *lent, struct arena *arena, struct crm_result *ret, struct err *err)
{
    static const char body[] = "<?xml version=\"1.0\" encoding=\"utf-8\"?>"
                               "<propfind xmlns=\"DAV:\"><prop><resourcetype/></prop></propfind>";
    const struct crm_dav_call call = {.method = "PROPFIND", .body = str_c(body), .type = xml_type, .depth = "0"};
    struct crm_dav dav;
    struct crm_dav_answer answer;
    if (crm_dav_open(lent, arena, &dav, err) < 0)
        return -1;
    int asked = crm_dav_ask(&dav, &call, &answer, ret, err);
    if (asked <= 0)
        return asked;
    const struct crm_dav_response *responses = answer.responses.items;
    bool book = answer.responses.n > 0 && responses[0].address_book;
    *ret = (struct crm_result){.outcome = book ? CRM_FOUND : CRM_REJECTED, .not_sent = true};
    if (!book)
        ret->sentence = STR("There is a server at this address, but no address book.");
    return 0;
}

/* Fixed parts of an addressbook-query. */
static const char query_head[] = "<?xml version=\"1.0\" encoding=\"utf-8\"?>"
                                 "<C:addressbook-query xmlns=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:carddav\">"
                                 "<prop><getetag/><C:address-data/></prop><C:filter test=\"anyof\">";

static void add_filter(struct strbuf *body, const char *property, const char *how, struct str text)
{
    strbuf_printf(body, "<C:prop-filter name=\"%s\"><C:text-match collation=\"i;unicode-casemap\" match-type=\"%s\">",
                  property, how);
    crm_xml_text(body, text);
    strbuf_add_c(body, "</C:text-match></C:prop-filter>");
}

/* Asks with the filters in `body`; keeps records for which `keep` says yes (NULL: all). */
struct query {
    struct strbuf body;
    bool (*keep)(const struct query *query, const struct crm_record *record, const struct crm_dav *dav);
    const struct contact *probe;
    bool limited; /* ask for SEARCH_MAX at most */
};

static int run_query(const struct crm_dav *dav, struct query *query, struct crm_result *ret, struct err *err)
{
    struct crm_dav_answer answer;
    strbuf_add_c(&query->body, "</C:filter>");
    if (query->limited)
        strbuf_printf(&query->body, "<C:limit><C:nresults>%d</C:nresults></C:limit>", SEARCH_MAX);
    strbuf_add_c(&query->body, "</C:addressbook-query>");
    const struct crm_dav_call call = {
        .method = "REPORT", .body = strbuf_str(&query->body), .type = xml_type, .depth = "1"};
    int asked = crm_dav_ask(dav, &call, &answer, ret, err);
    if (asked <= 0)
        return asked;
    struct crm_record *records = arena_array(dav->arena, SEARCH_MAX, sizeof *records);
    const struct crm_dav_response *responses = answer.responses.items;
    size_t n = 0;
    for (size_t i = 0; i < answer.responses.n && n < SEARCH_MAX; i++) {
        struct str name = crm_dav_name(responses[i].href);
        bool whole = good_name(name) && responses[i].data.p &&
                     crm_dav_record(dav, name, responses[i].etag, responses[i].data, &records[n]);
        if (whole && (!query->keep || query->keep(query, &records[n], dav)))
            n++;
    }
    crm_result_records(records, n, dav->arena, ret);
    return 0;
}

static bool keep_sharing(const struct query *query, const struct crm_record *record, const struct crm_dav *dav)
{
    return crm_shares_value(query->probe, &record->contact, dav->arena);
}

/* Servers compare phones letter by letter, people write them with blanks: ask for the last four digits in the usual
 * groupings and compare properly here. */
static void add_phone_filters(struct strbuf *body, struct str phone)
{
    char digits[4];
    size_t n = 4;
    for (size_t i = phone.n; i > 0 && n > 0; i--)
        if (phone.p[i - 1] >= '0' && phone.p[i - 1] <= '9')
            digits[--n] = phone.p[i - 1];
    if (n > 0)
        return;
    static const char *const formats[] = {"%c%c%c%c", "%c%c %c%c", "%c%c-%c%c", "%c %c%c%c", "%c-%c%c%c"};
    for (size_t i = 0; i < ARRAY_LEN(formats); i++) {
        struct str end = str_printf(body->arena, formats[i], digits[0], digits[1], digits[2], digits[3]);
        add_filter(body, "TEL", "contains", end);
    }
}

static int carddav_find_exact(struct crm_lent *lent, const struct contact *probe, struct arena *arena,
                              struct crm_result *ret, struct err *err)
{
    struct crm_dav dav;
    struct query query = {.body = {.arena = arena}, .keep = keep_sharing, .probe = probe};
    const struct contact_value *emails = probe->emails.items, *phones = probe->phones.items;
    if (crm_dav_open(lent, arena, &dav, err) < 0)
        return -1;
    if (probe->emails.n + probe->phones.n == 0) {
        crm_result_records(NULL, 0, arena, ret);
        return 0;
    }
    strbuf_add_c(&query.body, query_head);
    for (size_t i = 0; i < probe->emails.n; i++)
        add_filter(&query.body, "EMAIL", "equals", emails[i].value);
    for (size_t i = 0; i < probe->phones.n; i++)
        add_phone_filters(&query.body, phones[i].value);
    return run_query(&dav, &query, ret, err);
}

/* One question by part of a property. */
static int search_property(const struct crm_dav *dav, const char *property, struct str text, struct crm_result *ret,
                           struct err *err)
{
    struct query query = {.body = {.arena = dav->arena}, .limited = true};
    strbuf_add_c(&query.body, query_head);
    add_filter(&query.body, property, "contains", text);
    return run_query(dav, &query, ret, err);
}

static bool has_record(const struct crm_record *records, size_t n, struct str remote_id)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(records[i].remote_id, remote_id))
            return true;
    return false;
}

/* Asks twice, because Radicale fails on ORG: then what the names brought has to do. */
static int carddav_search(struct crm_lent *lent, struct str text, struct arena *arena, struct crm_result *ret,
                          struct err *err)
{
    struct crm_dav dav;
    struct crm_result firms = {0};
    struct err ignored;
    if (crm_dav_open(lent, arena, &dav, err) < 0)
        return -1;
    if (str_empty(str_trim(text))) {
        crm_result_records(NULL, 0, arena, ret);
        return 0;
    }
    if (search_property(&dav, "FN", str_trim(text), ret, err) < 0)
        return -1;
    bool answered = ret->outcome == CRM_FOUND || ret->outcome == CRM_NONE || ret->outcome == CRM_MANY;
    if (!answered || search_property(&dav, "ORG", str_trim(text), &firms, &ignored) < 0)
        return 0;
    struct crm_record *all = arena_array(arena, ret->records.n + firms.records.n + 1, sizeof *all);
    const struct crm_record *more = firms.records.items;
    size_t n = ret->records.n;
    memcpy(all, ret->records.items, n * sizeof *all);
    for (size_t i = 0; i < firms.records.n && n < SEARCH_MAX; i++)
        if (!has_record(all, n, more[i].remote_id))
            all[n++] = more[i];
    crm_result_records(all, n, arena, ret);
    return 0;
}

static int carddav_get(struct crm_lent *lent, struct str remote_id, struct arena *arena, struct crm_result *ret,
                       struct err *err)
{
    struct crm_dav dav;
    struct item item;
    if (crm_dav_open(lent, arena, &dav, err) < 0)
        return -1;
    int fetched = fetch(&dav, remote_id, &item, ret, err);
    if (fetched == 1) {
        item.record.image = crm_vcard_image(item.vcard, arena);
        result_one(arena, CRM_FOUND, &item.record, ret);
    }
    return fetched < 0 ? -1 : 0;
}

static struct str marker_name(struct str marker, struct arena *arena)
{
    return str_printf(arena, "%.*s.vcf", STR_ARG(marker));
}

/* By file name, and by UID for servers that choose the name themselves. */
static int find_by_marker(const struct crm_dav *dav, struct str marker, struct crm_result *ret, struct err *err)
{
    struct item item;
    int fetched = fetch(dav, marker_name(marker, dav->arena), &item, ret, err);
    if (fetched == 1)
        result_one(dav->arena, CRM_FOUND, &item.record, ret);
    if (fetched != 0 || ret->outcome != CRM_GONE)
        return fetched < 0 ? -1 : 0;
    struct query query = {.body = {.arena = dav->arena}};
    strbuf_add_c(&query.body, query_head);
    add_filter(&query.body, "UID", "equals", marker);
    return run_query(dav, &query, ret, err);
}

static int carddav_find_marker(struct crm_lent *lent, struct str marker, struct arena *arena, struct crm_result *ret,
                               struct err *err)
{
    struct crm_dav dav;
    return crm_dav_open(lent, arena, &dav, err) < 0 ? -1 : find_by_marker(&dav, marker, ret, err);
}

/* After a write that succeeded: the record as it is now; when it cannot be fetched, as it was sent. */
static int written(const struct crm_dav *dav, struct str name, const struct contact *sent,
                   const struct crm_answer *answer, struct crm_result *ret)
{
    struct item item;
    struct err ignored;
    enum crm_outcome outcome = ret->outcome;
    if (fetch(dav, name, &item, ret, &ignored) != 1) {
        struct str etag = crm_answer_header(answer, "ETag");
        item.record = (struct crm_record){.remote_id = name, .version = etag.p ? etag : STR(""), .contact = *sent};
    }
    result_one(dav->arena, outcome, &item.record, ret);
    return 0;
}

static int carddav_create(struct crm_lent *lent, struct str marker, const struct contact *contact, struct arena *arena,
                          struct crm_result *ret, struct err *err)
{
    struct crm_dav dav;
    struct crm_answer answer;
    struct id checked;
    const struct contact_vcard_extra extra = {.uid = marker};
    if (crm_dav_open(lent, arena, &dav, err) < 0)
        return -1;
    if (!id_parse(marker, &checked))
        return err_field(err, ERR_INVALID, "/marker", "the marker");
    const struct crm_dav_call call = {.method = "PUT",
                                      .name = marker_name(marker, arena),
                                      .body = contact_vcard3(contact, &extra, arena),
                                      .type = vcard_type,
                                      .if_none_match = true,
                                      .changes = true};
    int sent = crm_dav_send(&dav, &call, &answer, ret, err);
    if (sent <= 0)
        return sent;
    if (answer.status / 100 == 2) {
        ret->outcome = CRM_CREATED;
        return written(&dav, call.name, contact, &answer, ret);
    }
    crm_dav_fault(&dav, &answer, true, ret);
    if (answer.status != 412 && answer.status != 409)
        return 0;
    /* The name or the UID is taken: it was ourselves, earlier; otherwise the refusal stands. */
    struct crm_result refusal = *ret;
    if (find_by_marker(&dav, marker, ret, err) < 0)
        return -1;
    if (ret->outcome == CRM_FOUND)
        ret->outcome = CRM_CREATED;
    else if (ret->outcome == CRM_NONE)
        *ret = refusal;
    return 0;
}

/* Fetches the item and holds it against the version seen: 1 when it is still that one. */
static int fetch_seen(const struct crm_dav *dav, const struct crm_update *update, struct item *ret_item,
                      struct crm_result *ret, struct err *err)
{
    int fetched = fetch(dav, update->remote_id, ret_item, ret, err);
    if (fetched != 1 || (ret_item->etag.p && str_eq(ret_item->etag, update->version)))
        return fetched;
    *ret = (struct crm_result){.outcome = CRM_CONFLICT, .not_sent = true};
    return 0;
}

/* A refused condition: someone changed the record, or deleted it. */
static int condition_failed(const struct crm_dav *dav, struct str name, struct crm_result *ret, struct err *err)
{
    struct item item;
    int fetched = fetch(dav, name, &item, ret, err);
    if (fetched == 1 || ret->outcome != CRM_GONE)
        *ret = (struct crm_result){.outcome = CRM_CONFLICT, .not_sent = true};
    return fetched < 0 ? -1 : 0;
}

static int put_update(const struct crm_dav *dav, const struct crm_update *update, const struct item *seen,
                      struct str vcard, struct crm_result *ret)
{
    const struct crm_dav_call call = {.method = "PUT",
                                      .name = update->remote_id,
                                      .body = vcard,
                                      .type = vcard_type,
                                      .if_match = seen->etag,
                                      .changes = true};
    struct crm_answer answer;
    struct err err;
    int sent = crm_dav_send(dav, &call, &answer, ret, &err);
    if (sent == 0)
        return 0;
    if (sent < 0) { /* an ETag with a line break: nothing went out */
        *ret = (struct crm_result){.outcome = CRM_CONFLICT, .not_sent = true};
        return 0;
    }
    if (answer.status / 100 == 2) {
        ret->outcome = CRM_UPDATED;
        return written(dav, update->remote_id, update->after, &answer, ret);
    }
    crm_dav_fault(dav, &answer, true, ret);
    return answer.status == 412 ? condition_failed(dav, update->remote_id, ret, &err) : 0;
}

static int carddav_update(struct crm_lent *lent, const struct crm_update *update, struct arena *arena,
                          struct crm_result *ret, struct err *err)
{
    struct crm_dav dav;
    struct item seen;
    struct str vcard;
    struct err why;
    if (crm_dav_open(lent, arena, &dav, err) < 0)
        return -1;
    int fetched = fetch_seen(&dav, update, &seen, ret, err);
    if (fetched <= 0)
        return fetched;
    const struct crm_vcard_patch patch = {
        .vcard = seen.vcard,
        .changes = update->image.p ? crm_changes_back(&crm_carddav.map, update->before, update->after, arena)
                                   : crm_changes(&crm_carddav.map, update->before, update->after, arena),
        .after = update->after,
        .region = lent->region,
        .image = update->image,
    };
    if (patch.changes.n == 0) {
        result_one(arena, CRM_UPDATED, &seen.record, ret);
        return 0;
    }
    if (crm_vcard_apply(&patch, arena, &vcard, &why) == 0)
        return put_update(&dav, update, &seen, vcard, ret);
    *ret = (struct crm_result){.outcome = why.code == ERR_STALE ? CRM_CONFLICT : CRM_REJECTED, .not_sent = true};
    if (why.code != ERR_STALE)
        ret->sentence = str_dup(arena, str_c(why.param));
    return 0;
}

static int carddav_remove(struct crm_lent *lent, const struct crm_update *update, struct arena *arena,
                          struct crm_result *ret, struct err *err)
{
    struct crm_dav dav;
    struct item seen;
    struct crm_answer answer;
    if (crm_dav_open(lent, arena, &dav, err) < 0)
        return -1;
    int fetched = fetch_seen(&dav, update, &seen, ret, err);
    if (fetched <= 0)
        return fetched;
    const struct crm_dav_call call = {
        .method = "DELETE", .name = update->remote_id, .if_match = seen.etag, .changes = true};
    int sent = crm_dav_send(&dav, &call, &answer, ret, err);
    if (sent <= 0)
        return sent;
    if (answer.status / 100 == 2) {
        *ret = (struct crm_result){.outcome = CRM_UPDATED};
        return 0;
    }
    crm_dav_fault(&dav, &answer, true, ret);
    return answer.status == 412 ? condition_failed(&dav, update->remote_id, ret, err) : 0;
}

static const struct crm_form_field form[] = {
    {.name = "url", .label = "connector.carddav.url", .type = "url", .required = true},
    {.name = "user", .label = "connector.user", .type = "text", .required = true},
    {.name = "password", .label = "connector.password", .type = "password", .secret = true, .required = true},
};

static const struct crm_map map[] = {
    {"name_prefix", "N"},   {"given_name", "N"},   {"family_name", "N"},    {"name_suffix", "N"},
    {"job_title", "TITLE"}, {"department", "ORG"}, {"organization", "ORG"}, {"emails", "EMAIL"},
    {"phones", "TEL"},      {"urls", "URL"},       {"addresses", "ADR"},
};

const struct crm_connector crm_carddav = {
    .kind = "carddav",
    .api = "{url}",
    .name = "CardDAV",
    .form = {form, ARRAY_LEN(form)},
    .map = {map, ARRAY_LEN(map)},
    .reversal = {[CRM_ACTION_CREATE] = {CRM_REVERSIBLE, "reversal.create.deleted"},
                 [CRM_ACTION_UPDATE] = {CRM_REVERSIBLE, "reversal.update.restored"},
                 [CRM_ACTION_MERGE] = {CRM_NOT, "reversal.merge.none"}},
    .conditional = true,
    .exact = true,
    .marker = true,
    .test = carddav_test,
    .find_exact = carddav_find_exact,
    .search = carddav_search,
    .get = carddav_get,
    .find_marker = carddav_find_marker,
    .create = carddav_create,
    .update = carddav_update,
    .remove = carddav_remove,
    .changes = crm_carddav_changes,
};
