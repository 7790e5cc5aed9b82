/* See fake_crm.h. */
#include "tests/flow/fake_crm.h"

#include "crm-connectors/address_book.h"
#include "crm-connectors/mapping/shipped.h"
#include "tests/flow/fake_firms.h"

#include <signal.h>
#include <sys/mman.h>

struct fake_crm *fake_crm;

void fake_crm_open(void)
{
    fake_crm = mmap(NULL, sizeof *fake_crm, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (fake_crm == MAP_FAILED)
        abort();
}

void fake_crm_close(void)
{
    (void)munmap(fake_crm, sizeof *fake_crm);
}

/* Content in one spelling: sorted keys. */
static struct str content_of(const struct contact *contact, struct arena *arena)
{
    struct err err;
    struct str text;
    if (json_canonical(json_write(&contact_shape, contact, arena), arena, &text, &err) < 0 || text.n >= FAKE_TEXT)
        abort();
    return text;
}

static void ledger_add(const char *kind, const char *content)
{
    if (fake_crm->entries == FAKE_LEDGER)
        abort();
    (void)snprintf(fake_crm->ledger[fake_crm->entries++], sizeof fake_crm->ledger[0], "%s|%s", kind, content);
}

static struct fake_record *record_find(struct str id)
{
    int64_t n;
    if (!str_to_int(id, 0, FAKE_RECORDS - 1, &n) || !fake_crm->records[n].used)
        return NULL;
    return &fake_crm->records[n];
}

static int record_put(const struct contact *contact, const char *marker, struct arena *arena)
{
    for (int i = 0; i < FAKE_RECORDS; i++) {
        struct fake_record *record = &fake_crm->records[i];
        if (record->used)
            continue;
        *record = (struct fake_record){.used = true, .version = 1};
        (void)snprintf(record->marker, sizeof record->marker, "%s", marker);
        (void)snprintf(record->contact, sizeof record->contact, "%s", content_of(contact, arena).p);
        return i;
    }
    abort();
}

static struct crm_record record_view(int i, struct arena *arena)
{
    struct crm_record record = {.remote_id = str_printf(arena, "%d", i),
                                .version = str_printf(arena, "e%d", fake_crm->records[i].version),
                                .kind = CRM_PERSON,
                                .deleted = fake_crm->records[i].deleted};
    struct err err;
    if (!record.deleted &&
        json_read(&contact_shape, str_c(fake_crm->records[i].contact), arena, &record.contact, &err) < 0)
        abort();
    if (fake_crm->owner[0])
        record.custody =
            contact_custody_of(str_c(fake_crm->owner), STR("2026-10-12T08:00:00Z"), STR("J. Weber"), arena);
    return record;
}

static void result_one(int i, enum crm_outcome outcome, struct arena *arena, struct crm_result *ret)
{
    struct crm_record *record = arena_one(arena, struct crm_record);
    *record = record_view(i, arena);
    *ret = (struct crm_result){.outcome = outcome, .records = {record, 1}};
}

struct str fake_crm_add(const struct contact *contact, struct arena *arena)
{
    return str_printf(arena, "%d", record_put(contact, "", arena));
}

void fake_crm_touch(struct str remote_id, const struct contact *contact, struct arena *arena)
{
    struct fake_record *record = record_find(remote_id);
    (void)snprintf(record->contact, sizeof record->contact, "%s", content_of(contact, arena).p);
    record->version++;
}

int fake_crm_count(const char *kind, const struct contact *content, struct arena *arena)
{
    struct str wanted = content_of(content, arena);
    int n = 0;
    for (int i = 0; i < fake_crm->entries; i++) {
        struct str entry = str_c(fake_crm->ledger[i]);
        ptrdiff_t bar = str_find(entry, STR("|"), 0);
        n += str_starts(entry, str_c(kind)) && str_eq(str_slice(entry, (size_t)bar + 1, entry.n), wanted);
    }
    return n;
}

int fake_crm_living(const struct contact *content, struct arena *arena)
{
    struct str wanted = content_of(content, arena);
    int n = 0;
    for (int i = 0; i < FAKE_RECORDS; i++)
        n += fake_crm->records[i].used && !fake_crm->records[i].deleted &&
             str_eq(str_c(fake_crm->records[i].contact), wanted);
    return n;
}

/* ---- Faults ---- */

static void die(void)
{
    (void)kill(getpid(), SIGKILL);
}

static enum fake_fault fault_take(void)
{
    enum fake_fault fault = fake_crm->fault;
    if (fault == FAKE_KILL_LOOKING)
        return FAKE_FINE;
    fake_crm->fault = FAKE_FINE;
    fake_crm->writes_seen++;
    return fault == FAKE_FINE ? fake_crm->mood : fault;
}

static void look(void)
{
    fake_crm->looks++;
    if (fake_crm->fault == FAKE_KILL_LOOKING) {
        fake_crm->fault = FAKE_FINE;
        die();
    }
}

/* True when the call ends here, before it has any effect. */
static bool fault_before(enum fake_fault fault, struct crm_result *ret)
{
    static const enum crm_outcome outcomes[] = {[FAKE_LOST_BEFORE] = CRM_UNCERTAIN,
                                                [FAKE_DOWN] = CRM_DOWN,
                                                [FAKE_QUOTA] = CRM_QUOTA,
                                                [FAKE_REAUTHORISE] = CRM_REAUTHORISE,
                                                [FAKE_REFUSED] = CRM_REJECTED};
    if (fault == FAKE_KILL_BEFORE)
        die();
    if (fault < FAKE_LOST_BEFORE || fault > FAKE_REFUSED)
        return false;
    *ret = (struct crm_result){.outcome = outcomes[fault],
                               .not_sent = fault == FAKE_DOWN,
                               .retry_after_ms = fault == FAKE_QUOTA ? 5000 : 0,
                               .sentence = fault == FAKE_REFUSED ? STR("e-mail anna@x.example is blocked") : STR_NONE};
    return true;
}

static void fault_after(enum fake_fault fault, struct crm_result *ret)
{
    if (fault == FAKE_KILL_AFTER)
        die();
    if (fault == FAKE_LOST_AFTER)
        *ret = (struct crm_result){.outcome = CRM_UNCERTAIN};
}

/* ---- The connector ---- */

static int fake_test(struct crm_lent *lent, struct arena *arena, struct crm_result *ret, struct err *err)
{
    (void)arena, (void)err;
    bool good = str_find(lent->secret, STR("good"), 0) >= 0;
    *ret = (struct crm_result){.outcome = good ? CRM_FOUND : CRM_REAUTHORISE};
    return 0;
}

static int fake_get(struct crm_lent *lent, struct str id, struct arena *arena, struct crm_result *ret, struct err *err)
{
    (void)lent, (void)err;
    const struct fake_record *record = record_find(id);
    look();
    *ret = (struct crm_result){.outcome = CRM_GONE};
    if (record && !record->deleted)
        result_one((int)(record - fake_crm->records), CRM_FOUND, arena, ret);
    return 0;
}

static int fake_find_marker(struct crm_lent *lent, struct str marker, struct arena *arena, struct crm_result *ret,
                            struct err *err)
{
    (void)lent, (void)err;
    look();
    *ret = (struct crm_result){.outcome = CRM_NONE};
    for (int i = 0; i < FAKE_RECORDS; i++)
        if (fake_crm->records[i].used && str_eq(str_c(fake_crm->records[i].marker), marker))
            result_one(i, CRM_FOUND, arena, ret);
    return 0;
}

static int forget_marker(struct crm_lent *lent, struct str marker, struct arena *arena, struct crm_result *ret,
                         struct err *err)
{
    (void)lent, (void)marker, (void)arena, (void)err;
    look();
    *ret = (struct crm_result){.outcome = CRM_NONE};
    return 0;
}

static int fake_find_exact(struct crm_lent *lent, const struct contact *probe, struct arena *arena,
                           struct crm_result *ret, struct err *err)
{
    (void)lent, (void)err;
    struct crm_record *found = arena_array(arena, FAKE_RECORDS, sizeof *found);
    const struct contact_value *wanted = probe->emails.items;
    size_t n = 0;
    for (int i = 0; i < FAKE_RECORDS; i++) {
        if (!fake_crm->records[i].used || fake_crm->records[i].deleted)
            continue;
        struct crm_record record = record_view(i, arena);
        const struct contact_value *has = record.contact.emails.items;
        if (probe->emails.n && record.contact.emails.n && str_eq(has[0].value, wanted[0].value))
            found[n++] = record;
    }
    *ret = (struct crm_result){.outcome = n ? CRM_MANY : CRM_NONE, .records = {found, n}};
    return 0;
}

static int fake_search(struct crm_lent *lent, struct str text, struct arena *arena, struct crm_result *ret,
                       struct err *err)
{
    (void)lent, (void)text, (void)arena, (void)err;
    *ret = (struct crm_result){.outcome = CRM_NONE};
    return 0;
}

/* Makes a record every time it is asked: no key of ours protects it. */
static int fake_create(struct crm_lent *lent, struct str marker, const struct contact *contact, struct arena *arena,
                       struct crm_result *ret, struct err *err)
{
    (void)err;
    if (str_find(lent->settings, STR(FAKE_HOLE), 0) >= 0) {
        (void)usleep((useconds_t)fake_crm->hole_ms * 1000);
        *ret = (struct crm_result){.outcome = CRM_DOWN, .not_sent = true};
        return 0;
    }
    enum fake_fault fault = fault_take();
    if (fault_before(fault, ret))
        return 0;
    ledger_add("create", content_of(contact, arena).p);
    result_one(record_put(contact, str_z(arena, marker), arena), CRM_CREATED, arena, ret);
    fault_after(fault, ret);
    return 0;
}

static struct fake_record *record_seen(const struct crm_update *update, struct arena *arena, struct crm_result *ret)
{
    struct fake_record *record = record_find(update->remote_id);
    *ret = (struct crm_result){.outcome = CRM_GONE};
    if (!record || record->deleted)
        return NULL;
    *ret = (struct crm_result){.outcome = CRM_CONFLICT};
    return str_eq(str_printf(arena, "e%d", record->version), update->version) ? record : NULL;
}

static int fake_update(struct crm_lent *lent, const struct crm_update *update, struct arena *arena,
                       struct crm_result *ret, struct err *err)
{
    (void)lent, (void)err;
    enum fake_fault fault = fault_take();
    if (fault_before(fault, ret))
        return 0;
    struct fake_record *record = record_seen(update, arena, ret);
    if (!record)
        return 0;
    ledger_add("update", content_of(update->after, arena).p);
    (void)snprintf(record->contact, sizeof record->contact, "%s", content_of(update->after, arena).p);
    record->version++;
    result_one((int)(record - fake_crm->records), CRM_UPDATED, arena, ret);
    fault_after(fault, ret);
    return 0;
}

static int fake_remove(struct crm_lent *lent, const struct crm_update *update, struct arena *arena,
                       struct crm_result *ret, struct err *err)
{
    (void)lent, (void)err;
    enum fake_fault fault = fault_take();
    if (fault_before(fault, ret))
        return 0;
    struct fake_record *record = record_seen(update, arena, ret);
    if (!record)
        return 0;
    ledger_add("delete", record->contact);
    record->deleted = true;
    *ret = (struct crm_result){.outcome = CRM_UPDATED};
    fault_after(fault, ret);
    return 0;
}

static int fake_merge(struct crm_lent *lent, const struct crm_record *keep, const struct crm_record *give,
                      struct arena *arena, struct crm_result *ret, struct err *err)
{
    (void)lent, (void)err;
    enum fake_fault fault = fault_take();
    if (fault_before(fault, ret))
        return 0;
    const struct crm_update seen[] = {{.remote_id = keep->remote_id, .version = keep->version},
                                      {.remote_id = give->remote_id, .version = give->version}};
    struct fake_record *stays = record_seen(&seen[0], arena, ret);
    struct fake_record *goes = stays ? record_seen(&seen[1], arena, ret) : NULL;
    if (!goes)
        return 0;
    ledger_add("merge", goes->contact);
    goes->deleted = true;
    stays->version++;
    result_one((int)(stays - fake_crm->records), CRM_UPDATED, arena, ret);
    fault_after(fault, ret);
    return 0;
}

/* Three records a page; a full run every time. */
static int fake_changes(struct crm_lent *lent, struct str cursor, struct arena *arena, struct crm_page *ret,
                        struct err *err)
{
    (void)lent, (void)err;
    enum { PAGE = 3 };
    struct crm_record *found = arena_array(arena, PAGE, sizeof *found);
    int64_t at = 0;
    size_t n = 0;
    (void)str_to_int(cursor, 0, FAKE_RECORDS, &at);
    look();
    for (; at < FAKE_RECORDS && n < PAGE; at++)
        if (fake_crm->records[at].used && !fake_crm->records[at].deleted)
            found[n++] = record_view((int)at, arena);
    *ret = (struct crm_page){.result = {.outcome = CRM_FOUND, .records = {found, n}},
                             .cursor = at < FAKE_RECORDS ? str_printf(arena, "%lld", (long long)at) : STR_NONE,
                             .more = at < FAKE_RECORDS,
                             .full = true};
    return 0;
}

static int fake_fields(struct crm_lent *lent, struct arena *arena, struct crm_result *ret, struct json_list *ret_fields,
                       struct err *err);

/* No place for departments. */
static const struct crm_map map[] = {{"name_prefix", "title"}, {"given_name", "first"},  {"family_name", "last"},
                                     {"job_title", "job"},     {"organization", "firm"}, {"emails", "mail"},
                                     {"phones", "tel"},        {"addresses", "where"}};
static const struct crm_form_field form[] = {
    {.name = "url", .label = "form.url", .type = "url", .required = true},
    {.name = "password", .label = "form.password", .type = "password", .secret = true, .required = true}};

#define FAKE(kind_, marker_, find_marker_)                                                                             \
    {                                                                                                                  \
        .kind = kind_, .name = "Fake", .form = {form, ARRAY_LEN(form)}, .map = {map, ARRAY_LEN(map)},                  \
        .reversal = {[CRM_ACTION_CREATE] = {CRM_REVERSIBLE, NULL},                                                     \
                     [CRM_ACTION_UPDATE] = {CRM_REVERSIBLE, NULL},                                                     \
                     [CRM_ACTION_MERGE] = {CRM_NOT, NULL}},                                                            \
        .conditional = true, .marker = marker_, .test = fake_test, .find_exact = fake_find_exact,                      \
        .search = fake_search, .get = fake_get, .find_marker = find_marker_, .create = fake_create,                    \
        .update = fake_update, .remove = fake_remove, .changes = fake_changes, .fields = fake_fields,                  \
        .merge = fake_merge                                                                                            \
    }
static const struct crm_connector fake = FAKE("fake", true, fake_find_marker);
static const struct crm_connector forgetful = FAKE("forgetful", false, forget_marker);

static int fake_fields(struct crm_lent *lent, struct arena *arena, struct crm_result *ret, struct json_list *ret_fields,
                       struct err *err)
{
    (void)lent, (void)err;
    struct json_list all = crm_fields_shipped(&fake, arena);
    struct crm_field *fields = all.items;
    size_t n = 0;
    for (size_t i = 0; i < all.n; i++) {
        fields[i].length = fake_crm->length;
        if (!str_eq(fields[i].name, str_c(fake_crm->gone)))
            fields[n++] = fields[i];
    }
    *ret_fields = (struct json_list){fields, n};
    *ret = (struct crm_result){.outcome = CRM_FOUND, .not_sent = true};
    return 0;
}

const struct crm_connector *const fake_connectors[] = {&crm_address_book, &fake, &forgetful, &fake_linking, NULL};
