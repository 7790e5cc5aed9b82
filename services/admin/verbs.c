/* What the verbs of `kartei admin` do; see admin.h. */
#include "services/admin/admin.h"

#include "base/limits.h"
#include "flow/demo.h"
#include "flow/login_link.h"
#include "flow/people.h"
#include "services/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

enum { MOST_STOCK = 64 * 1024 * 1024, SECRET = 1024 };

#define DEMO_ORG   "Kartei Demo"
#define DEMO_EMAIL "demo@kartei.example"

int admin_need(struct str value, const char *option, struct err *err)
{
    return str_empty(value) ? err_set(err, ERR_INVALID, "%s is missing", option) : 0;
}

/* The command line acts as the system, with all rights, in the organisation that is named. */
int admin_actor(const struct admin *admin, struct flow_actor *ret_actor, struct err *err)
{
    struct flow_actor actor = {.role = FLOW_SYSTEM, .any = true, .language = "en", .request = "command line"};
    if (admin_need(admin->options.org, "--org", err) < 0)
        return -1;
    if (!id_parse(admin->options.org, &actor.org))
        return err_set(err, ERR_INVALID, "--org is a UUID");
    *ret_actor = actor;
    return 0;
}

void admin_print(struct str line)
{
    (void)printf("%.*s\n", STR_ARG(line));
}

/* ---- Organisations ---- */

static int org_find(struct admin *admin, struct str name, struct flow_org *ret_org, bool *ret_found, struct err *err)
{
    struct flow_list list;
    *ret_found = false;
    if (flow_org_list(admin->flow, admin->arena, &list, err) < 0)
        return -1;
    for (size_t i = 0; i < list.items.n; i++) {
        const struct flow_org *org = (const struct flow_org *)list.items.items + i;
        if (str_eq(org->name, name)) {
            *ret_org = *org;
            *ret_found = true;
        }
    }
    return 0;
}

static int org_ensure(struct admin *admin, struct str name, bool keep, struct flow_org *ret_org, struct err *err)
{
    struct id id;
    bool found = false;
    if (keep && org_find(admin, name, ret_org, &found, err) < 0)
        return -1;
    if (found)
        return 0;
    if (flow_org_create(admin->flow, name, &id, err) < 0)
        return -1;
    *ret_org = (struct flow_org){str_dup(admin->arena, id_str(&id)), name};
    return 0;
}

int admin_create_org(struct admin *admin, struct err *err)
{
    struct flow_org org = {.id = STR_NONE};
    if (admin_need(admin->options.name, "--name", err) < 0 ||
        org_ensure(admin, admin->options.name, admin->options.if_missing, &org, err) < 0)
        return -1;
    admin_print(admin->options.json ? json_write(&flow_org_shape, &org, admin->arena) : org.id);
    return 0;
}

int admin_list_orgs(struct admin *admin, struct err *err)
{
    struct flow_list list;
    if (flow_org_list(admin->flow, admin->arena, &list, err) < 0)
        return -1;
    if (admin->options.json)
        admin_print(json_write_list(&flow_org_shape, list.items.items, list.items.n, admin->arena));
    for (size_t i = 0; !admin->options.json && i < list.items.n; i++) {
        const struct flow_org *org = (const struct flow_org *)list.items.items + i;
        (void)printf("%.*s  %.*s\n", STR_ARG(org->id), STR_ARG(org->name));
    }
    return 0;
}

/* ---- Users ---- */

static int user_find(struct admin *admin, const struct flow_actor *actor, struct flow_user *ret_user, bool *ret_found,
                     struct err *err)
{
    struct flow_list list;
    *ret_found = false;
    if (flow_user_list(admin->flow, actor, admin->arena, &list, err) < 0)
        return -1;
    for (size_t i = 0; i < list.items.n; i++) {
        const struct flow_user *user = (const struct flow_user *)list.items.items + i;
        if (str_eq_nocase(user->email, str_trim(admin->options.email))) {
            *ret_user = *user;
            *ret_found = true;
        }
    }
    return 0;
}

/* The first line of standard input. */
static int read_password(struct admin *admin, struct str *ret_password, struct err *err)
{
    char line[SECRET];
    if (!fgets(line, sizeof line, stdin))
        return err_set(err, ERR_INVALID, "no password on standard input");
    struct str password = str_slice(str_c(line), 0, strcspn(line, "\r\n"));
    *ret_password = str_dup(admin->arena, password);
    explicit_bzero(line, sizeof line);
    return 0;
}

static int user_ensure(struct admin *admin, const struct flow_actor *actor, struct flow_user *ret_user, struct err *err)
{
    const struct admin_options *o = &admin->options;
    struct flow_user_new input = {
        .email = o->email, .name = o->name, .role = str_word(o->role, flow_role_words), .language = o->language};
    bool found = false;
    if (o->role.p && input.role < 0)
        return err_set(err, ERR_INVALID, "--role is reporter, user, template_curator, template_manager or admin");
    if (o->if_missing && user_find(admin, actor, ret_user, &found, err) < 0)
        return -1;
    if (found)
        return 0;
    if (o->password_stdin && read_password(admin, &input.password, err) < 0)
        return -1;
    return flow_user_create(admin->flow, actor, &input, admin->arena, ret_user, err);
}

