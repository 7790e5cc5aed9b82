/* See world.h. */
#include "tests/flow/world.h"

#include "base/limits.h"

#include <sys/wait.h>

void world_must(const struct world *world, int result, const char *call)
{
    if (result == 0)
        return;
    (void)fprintf(stderr, "%s\n  %s %s %s %s\n", call, err_slug(world->err.code), world->err.param, world->err.pointer,
                  world->err.detail);
    fail();
}

static const char *must_env(const char *name)
{
    const char *value = getenv(name);
    if (!value) {
        (void)fprintf(stderr, "%s is not set: run by tests/db/run_store.py\n", name);
        exit(1);
    }
    return value;
}

static int read_card(void *self, int fd, int deadline_ms, struct arena *arena, struct str *ret_json, struct err *err)
{
    struct world *world = self;
    (void)fd, (void)deadline_ms;
    world->readings++;
    if (world->reader_dies)
        return err_set(err, world->reader_dies, "signal 9");
    *ret_json = str_dup(arena, world->reading);
    return 0;
}

static int open_store(struct world *world, struct err *err)
{
    const char *dir = must_env("KARTEI_TEST_DIR");
    struct store_settings settings = {.conninfo = must_env("KARTEI_TEST_DB"),
                                      .master_key = str_printf(world->arena, "%s/master.key", dir).p,
                                      .blob_dir = str_printf(world->arena, "%s/blobs", dir).p,
                                      .keep_dir = str_printf(world->arena, "%s/erasures", dir).p,
                                      .connections = 8};
    if (store_open(&settings, &world->store, err) < 0)
        return -1;
    world->flow = (struct flow){
        .store = world->store, .reader = {world, read_card}, .connectors = fake_connectors, .default_region = "DE"};
    return 0;
}

static struct flow_actor add_user(struct world *world, struct id org, const char *name, int role)
{
    struct flow_actor system = {.org = org, .role = FLOW_SYSTEM, .any = true, .language = "en", .request = "test"};
    struct flow_user_new input = {
        .email = str_printf(world->arena, "%s-%s@example.com", name, org.s), .name = str_c(name), .role = role};
    struct flow_user user;
    MUST(world, flow_user_create(&world->flow, &system, &input, world->arena, &user, &world->err));
    return (struct flow_actor){.org = org,
                               .user = world_id(user.id),
                               .role = flow_role_words[role],
                               .any = role == FLOW_ROLE_ADMIN,
                               .language = "en",
                               .request = "test"};
}

static struct id connect_fake(struct world *world, const char *kind, const char *settings)
{
    struct flow_connection_new input = {.policy = FLOW_POLICY_CONFIRM,
                                        .kind = str_c(kind),
                                        .name = str_c(kind),
                                        .settings = str_c(settings),
                                        .secret = STR("{\"password\":\"good\"}")};
    struct flow_connection connection;
    MUST(world, flow_connection_create(&world->flow, &world->admin, &input, world->arena, &connection, &world->err));
    return world_id(connection.id);
}

struct id world_connect(struct world *world, const char *kind)
{
    return connect_fake(world, kind, "{\"url\":\"https://crm.example\"}");
}

void world_policy(struct world *world, struct id connection, int policy)
{
    struct flow_connection now;
    MUST(world, flow_connection_get(&world->flow, &world->admin, connection, world->arena, &now, &world->err));
    const struct flow_connection_change change = {connection, now.version, {.policy = policy}};
    MUST(world, flow_connection_policy(&world->flow, &world->admin, &change, world->arena, &now, &world->err));
    assert_int_equal(now.policy, policy);
}

int world_setup(void **state)
{
    struct world *world = calloc(1, sizeof *world);
    struct id org;
    static const char url[] = "{\"url\":\"https://crm.example\"}";
    world->arena = arena_new((size_t)1 << 30);
    fake_crm_open();
    MUST(world, open_store(world, &world->err));
    MUST(world, flow_org_create(&world->flow, STR("Test GmbH"), &org, &world->err));
    world->admin = add_user(world, org, "admin", FLOW_ROLE_ADMIN);
    world->user = add_user(world, org, "user", FLOW_ROLE_USER);
    world->fake = connect_fake(world, "fake", url);
    world->forgetful = connect_fake(world, "forgetful", url);
    (void)world_work(world); /* the first pulls */
    *state = world;
    return 0;
}

