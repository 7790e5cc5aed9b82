/* For the http suite: migrates a database and makes two organisations with people; prints their ids as JSON. Arguments:
 * connection string that may migrate, connection string of kartei_app, key file, blob folder. */
#include "base/log.h"
#include "flow/people.h"
#include "flow/sign_in.h"
#include "store/migrate.h"
#include "store/store.h"

#define PASSWORD "correct horse battery staple"

static int add_user(const struct flow *flow, struct id org, const char *email, int role, struct arena *arena,
                    struct err *err)
{
    struct flow_actor system = {.org = org, .admin = true, .language = "en", .request = "seed"};
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
    struct flow_actor system = {.org = org, .admin = true, .language = "en", .request = "seed"};
    struct flow_list users;
    struct str token;
    struct id id;
    if (flow_user_list(flow, &system, arena, &users, err) < 0)
        return -1;
    const struct flow_user *user = users.items.items;
    if (users.items.n == 0 || !id_parse(user->id, &id) ||
        flow_link_issue(flow, &system, id, FLOW_LINK_SECONDS, arena, &token, err) < 0)
        return -1;
    (void)printf(",\"link\":\"%.*s\"", STR_ARG(token));
    return 0;
}

static int seed(const struct store_settings *settings, struct arena *arena, struct err *err)
{
    _cleanup_(store_closep) struct store *store = NULL;
    struct id one, two;
    if (store_open(settings, &store, err) < 0)
        return -1;
    struct flow flow = {.store = store};
    if (flow_org_create(&flow, STR("One GmbH"), &one, err) < 0 || flow_org_create(&flow, STR("Two AG"), &two, err) < 0)
        return -1;
    (void)printf("{\"password\":\"" PASSWORD "\"");
    if (add_user(&flow, one, "admin@one.example", 1, arena, err) < 0 ||
        add_user(&flow, one, "user@one.example", 0, arena, err) < 0 ||
        add_user(&flow, one, "second@one.example", 0, arena, err) < 0 ||
        add_user(&flow, two, "admin@two.example", 1, arena, err) < 0 || add_link(&flow, two, arena, err) < 0)
        return -1;
    (void)printf("}\n");
    return 0;
}

int main(int argc, char **argv)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new((size_t)16 << 20);
    struct store_migrated migrated;
    struct err err = {.code = ERR_NONE};
    if (argc != 5)
        return 2;
    struct store_settings settings = {argv[2], argv[3], argv[4], 2};
    log_open("seed", LOG_INFO);
    if (store_migrate(argv[1], 0, &migrated, &err) < 0 || seed(&settings, arena, &err) < 0) {
        log_err(LOG_ERROR, "cannot seed", &err, NULL);
        return 1;
    }
    return 0;
}
