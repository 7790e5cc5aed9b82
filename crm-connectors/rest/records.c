/* See records.h. */
#include "crm-connectors/rest/records.h"

#include "base/crypto.h"
#include "crm-connectors/mapping/mapping.h"

struct str crm_records_hash(struct str object, struct arena *arena)
{
    struct str sorted = object;
    struct err ignored;
    (void)json_ordered(object, arena, &sorted, &ignored);
    struct crypto_hash hash = crypto_sha256(sorted);
    return str_slice(crypto_hex(crypto_hash_str(&hash), arena), 0, 32);
}

struct str crm_records_setting(struct str json, const char *name, struct arena *arena)
{
    struct str text = STR_NONE;
    struct err ignored;
    if (str_empty(json) || json_members(json, &name, 1, arena, &text, &ignored) < 0)
        return STR_NONE;
    text = str_trim(text);
    return str_empty(text) ? STR_NONE : text;
}

const struct crm_slots *crm_records_slots(const struct crm_rest *rest, const struct crm_slots *shipped)
{
    const struct crm_mapping *mapping = rest->lent->mapping;
    return mapping && mapping->slots.n ? &mapping->slots : shipped;
}

bool crm_records_company(const struct crm_rest *rest)
{
    return !rest->lent->mapping || rest->lent->mapping->company;
}

/* The part of the object that the slots speak of. */
static int slots_of(const struct crm_vendor *vendor, struct str object, struct arena *arena, struct str *ret_slots,
                    struct err *err)
{
    *ret_slots = vendor->flat ? vendor->flat(object, arena) : object;
    if (!ret_slots->p)
        return err_set(err, ERR_BAD_JSON, "%s", "a record of another shape");
    if (!vendor->nested)
        return 0;
    if (json_member(object, vendor->nested, arena, ret_slots, err) < 0)
        return -1;
    return ret_slots->p ? 0 : err_set(err, ERR_BAD_JSON, "%s is missing", vendor->nested);
}

int crm_records_read(const struct crm_vendor *vendor, const struct crm_rest *rest, struct str object,
                     struct crm_record *ret_record, struct err *err)
{
    struct crm_record record = {.kind = CRM_PERSON};
    struct str members;
    if (slots_of(vendor, object, rest->arena, &members, err) < 0 ||
        crm_slots_read(crm_records_slots(rest, vendor->slots), members, rest->lent->region, rest->arena,
                       &record.contact, err) < 0 ||
        vendor->record(rest, object, &record, err) < 0)
        return -1;
    *ret_record = record;
    return 0;
}

int crm_records_list(const struct crm_vendor *vendor, const struct crm_rest *rest, struct str list,
                     const struct contact *probe, struct crm_result *ret)
{
    struct json_list items = {0};
    struct err broken;
    bool good = json_items(list, rest->arena, &items, &broken) == 0;
    struct crm_record *records = arena_array(rest->arena, items.n + 1, sizeof *records);
    size_t n = 0;
    for (size_t i = 0; good && i < items.n; i++) {
        good = crm_records_read(vendor, rest, ((const struct str *)items.items)[i], &records[n], &broken) == 0;
        bool wanted =
            good && !records[n].deleted && (!probe || crm_shares_value(probe, &records[n].contact, rest->arena));
        n += wanted ? 1 : 0;
    }
    if (good)
        crm_result_records(records, n, rest->arena, ret);
    else
        crm_rest_broken(false, ret);
    return good;
}

void crm_records_join(const struct crm_rest *rest, const struct crm_result *more, struct crm_result *ret)
{
    const struct crm_record *old = ret->records.items, *new = more->records.items;
    struct crm_record *all = arena_array(rest->arena, ret->records.n + more->records.n + 1, sizeof *all);
    size_t n = ret->records.n;
    if (n)
        memcpy(all, old, n * sizeof *all);
    for (size_t i = 0; i < more->records.n; i++) {
        bool known = false;
        for (size_t k = 0; k < n && !known; k++)
            known = str_eq(all[k].remote_id, new[i].remote_id);
        if (!known)
            all[n++] = new[i];
    }
    crm_result_records(all, n, rest->arena, ret);
}

static struct json_list joined(struct json_list a, struct json_list b, struct arena *arena)
{
    if (!b.n)
        return a;
    struct str *all = arena_array(arena, a.n + b.n, sizeof *all);
    if (a.n)
        memcpy(all, a.items, a.n * sizeof *all);
    memcpy(all + a.n, b.items, b.n * sizeof *all);
    return (struct json_list){all, a.n + b.n};
}

void crm_records_leave(const struct crm_rest *rest, struct str value, struct crm_result *ret)
{
    ret->left = joined(ret->left, (struct json_list){&value, 1}, rest->arena);
}