struct world *world_neighbour(struct world *world)
{
    struct world *other = arena_one(world->arena, struct world);
    struct id org;
    *other = (struct world){.store = world->store, .arena = world->arena, .flow = world->flow};
    other->flow.reader.self = other;
    MUST(other, flow_org_create(&other->flow, STR("Nachbar AG"), &org, &other->err));
    other->admin = add_user(other, org, "admin", FLOW_ROLE_ADMIN);
    other->user = add_user(other, org, "user", FLOW_ROLE_USER);
    other->fake = connect_fake(other, "fake", "{\"url\":\"https://" FAKE_HOLE "\"}");
    (void)world_work(other);
    return other;
}

int world_teardown(void **state)
{
    struct world *world = *state;
    world_later(world); /* what waits would come to the next test */
    fake_crm->mood = FAKE_FINE;
    (void)world_work(world);
    store_close(world->store);
    arena_free(world->arena);
    fake_crm_close();
    free(world);
    return 0;
}

static struct json_list values(struct world *world, struct str value, int kind)
{
    struct contact_value *one = arena_one(world->arena, struct contact_value);
    *one = (struct contact_value){.value = value, .kind = kind};
    return (struct json_list){one, 1};
}

/* A name that sounds like no other: four syllables drawn from the number. */
static struct str surname(struct world *world, int number)
{
    static const char *const syllables[] = {"bar", "dol", "fen", "gis", "hum", "jek", "kal", "lor", "mis", "nup", "ped",
                                            "rik", "sol", "tam", "vez", "wob", "zyn", "blu", "cra", "dre", "fli"};
    struct strbuf name = {.arena = world->arena};
    uint32_t seed = (uint32_t)number * 2654435761U + 12345;
    for (int i = 0; i < 4; i++) {
        seed = seed * 1664525 + 1013904223;
        strbuf_add_c(&name, syllables[(seed >> 16) % ARRAY_LEN(syllables)]);
    }
    return strbuf_str(&name);
}

struct contact world_person(struct world *world, int number)
{
    static const char *const given[] = {"Anna",      "Bertram", "Clara", "Dietmar", "Elif",
                                        "Friedrich", "Gerda",   "Hakan", "Ivonne",  "Jakub"};
    struct arena *arena = world->arena;
    return (struct contact){
        .given_name = str_c(given[number % 10]),
        .family_name = surname(world, number),
        .job_title = STR("Einkauf"),
        .organization = str_printf(arena, "%.*swerk GmbH", STR_ARG(surname(world, number + 5000))),
        .emails = values(world, str_printf(arena, "person%d@werk%d.example", number, number), CONTACT_WORK),
        .phones = values(world, str_printf(arena, "+4930%07d", 1000000 + number * 4711), CONTACT_WORK),
    };
}

struct id world_id(struct str text)
{
    struct id id;
    assert_true(id_parse(text, &id));
    return id;
}

/* Claims by hand, so that the lease of a worker that dies is a short one. */
static bool run_one(struct world *world, const struct id *worker)
{
    struct store_claim claim = {.worker = *worker, .limit = 1, .lease_ms = 1000};
    _cleanup_(arena_freep) struct arena *arena = arena_new((size_t)LIMIT_ARENA_REQUEST * 2);
    struct json_list jobs;
    struct err failed = {.code = ERR_NONE};
    MUST(world, store_job_claim(world->store, &claim, arena, &jobs, &world->err));
    if (jobs.n == 0)
        return false;
    const struct store_job *job = jobs.items;
    struct flow_claim mine = {.org = job->org,
                              .id = job->id,
                              .subject = job->subject,
                              .user = job->user,
                              .worker = *worker,
                              .kind = job->kind,
                              .attempt = job->attempt,
                              .max_attempts = job->max_attempts,
                              .deadline_ms = 60000};
    (void)flow_job_run(&world->flow, &mine, arena, &failed);
    world->err = failed;
    return true;
}

int world_work(struct world *world)
{
    struct id worker = id_new();
    int n = 0;
    while (run_one(world, &worker))
        assert_true(++n < 1000);
    return n;
}

