/* See fake_firms.h. Everything but the link is the fake's own doing. */
#include "tests/flow/fake_firms.h"

#include "tests/flow/fake_crm.h"

#include <assert.h>

enum { FIRMS = 16 };
static struct crm_company firms[FIRMS]; /* the tests that use them fork no workers */
static size_t firms_n;
static char employers[FAKE_RECORDS][8];
static char names[FIRMS][64]; /* of those that were made */
static enum fake_making making;
static size_t asked;
static bool unseen[FIRMS];
void (*fake_firms_meanwhile)(void);

static const struct crm_connector *fake(void)
{
    return fake_connectors[1];
}

void fake_firm_add(const char *name, const char *place)
{
    static const char *const ids[FIRMS] = {"c0", "c1", "c2",  "c3",  "c4",  "c5",  "c6",  "c7",
                                           "c8", "c9", "c10", "c11", "c12", "c13", "c14", "c15"};
    assert(firms_n < FIRMS);
    firms[firms_n] = (struct crm_company){str_c(ids[firms_n]), str_c(name), place ? str_c(place) : STR_NONE};
    firms_n++;
}

void fake_firms_make(enum fake_making how)
{
    making = how;
    for (size_t i = 0; how == FAKE_MAKES && i < FIRMS; i++)
        unseen[i] = false;
}

size_t fake_firms_named(const char *name)
{
    size_t n = 0;
    for (size_t i = 0; i < firms_n; i++)
        n += str_eq(firms[i].name, str_c(name));
    return n;
}

size_t fake_firms_asked(void)
{
    return asked;
}

static char *employer(struct str remote_id)
{
    int64_t number;
    bool good = str_to_int(remote_id, 0, FAKE_RECORDS - 1, &number);
    assert(good);
    return employers[number];
}

const char *fake_firm_of(struct str remote_id)
{
    return employer(remote_id);
}

static bool contains(struct str text, struct str part, struct arena *arena)
{
    struct str folded = str_dup(arena, text), wanted = str_dup(arena, part);
    for (size_t i = 0; i < folded.n; i++)
        ((char *)folded.p)[i] |= 0x20;
    for (size_t i = 0; i < wanted.n; i++)
        ((char *)wanted.p)[i] |= 0x20;
    return str_find(folded, wanted, 0) >= 0;
}

static struct json_list firms_of(struct str name, bool exact, struct arena *arena)
{
    struct crm_company *found = arena_array(arena, FIRMS, sizeof *found);
    size_t n = 0;
    for (size_t i = 0; i < firms_n; i++)
        if (!unseen[i] && (exact ? str_eq(firms[i].name, name) : contains(firms[i].name, name, arena)))
            found[n++] = firms[i];
    return (struct json_list){found, n};
}

static int linking_companies(struct crm_lent *lent, struct str text, struct arena *arena, struct crm_result *ret,
                             struct err *err)
{
    (void)lent, (void)err;
    struct json_list found = firms_of(text, false, arena);
    *ret = (struct crm_result){.outcome = found.n ? CRM_FOUND : CRM_NONE, .companies = found};
    return 0;
}

static int linking_make_company(struct crm_lent *lent, struct str marker, struct str name, struct arena *arena,
                                struct crm_result *ret, struct err *err)
{
    (void)lent, (void)marker, (void)err;
    struct json_list found = firms_of(name, true, arena);
    void (*meanwhile)(void) = fake_firms_meanwhile;
    fake_firms_meanwhile = NULL;
    asked++;
    if (meanwhile)
        meanwhile();
    *ret = (struct crm_result){.outcome = found.n == 1 ? CRM_FOUND : CRM_MANY, .not_sent = true, .companies = found};
    if (found.n > 0)
        return 0;
    *ret = (struct crm_result){.outcome = CRM_REJECTED, .not_sent = true, .sentence = STR("Nein.")};
    if (making == FAKE_REFUSES)
        return 0;
    *ret = (struct crm_result){.outcome = CRM_QUOTA, .not_sent = true, .retry_after_ms = 2000};
    if (making == FAKE_WAITS)
        return 0;
    *ret = (struct crm_result){.outcome = CRM_UNCERTAIN};
    if (making == FAKE_LOSES_CALL)
        return 0;
    (void)snprintf(names[firms_n], sizeof names[firms_n], "%.*s", STR_ARG(name));
    unseen[firms_n] = making == FAKE_MAKES_UNSEEN;
    fake_firm_add(names[firms_n], NULL);
    if (making == FAKE_MAKES_TWICE)
        fake_firm_add(names[firms_n - 1], NULL);
    if (making == FAKE_LOSES_ANSWER || making == FAKE_MAKES_TWICE)
        return 0;
    *ret = (struct crm_result){.outcome = CRM_CREATED, .companies = {&firms[firms_n - 1], 1}};
    return 0;
}