struct str crm_records_member(const char *name, struct str text, struct arena *arena)
{
    struct strbuf member = {.arena = arena};
    strbuf_printf(&member, "\"%s\":", name);
    json_quote(&member, text);
    return strbuf_str(&member);
}

int crm_records_read_companies(const struct crm_rest *rest, struct str list, const char *const members[3],
                               struct json_list *ret_companies, struct crm_result *ret)
{
    struct json_list items = {0};
    struct err broken;
    bool good = json_items(list, rest->arena, &items, &broken) == 0;
    struct crm_company *companies = arena_array(rest->arena, items.n + 1, sizeof *companies);
    size_t n = 0;
    for (size_t i = 0; good && i < items.n; i++) {
        struct str m[3] = {{0}};
        good = json_members(((const struct str *)items.items)[i], members, members[2] ? 3 : 2, rest->arena, m,
                            &broken) == 0 &&
               !str_empty(m[0]);
        if (good && !str_empty(m[1]))
            companies[n++] = (struct crm_company){m[0], m[1], str_empty(m[2]) ? STR_NONE : m[2]};
    }
    if (!good)
        crm_rest_broken(false, ret);
    else
        *ret_companies = (struct json_list){companies, n};
    return good;
}

int crm_records_companies(const struct crm_vendor *vendor, const struct crm_rest *rest, struct str text,
                          struct crm_result *ret, struct err *err)
{
    struct json_list companies = {0};
    if (str_empty(str_trim(text))) {
        crm_result_records(NULL, 0, rest->arena, ret);
        return 0;
    }
    int r = vendor->employer->companies(rest, str_trim(text), false, &companies, ret, err);
    if (r == 1)
        *ret = (struct crm_result){
            .outcome = companies.n ? CRM_FOUND : CRM_NONE, .not_sent = true, .companies = companies};
    return r < 0 ? -1 : 0;
}

int crm_records_make_company(const struct crm_vendor *vendor, const struct crm_rest *rest, struct str marker,
                             struct str name, struct crm_result *ret, struct err *err)
{
    struct crm_company *made = arena_one(rest->arena, struct crm_company);
    struct json_list found = {0};
    int r = vendor->employer->companies(rest, name, true, &found, ret, err);
    if (r == 1 && found.n > 0) {
        *ret =
            (struct crm_result){.outcome = found.n == 1 ? CRM_FOUND : CRM_MANY, .not_sent = true, .companies = found};
        return 0;
    }
    *made = (struct crm_company){.name = name, .place = STR_NONE};
    if (r == 1)
        r = vendor->employer->make(rest, marker, name, &made->id, ret, err);
    if (r == 1)
        *ret = (struct crm_result){.outcome = CRM_CREATED, .companies = {made, 1}};
    return r < 0 ? -1 : 0;
}

/* Id of the company to link; absent: there is none of the name, or several, and ret->company says which. 1, 0, -1. */
static int employer_id(const struct crm_link *link, const struct crm_rest *rest, struct str name, struct str *ret_id,
                       struct crm_result *ret, struct err *err)
{
    struct json_list companies = {0};
    struct crm_result failed = {.outcome = CRM_NONE};
    *ret_id = rest->lent->company;
    if (ret_id->p)
        return 1;
    int r = link->companies(rest, str_trim(name), true, &companies, &failed, err);
    if (r < 0 || (r == 0 && failed.outcome != CRM_REJECTED)) { /* no right to see companies is like having none */
        *ret = failed;
        return r;
    }
    if (companies.n == 1) {
        *ret_id = ((const struct crm_company *)companies.items)->id;
        return 1;
    }
    crm_records_leave(rest, name, ret);
    ret->company = companies.n ? CRM_MANY : CRM_NONE;
    ret->companies = companies;
    return 1;
}

/* Adds the link when the organisation changes; a name without a record goes to ret->left. */
static int link_employer(const struct crm_link *link, const struct crm_rest *rest,
                         const struct crm_slots_change *change, struct strbuf *members, struct crm_result *ret,
                         struct err *err)
{
    struct str id = STR_NONE, was = change->before->organization, wanted = change->after->organization;
    if (!crm_records_company(rest) || str_eq(was, wanted) || (str_empty(was) && str_empty(wanted)))
        return 1;
    int64_t number;
    int r = str_empty(wanted) ? 1 : employer_id(link, rest, wanted, &id, ret, err);
    if (r < 1 || (!str_empty(wanted) && !id.p))
        return r;
    strbuf_printf(members, "%s\"%s\":", members->n ? "," : "", link->member);
    if (id.p && link->number && str_to_int(id, 0, INT64_MAX, &number))
        strbuf_add(members, id);
    else
        json_quote(members,
                   id.p ? str_printf(rest->arena, "%s%.*s%s", link->before, STR_ARG(id), link->after) : STR_NONE);
    return 1;
}