bool world_work_and_die(struct world *world)
{
    int status;
    pid_t child = fork();
    if (child == 0) {
        struct world own = *world; /* connections do not survive a fork: the child opens its own store */
        struct err err;
        own.flow.reader.self = &own;
        if (open_store(&own, &err) < 0)
            _exit(2);
        (void)world_work(&own);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
    return WIFSIGNALED(status);
}

/* psql as the owner of everything: the tests' hand on the clock. */
static void psql(const char *sql)
{
    const char *database = must_env("KARTEI_TEST_SUPER");
    int status;
    pid_t child = fork();
    if (child == 0) {
        (void)execlp("psql", "psql", "-qX", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", sql, (char *)NULL);
        _exit(127);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

void world_later(struct world *world _unused_)
{
    psql("update kartei.jobs set run_at = now() where state = 'queued';"
         "update kartei.connection_calls set retry_at = null;"
         "update kartei.jobs set locked_until = now() - interval '1 s' where state = 'running';"
         "update kartei.write_backs set updated_at = now() - interval '10 min', due_at = now() "
         "where state in ('uncertain', 'sending', 'waiting', 'undoing')");
}

void world_age(struct world *world, const struct flow_write_back *write_back, int days)
{
    psql(str_printf(world->arena,
                    "update kartei.write_backs set updated_at = now() - interval '%d days' where id = '%.*s'", days,
                    STR_ARG(write_back->id))
             .p);
}

void world_age_claims(struct world *world, int minutes)
{
    psql(str_printf(world->arena, "update kartei.company_claims set at = at - interval '%d min'", minutes).p);
}

void world_no_lanes(void)
{
    psql("update kartei.jobs set lane = null where state = 'queued'");
}

void world_forget(struct world *world, const struct flow_write_back *write_back)
{
    psql(str_printf(world->arena, "update kartei.write_backs set state = 'intent' where id = '%.*s'",
                    STR_ARG(write_back->id))
             .p);
}

struct flow_contact world_contact(struct world *world, const struct contact *contact)
{
    struct flow_contact_new input = {.contact = contact};
    struct flow_contact made, matched;
    MUST(world, flow_contact_create(&world->flow, &world->user, &input, world->arena, &made, &world->err));
    (void)world_work(world);
    MUST(world, flow_contact_get(&world->flow, &world->user, world_id(made.id), world->arena, &matched, &world->err));
    assert_string_equal(flow_contact_words[matched.state], "matched");
    return matched;
}

struct flow_preview_new world_wish(struct world *world, const struct flow_contact *contact, struct id connection)
{
    struct flow_review_query query = {.contact = world_id(contact->id), .connection = connection};
    struct flow_review review;
    MUST(world, flow_review(&world->flow, &world->user, &query, world->arena, &review, &world->err));
    return (struct flow_preview_new){.contact_id = contact->id,
                                     .contact_version = review.contact_version,
                                     .connection_id = review.connection.id,
                                     .record_id = review.record ? review.record->id : STR_NONE,
                                     .remote_version = review.record ? review.record->version : STR_NONE};
}

struct flow_preview world_preview(struct world *world, const struct flow_contact *contact, struct id connection)
{
    struct flow_preview_new input = world_wish(world, contact, connection);
    struct flow_preview preview;
    MUST(world, flow_preview(&world->flow, &world->user, &input, world->arena, &preview, &world->err));
    return preview;
}

struct flow_write_back world_write(struct world *world, const struct flow_contact *contact, struct id connection)
{
    struct flow_preview preview = world_preview(world, contact, connection);
    struct flow_write input = {world_id(preview.id), contact->version};
    struct flow_write_back write_back;
    MUST(world, flow_write_commit(&world->flow, &world->user, &input, world->arena, &write_back, &world->err));
    return write_back;
}

struct flow_write_back world_write_back(struct world *world, const struct flow_write_back *earlier)
{
    struct flow_write_back now;
    MUST(world, flow_write_get(&world->flow, &world->user, world_id(earlier->id), world->arena, &now, &world->err));
    return now;
}

struct contact world_mapped(const struct contact *contact)
{
    return crm_map_only(&fake_connectors[1]->map, contact);
}