/* The company that a write is to link: chosen, or the only one of the name; "" when there is none to link. */
static struct str link_of(const struct crm_lent *lent, const struct contact *after, struct arena *arena,
                          struct crm_result *ret)
{
    struct json_list found = firms_of(after->organization, true, arena);
    const struct crm_company *only = found.items;
    *ret = (struct crm_result){.outcome = CRM_UPDATED, .company = CRM_FOUND, .not_sent = true};
    if (lent->company.p || str_empty(after->organization))
        return lent->company.p ? lent->company : STR("");
    if (found.n == 1)
        return only->id;
    ret->company = found.n ? CRM_MANY : CRM_NONE;
    ret->companies = found;
    return STR("");
}

static int linking_rehearse(struct crm_lent *lent, const struct crm_update *update, struct arena *arena,
                            struct crm_result *ret, struct err *err)
{
    (void)err;
    (void)link_of(lent, update->after, arena, ret);
    return 0;
}

static void keep_link(struct str link, const struct crm_result *result)
{
    if (result->records.n)
        (void)snprintf(employer(((const struct crm_record *)result->records.items)->remote_id), 8, "%.*s",
                       STR_ARG(link));
}

static int linking_create(struct crm_lent *lent, struct str marker, const struct contact *contact, struct arena *arena,
                          struct crm_result *ret, struct err *err)
{
    struct str link = link_of(lent, contact, arena, ret);
    int r = fake()->create(lent, marker, contact, arena, ret, err);
    keep_link(link, ret);
    return r;
}

static int linking_update(struct crm_lent *lent, const struct crm_update *update, struct arena *arena,
                          struct crm_result *ret, struct err *err)
{
    struct str link = link_of(lent, update->after, arena, ret);
    bool moved = !str_eq(update->before->organization, update->after->organization);
    int r = fake()->update(lent, update, arena, ret, err);
    if (moved)
        keep_link(link, ret);
    return r;
}

static int linking_get(struct crm_lent *lent, struct str id, struct arena *arena, struct crm_result *ret,
                       struct err *err)
{
    int r = fake()->get(lent, id, arena, ret, err);
    if (r == 0 && ret->records.n && employer(id)[0])
        ((struct crm_record *)ret->records.items)->company = str_c(employer(id));
    return r;
}

/* The rest is handed on: the table wants constants, and the fake's own entry is another file's. */
static int linking_test(struct crm_lent *lent, struct arena *arena, struct crm_result *ret, struct err *err)
{
    return fake()->test(lent, arena, ret, err);
}

static int linking_find_exact(struct crm_lent *lent, const struct contact *probe, struct arena *arena,
                              struct crm_result *ret, struct err *err)
{
    return fake()->find_exact(lent, probe, arena, ret, err);
}

static int linking_find_marker(struct crm_lent *lent, struct str marker, struct arena *arena, struct crm_result *ret,
                               struct err *err)
{
    return fake()->find_marker(lent, marker, arena, ret, err);
}

static int linking_changes(struct crm_lent *lent, struct str cursor, struct arena *arena, struct crm_page *ret,
                           struct err *err)
{
    return fake()->changes(lent, cursor, arena, ret, err);
}

static const struct crm_map map[] = {{"given_name", "first"},  {"family_name", "last"}, {"job_title", "job"},
                                     {"organization", "firm"}, {"emails", "mail"},      {"phones", "tel"}};
static const struct crm_form_field form[] = {
    {.name = "url", .label = "form.url", .type = "url", .required = true},
    {.name = "password", .label = "form.password", .type = "password", .secret = true, .required = true}};

const struct crm_connector fake_linking = {
    .kind = "linking",
    .name = "Linking",
    .form = {form, ARRAY_LEN(form)},
    .map = {map, ARRAY_LEN(map)},
    .company = "firm",
    .reversal = {[CRM_ACTION_CREATE] = {CRM_REVERSIBLE, NULL}, [CRM_ACTION_UPDATE] = {CRM_REVERSIBLE, NULL}},
    .conditional = true,
    .marker = true,
    .test = linking_test,
    .find_exact = linking_find_exact,
    .companies = linking_companies,
    .make_company = linking_make_company,
    .get = linking_get,
    .rehearse = linking_rehearse,
    .find_marker = linking_find_marker,
    .create = linking_create,
    .update = linking_update,
    .changes = linking_changes,
};