int crm_records_own(const struct crm_rest *rest, crm_marked_fn *marked, struct str marker, struct str *ret_id,
                    struct err *err)
{
    struct crm_result looked;
    int r = marked(rest, marker, ret_id, &looked, err);
    return r < 0 ? -1 : r == 1 && ret_id->p;
}

int crm_records_marked(const struct crm_vendor *vendor, const struct crm_rest *rest, crm_marked_fn *marked,
                       struct str marker, struct crm_result *ret, struct err *err)
{
    struct str id;
    int r = marked(rest, marker, &id, ret, err);
    if (r == 1 && !id.p)
        crm_result_records(NULL, 0, rest->arena, ret);
    if (r < 1 || !id.p)
        return r < 0 ? -1 : 0;
    return crm_records_get(vendor, rest, id, ret, err);
}

/* A record with the object it was read from. */
struct live {
    struct str object;
    struct crm_record record;
};

/* The live record: 1, 0 with a result, -1 with an error. */
static int fetch(const struct crm_vendor *vendor, const struct crm_rest *rest, struct str remote_id,
                 struct live *ret_live, struct crm_result *ret, struct err *err)
{
    struct err broken;
    int r = vendor->fetch(rest, remote_id, &ret_live->object, ret, err);
    if (r < 1)
        return r;
    if (crm_records_read(vendor, rest, ret_live->object, &ret_live->record, &broken) < 0) {
        crm_rest_broken(false, ret);
        return 0;
    }
    if (!ret_live->record.deleted)
        return 1;
    *ret = (struct crm_result){.outcome = CRM_GONE, .not_sent = true};
    return 0;
}

int crm_records_get(const struct crm_vendor *vendor, const struct crm_rest *rest, struct str remote_id,
                    struct crm_result *ret, struct err *err)
{
    struct live live;
    int r = fetch(vendor, rest, remote_id, &live, ret, err);
    if (r == 1)
        crm_result_records(&live.record, 1, rest->arena, ret);
    return r < 0 ? -1 : 0;
}

/* After a write that was confirmed: the record as it is now, or what we know of it when it cannot be read. */
static void settle(const struct crm_vendor *vendor, const struct crm_rest *rest, enum crm_outcome outcome,
                   const struct crm_record *known, struct crm_result *ret)
{
    struct crm_result unread;
    struct err failure;
    struct live live;
    bool seen = fetch(vendor, rest, known->remote_id, &live, &unread, &failure) == 1;
    crm_result_records(seen ? &live.record : known, 1, rest->arena, ret);
    ret->outcome = outcome;
}

/* What new records get besides, by the mapping. */
static void add_constants(const struct crm_rest *rest, struct strbuf *members)
{
    const struct crm_mapping *mapping = rest->lent->mapping;
    if (mapping && mapping->constants.n)
        strbuf_printf(members, "%s%.*s", members->n ? "," : "", STR_ARG(mapping->constants));
}

/* What has to be written: 1 with what is left out, or none of it when a field does not take its value; 0 with a result,
 * -1 with an error. */
static int work_out(const struct crm_vendor *vendor, const struct crm_rest *rest, const struct crm_slots_change *change,
                    struct crm_slots_written *ret_written, struct crm_result *ret, struct err *err)
{
    struct strbuf members = {.arena = rest->arena};
    if (crm_slots_write(crm_records_slots(rest, vendor->slots), change, rest->arena, ret_written, err) < 0)
        return -1;
    if (ret_written->misfit != CRM_FITS) {
        *ret = (struct crm_result){.outcome = CRM_REJECTED, .not_sent = true, .misfit = ret_written->misfit};
        ret->sentence = str_c(ret_written->member);
        return 0;
    }
    strbuf_add(&members, ret_written->members);
    *ret = (struct crm_result){.outcome = CRM_NONE};
    int r = vendor->more ? vendor->more(rest, change, &members, ret, err) : 1;
    if (r == 1 && vendor->employer)
        r = link_employer(vendor->employer, rest, change, &members, ret, err);
    if (str_eq(change->live, STR("{}")))
        add_constants(rest, &members);
    ret_written->members = strbuf_str(&members);
    if (r == 1)
        ret_written->left = joined(ret_written->left, ret->left, rest->arena);
    return r;
}

static const struct contact nobody;