int admin_create_user(struct admin *admin, struct err *err)
{
    struct flow_actor actor;
    struct flow_user user = {.version = 0};
    if (admin_actor(admin, &actor, err) < 0 || admin_need(admin->options.email, "--email", err) < 0 ||
        admin_need(admin->options.name, "--name", err) < 0 || user_ensure(admin, &actor, &user, err) < 0)
        return -1;
    admin_print(admin->options.json ? json_write(&flow_user_shape, &user, admin->arena) : user.id);
    return 0;
}

int admin_list_users(struct admin *admin, struct err *err)
{
    struct flow_actor actor;
    struct flow_list list;
    if (admin_actor(admin, &actor, err) < 0 || flow_user_list(admin->flow, &actor, admin->arena, &list, err) < 0)
        return -1;
    if (admin->options.json)
        admin_print(json_write_list(&flow_user_shape, list.items.items, list.items.n, admin->arena));
    for (size_t i = 0; !admin->options.json && i < list.items.n; i++) {
        const struct flow_user *user = (const struct flow_user *)list.items.items + i;
        (void)printf("%.*s  %-16s %-10s %.*s\n", STR_ARG(user->id), flow_role_words[user->role],
                     flow_user_words[user->state], STR_ARG(user->email));
    }
    return 0;
}

static int print_link(struct admin *admin, const struct flow_actor *actor, const struct flow_user *user,
                      struct err *err)
{
    struct str token = STR_NONE, base = str_c(settings_public_url(admin->arena));
    struct flow_link link = {.seconds = admin->options.minutes * 60};
    if (!id_parse(user->id, &link.user))
        return err_set(err, ERR_INTERNAL, "user id");
    if (flow_link_issue(admin->flow, actor, &link, admin->arena, &token, err) < 0)
        return -1;
    if (str_ends(base, STR("/")))
        base.n--;
    (void)printf("%.*s/login/%.*s\n", STR_ARG(base), STR_ARG(token));
    return 0;
}

int admin_login_link(struct admin *admin, struct err *err)
{
    struct flow_actor actor;
    struct flow_user user = {.version = 0};
    bool found;
    if (admin_actor(admin, &actor, err) < 0 || admin_need(admin->options.email, "--email", err) < 0 ||
        user_find(admin, &actor, &user, &found, err) < 0)
        return -1;
    return found ? print_link(admin, &actor, &user, err) : err_set(err, ERR_NOT_FOUND, "user");
}

/* ---- The demo ---- */

static int read_file(struct admin *admin, const char *path, struct str *ret_text, struct err *err)
{
    _cleanup_(cleanup_close) int fd = strcmp(path, "-") == 0 ? dup(0) : open(path, O_RDONLY | O_CLOEXEC);
    struct strbuf text = {.arena = admin->arena};
    char chunk[65536];
    ssize_t n = -1;
    while (fd >= 0 && (n = read(fd, chunk, sizeof chunk)) > 0 && text.n < MOST_STOCK)
        strbuf_add(&text, (struct str){chunk, (size_t)n});
    if (n != 0)
        return err_set(err, ERR_INVALID, "%s: %s", path, n > 0 ? "too large" : strerror(errno));
    *ret_text = strbuf_str(&text);
    return 0;
}

static int fill(struct admin *admin, const struct flow_actor *actor, const char *path, int64_t *ret_added,
                struct err *err)
{
    struct str stock = STR_NONE;
    return read_file(admin, path, &stock, err) < 0 ? -1 : flow_demo_fill(admin->flow, actor, stock, ret_added, err);
}

int admin_fill_demo(struct admin *admin, struct err *err)
{
    struct flow_actor actor;
    int64_t added;
    if (admin_actor(admin, &actor, err) < 0 || admin_need(admin->options.file, "FILE", err) < 0 ||
        fill(admin, &actor, str_z(admin->arena, admin->options.file), &added, err) < 0)
        return -1;
    (void)printf(admin->options.json ? "{\"added\":%lld}\n" : "%lld contacts added\n", (long long)added);
    return 0;
}

/* The stock that the build made: beside the program, or where it is installed. */
static const char *stock_path(struct arena *arena)
{
    static const char *const places[] = {"demo.ndjson", "../share/kartei/demo.ndjson"};
    char program[4096];
    ssize_t n = readlink("/proc/self/exe", program, sizeof program - 1);
    char *slash = n > 0 ? memrchr(program, '/', (size_t)n) : NULL;
    for (size_t i = 0; slash && i < ARRAY_LEN(places); i++) {
        const char *path = str_printf(arena, "%.*s/%s", (int)(slash - program), program, places[i]).p;
        if (access(path, R_OK) == 0)
            return path;
    }
    return places[0];
}

int admin_demo(struct admin *admin, struct err *err)
{
    struct flow_org org = {.id = STR_NONE};
    struct flow_user user = {.version = 0};
    struct flow_actor actor;
    int64_t added;
    admin->options.if_missing = true;
    admin->options.email = STR(DEMO_EMAIL);
    admin->options.name = STR("Demo");
    admin->options.role = STR("admin");
    if (org_ensure(admin, STR(DEMO_ORG), true, &org, err) < 0)
        return -1;
    admin->options.org = org.id;
    if (admin_actor(admin, &actor, err) < 0 || user_ensure(admin, &actor, &user, err) < 0 ||
        fill(admin, &actor, stock_path(admin->arena), &added, err) < 0)
        return -1;
    (void)fprintf(stderr, "%lld contacts added to \"" DEMO_ORG "\"\n", (long long)added);
    return print_link(admin, &actor, &user, err);
}
