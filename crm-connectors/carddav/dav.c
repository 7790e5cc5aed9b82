/* Requests to a CardDAV address book and what their answers mean; see dav.h. */
#include "crm-connectors/carddav/dav.h"

#include "contact/vcard.h"
#include "crm-connectors/carddav/vcard_lines.h"
#include "crm-connectors/fault.h"

static struct str member(struct str json, const char *name, struct arena *arena)
{
    struct err err;
    struct str value = STR_NONE;
    if (str_empty(json) || json_member(json, name, arena, &value, &err) < 0 || !value.p)
        return STR_NONE;
    return json_unquote(value, arena);
}

int crm_dav_open(struct crm_lent *lent, struct arena *arena, struct crm_dav *ret_dav, struct err *err)
{
    struct crm_dav dav = {.lent = lent, .arena = arena};
    dav.url = member(lent->settings, "url", arena);
    dav.user = member(lent->settings, "user", arena);
    dav.password = member(lent->secret, "password", arena);
    if (str_empty(dav.url) || str_find(dav.url, STR("?"), 0) >= 0)
        return err_field(err, ERR_INVALID, "/settings/url", "the address of the address book");
    if (str_empty(dav.user) || str_find(dav.user, STR(":"), 0) >= 0)
        return err_field(err, ERR_INVALID, "/settings/user", "the user name");
    if (!dav.password.p)
        return err_field(err, ERR_INVALID, "/secret/password", "the password");
    if (!str_ends(dav.url, STR("/")))
        dav.url = str_printf(arena, "%.*s/", STR_ARG(dav.url));
    *ret_dav = dav;
    return 0;
}

static struct json_list call_headers(const struct crm_dav *dav, const struct crm_dav_call *call)
{
    struct crm_header *headers = arena_array(dav->arena, 4, sizeof *headers);
    size_t n = 0;
    if (call->type)
        headers[n++] = (struct crm_header){STR("Content-Type"), str_c(call->type)};
    if (call->depth)
        headers[n++] = (struct crm_header){STR("Depth"), str_c(call->depth)};
    if (call->if_match.p)
        headers[n++] = (struct crm_header){STR("If-Match"), call->if_match};
    if (call->if_none_match)
        headers[n++] = (struct crm_header){STR("If-None-Match"), STR("*")};
    return (struct json_list){headers, n};
}

static int send_call(const struct crm_dav *dav, const struct crm_dav_call *call, struct crm_answer *ret_answer,
                     struct err *failure)
{
    const struct crm_request request = {
        .method = call->method,
        .url = str_printf(dav->arena, "%.*s%.*s", STR_ARG(dav->url), STR_ARG(call->name)),
        .headers = call_headers(dav, call),
        .user = dav->user,
        .password = dav->password,
        .body = call->body,
        .changes = call->changes,
    };
    return crm_http_send(dav->lent->http, &request, dav->arena, ret_answer, failure);
}

int crm_dav_send(const struct crm_dav *dav, const struct crm_dav_call *call, struct crm_answer *ret_answer,
                 struct crm_result *ret_result, struct err *err)
{
    struct err failure = {0};
    if (send_call(dav, call, ret_answer, &failure) == 0)
        return 1;
    return crm_fault_transport(&failure, call->changes, ret_result, err);
}

void crm_dav_fault(const struct crm_dav *dav, const struct crm_answer *answer, bool changes,
                   struct crm_result *ret_result)
{
    struct crm_dav_answer error;
    struct err err;
    struct str type = str_lower(dav->arena, crm_answer_header(answer, "Content-Type"));
    crm_fault_status(answer, changes, dav->lent->now_ms, ret_result);
    if (answer->status == 409 && ret_result->outcome == CRM_CONFLICT)
        ret_result->outcome = CRM_REJECTED; /* RFC 4918: the collection is missing, or its rules say no */
    if (str_starts(type, STR("text/plain")))
        ret_result->sentence = crm_fault_sentence(answer->body, dav->arena);
    else if (str_find(type, STR("xml"), 0) >= 0 && crm_dav_read(answer->body, dav->arena, &error, &err) == 0)
        ret_result->sentence = crm_fault_sentence(error.condition, dav->arena);
    if (!ret_result->sentence.p)
        ret_result->sentence = str_printf(dav->arena, "HTTP %d", answer->status);
}

int crm_dav_ask(const struct crm_dav *dav, const struct crm_dav_call *call, struct crm_dav_answer *ret_answer,
                struct crm_result *ret_result, struct err *err)
{
    struct crm_answer answer;
    struct err broken, failure = {0};
    *ret_answer = (struct crm_dav_answer){0};
    if (send_call(dav, call, &answer, &failure) < 0) {
        ret_answer->too_large = failure.code == ERR_TOO_LARGE;
        return crm_fault_transport(&failure, call->changes, ret_result, err);
    }
    if (answer.status == 207 && crm_dav_read(answer.body, dav->arena, ret_answer, &broken) == 0)
        return 1;
    crm_dav_fault(dav, &answer, call->changes, ret_result);
    if (answer.status / 100 == 2 || ret_result->outcome == CRM_GONE) { /* something else lives there, or nothing */
        ret_result->outcome = CRM_REJECTED;
        ret_result->sentence = STR("The address does not lead to a CardDAV address book.");
    } else if (answer.status / 100 == 4 && crm_dav_read(answer.body, dav->arena, ret_answer, &broken) < 0) {
        *ret_answer = (struct crm_dav_answer){0};
    }
    return 0;
}

struct str crm_dav_name(struct str href)
{
    size_t from = href.n;
    while (from > 0 && href.p[from - 1] != '/')
        from--;
    return from < href.n ? str_slice(href, from, href.n) : STR_NONE;
}

static enum crm_kind kind_of(const struct contact *contact, const struct contact_vcard_extra *extra)
{
    const struct str *lines = extra->rest.items;
    for (size_t i = 0; i < extra->rest.n; i++)
        if (str_eq_nocase(lines[i], STR("KIND:org")) || str_eq_nocase(lines[i], STR("X-ABShowAs:COMPANY")))
            return CRM_COMPANY;
    bool named = contact->given_name.p || contact->family_name.p;
    return !named && contact->organization.p ? CRM_COMPANY : CRM_PERSON;
}

/* REV of the lines that the contact has no place for, also in its short form: 20261201T100000Z. */
static struct str revised(const struct json_list *lines, struct arena *arena)
{
    for (size_t i = 0; i < lines->n; i++) {
        const struct crm_vcard_line line = crm_vcard_line(((const struct str *)lines->items)[i], arena);
        struct str v = str_trim(line.value);
        if (!str_eq_nocase(line.name, STR("REV")))
            continue;
        if (v.n < 15 || v.p[8] != 'T')
            return v;
        return str_printf(arena, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2s%.*s", v.p, v.p + 4, v.p + 6, v.p + 9, v.p + 11,
                          v.p + 13, STR_ARG(v.n > 15 ? str_slice(v, 15, v.n) : STR("Z")));
    }
    return STR_NONE;
}

bool crm_dav_record(const struct crm_dav *dav, struct str name, struct str etag, struct str vcard,
                    struct crm_record *ret_record)
{
    struct contact_vcard_extra extra;
    struct err err;
    struct crm_record record = {.remote_id = name, .version = etag};
    if (contact_vcard_read(vcard, dav->lent->region, dav->arena, &record.contact, &extra, &err) < 0)
        return false;
    record.kind = kind_of(&record.contact, &extra);
    record.custody = contact_custody_of(STR_NONE, revised(&extra.rest, dav->arena), STR_NONE, dav->arena);
    *ret_record = record;
    return true;
}