int crm_records_create(const struct crm_vendor *vendor, const struct crm_rest *rest, struct str marker,
                       const struct contact *contact, struct crm_result *ret, struct err *err)
{
    const struct crm_slots_change change = {STR("{}"), &nobody, contact, rest->lent->region};
    struct crm_slots_written written;
    struct str id;
    int r = work_out(vendor, rest, &change, &written, ret, err);
    if (r == 1)
        r = vendor->make(rest, marker, written.members, &id, ret, err);
    if (r == 1) {
        const struct crm_record known = {.remote_id = id, .version = STR(""), .contact = *contact};
        settle(vendor, rest, CRM_CREATED, &known, ret);
        ret->left = written.left;
    }
    return r < 0 ? -1 : 0;
}

/* The live record if it is still what was seen. */
static int fetch_seen(const struct crm_vendor *vendor, const struct crm_rest *rest, const struct crm_update *update,
                      struct live *ret_live, struct crm_result *ret, struct err *err)
{
    int r = fetch(vendor, rest, update->remote_id, ret_live, ret, err);
    if (r < 1 || str_eq(ret_live->record.version, update->version))
        return r;
    crm_result_records(&ret_live->record, 1, rest->arena, ret);
    ret->outcome = CRM_CONFLICT;
    ret->not_sent = true;
    return 0;
}

int crm_records_update(const struct crm_vendor *vendor, const struct crm_rest *rest, const struct crm_update *update,
                       struct crm_result *ret, struct err *err)
{
    struct live live;
    struct crm_slots_written written;
    int r = fetch_seen(vendor, rest, update, &live, ret, err);
    if (r < 1)
        return r;
    struct crm_slots_change change = {live.object, update->before, update->after, rest->lent->region};
    if (slots_of(vendor, live.object, rest->arena, &change.live, err) < 0)
        return -1;
    r = work_out(vendor, rest, &change, &written, ret, err);
    if (r == 1 && written.members.n > 0)
        r = vendor->change(rest, live.object, &live.record, written.members, ret, err);
    if (r == 1) {
        const struct crm_record known = {.remote_id = update->remote_id, .version = STR(""), .contact = *update->after};
        settle(vendor, rest, CRM_UPDATED, &known, ret);
        ret->left = written.left;
    }
    return r < 0 ? -1 : 0;
}

int crm_records_remove(const struct crm_vendor *vendor, const struct crm_rest *rest, const struct crm_update *update,
                       struct crm_result *ret, struct err *err)
{
    struct live live;
    int r = fetch_seen(vendor, rest, update, &live, ret, err);
    if (r == 1)
        r = vendor->erase(rest, live.object, &live.record, ret, err);
    if (r == 1)
        *ret = (struct crm_result){.outcome = CRM_UPDATED};
    return r < 0 ? -1 : 0;
}

int crm_records_merge(const struct crm_vendor *vendor, const struct crm_rest *rest, const struct crm_record *keep,
                      const struct crm_record *give, struct crm_result *ret, struct err *err)
{
    const struct crm_record *both[] = {give, keep};
    struct live live;
    struct str id = keep->remote_id;
    int r = 1;
    for (size_t i = 0; i < ARRAY_LEN(both) && r == 1; i++) {
        const struct crm_update seen = {.remote_id = both[i]->remote_id, .version = both[i]->version};
        r = fetch_seen(vendor, rest, &seen, &live, ret, err);
    }
    if (r == 1)
        r = vendor->merge(rest, keep, give, &id, ret, err);
    if (r == 1) {
        const struct crm_record known = {.remote_id = id, .version = STR(""), .contact = keep->contact};
        settle(vendor, rest, CRM_UPDATED, &known, ret);
    }
    return r < 0 ? -1 : 0;
}

int crm_records_rehearse(const struct crm_vendor *vendor, const struct crm_rest *rest, const struct crm_update *update,
                         struct crm_result *ret, struct err *err)
{
    struct live live = {.object = STR("{}")};
    struct crm_slots_written written;
    struct crm_slots_change change = {STR("{}"), &nobody, update->after, rest->lent->region};
    int r = 1;
    if (update->remote_id.p) {
        r = fetch_seen(vendor, rest, update, &live, ret, err);
        change.before = update->before;
        if (r == 1 && slots_of(vendor, live.object, rest->arena, &change.live, err) < 0)
            return -1;
    }
    if (r == 1)
        r = work_out(vendor, rest, &change, &written, ret, err);
    if (r == 1) {
        *ret = (struct crm_result){.outcome = CRM_UPDATED,
                                   .not_sent = true,
                                   .left = written.left,
                                   .company = ret->company,
                                   .companies = ret->companies};
    }
    return r < 0 ? -1 : 0;
}
