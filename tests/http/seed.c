/* For the http suite. `http_seed seed APP KEY BLOBS MIGRATE` migrates a database and makes two organisations with
 * people, printing their ids as JSON; `http_seed work APP KEY BLOBS` does every job that is due, finding no card on any
 * photo. APP and MIGRATE are connection strings, KEY the master key's file, BLOBS the folder of sealed files. */
#include "base/log.h"
#include "flow/jobs.h"
#include "flow/login_link.h"
#include "flow/people.h"
#include "store/migrate.h"
#include "store/store.h"

#define PASSWORD "correct horse battery staple"

static int add_user(const struct flow *flow, struct id org, const char *email, int role, struct arena *arena,
                    struct err *err)
{
    struct flow_actor system = {.org = org, .role = FLOW_SYSTEM, .any = true, .language = "en", .request = "seed"};
    struct flow_user_new input = {
        .email = str_c(email), .name = str_c(email), .role = role, .password = STR(PASSWORD), .language = STR("en")};
    struct flow_user user;
    if (flow_user_create(flow, &system, &input, arena, &user, err) < 0)
        return -1;
    (void)printf("%s\"%.*s\":\"%.*s\"", role < 0 ? "" : ",", STR_ARG(user.email), STR_ARG(user.id));
    return 0;
}

/* A link for the last user, so that the pages' way in can be tried. */
static int add_link(const struct flow *flow, struct id org, struct arena *arena, struct err *err)
{
    struct flow_actor system = {.org = org, .role = FLOW_SYSTEM, .any = true, .language = "en", .request = "seed"};
    struct flow_list users;
    struct str token;
    struct flow_link link = {.seconds = FLOW_LINK_SECONDS};
    if (flow_user_list(flow, &system, arena, &users, err) < 0)
        return -1;
    const struct flow_user *user = users.items.items;
    if (users.items.n == 0 || !id_parse(user->id, &link.user) ||
        flow_link_issue(flow, &system, &link, arena, &token, err) < 0)
        return -1;
    (void)printf(",\"link\":\"%.*s\"", STR_ARG(token));
    return 0;
}

static int seed(const struct flow *flow, struct arena *arena, struct err *err)
{
    struct id one, two;
    if (flow_org_create(flow, STR("One GmbH"), &one, err) < 0 || flow_org_create(flow, STR("Two AG"), &two, err) < 0)
        return -1;
    (void)printf("{\"password\":\"" PASSWORD "\"");
    if (add_user(flow, one, "admin@one.example", FLOW_ROLE_ADMIN, arena, err) < 0 ||
        add_user(flow, one, "user@one.example", FLOW_ROLE_USER, arena, err) < 0 ||
        add_user(flow, one, "second@one.example", FLOW_ROLE_USER, arena, err) < 0 ||
        add_user(flow, two, "admin@two.example", FLOW_ROLE_ADMIN, arena, err) < 0 ||
        add_link(flow, two, arena, err) < 0)
        return -1;
    (void)printf("}\n");
    return 0;
}

static int find_nothing(void *self, int fd, int deadline_ms, struct arena *arena, struct str *ret_json, struct err *err)
{
    (void)self, (void)fd, (void)deadline_ms, (void)arena, (void)err;
    *ret_json =
        STR("{\"width\":640,\"height\":480,\"media_type\":\"image/jpeg\",\"cards\":[],\"problem\":\"no-card\"}");
    return 0;
}

static int work(const struct flow *flow, struct arena *arena, struct err *err)
{
    struct id worker = id_new();
    struct flow_claim claim;
    int done = 0;
    for (bool found = true; found; done++) {
        if (flow_job_claim(flow, &worker, arena, &claim, &found, err) < 0)
            return -1;
        struct err failed;
        if (found && flow_job_run(flow, &claim, arena, &failed) < 0)
            log_err(LOG_WARN, "job", &failed, NULL);
    }
    (void)printf("{\"jobs\":%d}\n", done - 1);
    return 0;
}

int main(int argc, char **argv)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new((size_t)256 << 20);
    _cleanup_(store_closep) struct store *store = NULL;
    struct store_migrated migrated;
    struct err err = {.code = ERR_NONE};
    bool seeds = argc == 6 && strcmp(argv[1], "seed") == 0;
    if (!seeds && (argc != 5 || strcmp(argv[1], "work") != 0))
        return 2;
    struct store_settings settings = {
        .conninfo = argv[2], .master_key = argv[3], .blob_dir = argv[4], .connections = 2};
    log_open("seed", LOG_INFO);
    bool good = (!seeds || store_migrate(argv[5], 0, &migrated, &err) == 0) && store_open(&settings, &store, &err) == 0;
    struct flow flow = {.store = store, .reader.read = find_nothing};
    if (!good || (seeds ? seed(&flow, arena, &err) : work(&flow, arena, &err)) < 0) {
        log_err(LOG_ERROR, "failed", &err, NULL);
        return 1;
    }
    return 0;
}
