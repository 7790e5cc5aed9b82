/* `kartei admin VERB`: organisations, users, links, the demo; and `kartei migrate`. Secrets come by standard input. */
#include "base/log.h"
#include "flow/login_link.h"
#include "services/admin/admin.h"
#include "services/kartei.h"
#include "services/settings.h"
#include "services/wiring.h"
#include "store/migrate.h"

#include <errno.h>
#include <getopt.h>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/stat.h>

const char *const admin_program = KARTEI_VERSION;

enum { DEFAULT_MINUTES = FLOW_LINK_SECONDS / 60, FIRST_LINK_MINUTES = FLOW_LINK_MAX_SECONDS / 60 };

static const struct admin_verb {
    const char *name;
    int (*run)(struct admin *admin, struct err *err);
    const char *help;
    int64_t minutes; /* life of links unless --minutes says otherwise */
} verbs[] = {
    {"create-org", admin_create_org, "--name NAME [--if-missing]: an organisation; prints its id", 0},
    {"list-orgs", admin_list_orgs, "all organisations", 0},
    {"create-user", admin_create_user,
     "--org ID --email ADDRESS --name NAME [--role reporter|user|template_curator|template_manager|admin] [--language "
     "de|en] [--password-stdin] [--if-missing]",
     0},
    {"list-users", admin_list_users, "--org ID", 0},
    {"login-link", admin_login_link, "--org ID --email ADDRESS [--minutes N]: a link that signs in once",
     DEFAULT_MINUTES},
    {"fill-demo", admin_fill_demo,
     "--org ID FILE: contacts (one JSON a line, - = standard input) into the address book", 0},
    {"audit find", admin_audit_find,
     "--org ID [--session|--token|--grant|--user|--record ID] [--address A] [--action %.read] [--from T] [--to T] "
     "[--entries]: which records were read, or the entries themselves",
     0},
    {"audit export", admin_audit_export, "--org ID: the whole chain as lines, for kartei-audit-verify", 0},
    {"audit key", admin_audit_key, "the public key of the signed heads", 0},
    {"audit verify", admin_audit_verify, "--org ID: walks the audit trail's chain", 0},
    {"keys list", admin_keys_list, "--org ID: versions of the data key, and what lies under each", 0},
    {"keys rotate", admin_keys_rotate, "--org ID: a fresh data key; everything is sealed anew under it", 0},
    {"keys rotate-master", admin_keys_rotate_master, "another master key: every key is wrapped anew under it", 0},
    {"erase-org", admin_erase_org, "--org ID --confirm ID: an organisation for ever, by destroying its keys", 0},
    {"erasures replay", admin_erasures_replay, "removes again what the erasure lists say, after a restore", 0},
    {"egress", admin_egress, "[--org ID] [--json|--nft]: whom the instance may contact, for a firewall", 0},
    {"drill canary", admin_drill_canary, "writes made-up secrets and looks for them in every file of KARTEI_VAR", 0},
    {"drill note", admin_drill_note, "--kind backup|restore --outcome passed|failed [--detail TEXT]: notes a drill", 0},
    {"demo", admin_demo, "the demo organisation with 2,000 contacts; prints a link that signs in once",
     FIRST_LINK_MINUTES},
};

static int usage(FILE *to, int status)
{
    (void)fputs("Examples:\n  kartei admin create-org --name 'Muster GmbH'\n"
                "  kartei admin create-user --org ID --email anna@muster.example --name 'Anna Muster' --role admin\n"
                "  kartei admin login-link --org ID --email anna@muster.example\n\n"
                "Usage: kartei admin VERB [options] [--json]\n",
                to);
    for (size_t i = 0; i < ARRAY_LEN(verbs); i++)
        (void)fprintf(to, "  %-13s %s\n", verbs[i].name, verbs[i].help);
    (void)fputs("\nData on stdout, words on stderr. Exit status: 0 done, 1 failed, 2 usage, 4 conflict.\n", to);
    return status;
}

static const struct option names[] = {
    {"org", required_argument, NULL, 'o'},      {"name", required_argument, NULL, 'n'},
    {"email", required_argument, NULL, 'e'},    {"role", required_argument, NULL, 'r'},
    {"language", required_argument, NULL, 'l'}, {"minutes", required_argument, NULL, 'm'},
    {"password-stdin", no_argument, NULL, 'p'}, {"if-missing", no_argument, NULL, 'i'},
    {"json", no_argument, NULL, 'j'},           {"session", required_argument, NULL, 'S'},
    {"token", required_argument, NULL, 'T'},    {"grant", required_argument, NULL, 'G'},
    {"user", required_argument, NULL, 'U'},     {"record", required_argument, NULL, 'R'},
    {"address", required_argument, NULL, 'A'},  {"action", required_argument, NULL, 'C'},
    {"from", required_argument, NULL, 'F'},     {"to", required_argument, NULL, 'Z'},
    {"kind", required_argument, NULL, 'k'},     {"outcome", required_argument, NULL, 'O'},
    {"detail", required_argument, NULL, 'D'},   {"nft", no_argument, NULL, 'N'},
    {"confirm", required_argument, NULL, 'K'},  {"entries", no_argument, NULL, 'E'},
    {"help", no_argument, NULL, 'h'},           {0}};

/* Where the text of an option goes; NULL for one without text. */
static struct str *text_option(int c, struct admin_options *o)
{
    const struct {
        int c;
        struct str *text;
    } texts[] = {
        {'o', &o->org},     {'n', &o->name},    {'e', &o->email},  {'r', &o->role}, {'l', &o->language},
        {'S', &o->session}, {'T', &o->token},   {'G', &o->grant},  {'U', &o->user}, {'R', &o->record},
        {'A', &o->address}, {'C', &o->action},  {'F', &o->from},   {'Z', &o->to},   {'K', &o->confirm},
        {'k', &o->kind},    {'O', &o->outcome}, {'D', &o->detail},
    };
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        if (texts[i].c == c)
            return texts[i].text;
    return NULL;
}

/* One option; false when it is none of ours. */
static bool take_option(int c, struct admin_options *options)
{
    struct str *text = text_option(c, options);
    if (text) {
        *text = str_c(optarg);
        return true;
    }
    switch (c) {
    case 'm':
        return str_to_int(str_c(optarg), 1, FLOW_LINK_MAX_SECONDS / 60, &options->minutes);
    case 'p':
        return options->password_stdin = true;
    case 'i':
        return options->if_missing = true;
    case 'j':
        return options->json = true;
    case 'N':
        return options->nft = true;
    case 'E':
        return options->entries = true;
    default:
        return false;
    }
}

/* -1: go on; otherwise the exit status. */
static int read_options(int argc, char **argv, struct admin_options *options)
{
    for (int c; (c = getopt_long(argc, argv, "", names, NULL)) != -1;) {
        if (c == 'h')
            return usage(stdout, 0);
        if (!take_option(c, options))
            return usage(stderr, 2);
    }
    if (optind < argc)
        options->file = str_c(argv[optind++]);
    return optind < argc ? usage(stderr, 2) : -1;
}

static int say_failure(const char *verb, const struct err *err, struct arena *arena)
{
    struct str sentence = err_sentence(err, "en", arena);
    (void)fprintf(stderr, "kartei %s: %.*s\n", verb, STR_ARG(sentence));
    if (err->detail[0])
        (void)fprintf(stderr, "%s\n", err->detail);
    return err->code == ERR_CONFLICT ? 4 : err->code == ERR_INVALID ? 2 : 1;
}

int admin_leave_root(struct err *err)
{
    struct stat var;
    if (geteuid() != 0 || stat(settings_get("KARTEI_VAR"), &var) < 0 || var.st_uid == 0)
        return 0;
    const struct passwd *user = getpwuid(var.st_uid);
    if (!user || initgroups(user->pw_name, user->pw_gid) < 0 || setgid(user->pw_gid) < 0 || setuid(var.st_uid) < 0) {
        (void)err_set(err, ERR_INTERNAL, "%s", "");
        return err_detail(err, "cannot become the owner of %s: %s", settings_get("KARTEI_VAR"), strerror(errno));
    }
    return 0;
}

static int admin_run(const struct admin_verb *verb, struct admin *admin, struct err *err)
{
    _cleanup_(wiring_close) struct wiring wiring = {.store = NULL};
    if (admin_leave_root(err) < 0 || wiring_open(&wiring, admin->arena, err) < 0)
        return -1;
    admin->flow = &wiring.flow;
    return verb->run(admin, err);
}

/* A verb is one word or two ("audit find"); *ret_words counts them. */
static const struct admin_verb *verb_find(int argc, char **argv, int *ret_words)
{
    for (size_t i = 0; argc > 1 && i < ARRAY_LEN(verbs); i++) {
        const char *blank = strchr(verbs[i].name, ' ');
        size_t n = blank ? (size_t)(blank - verbs[i].name) : strlen(verbs[i].name);
        if (strlen(argv[1]) != n || memcmp(argv[1], verbs[i].name, n) != 0)
            continue;
        *ret_words = blank ? 2 : 1;
        if (!blank || (argc > 2 && strcmp(argv[2], blank + 1) == 0))
            return &verbs[i];
    }
    return NULL;
}

int cmd_admin(int argc, char **argv)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new_wiping((size_t)512 << 20);
    struct admin admin = {.arena = arena};
    struct err err = {.code = ERR_NONE};
    int words = 0;
    const struct admin_verb *verb = verb_find(argc, argv, &words);
    if (!verb)
        return argc > 1 && strcmp(argv[1], "--help") == 0 ? usage(stdout, 0) : usage(stderr, 2);
    (void)prctl(PR_SET_DUMPABLE, 0); /* it holds keys */
    admin.options.minutes = verb->minutes;
    int status = read_options(argc - words, argv + words, &admin.options);
    if (status >= 0)
        return status;
    return admin_run(verb, &admin, &err) < 0 ? say_failure("admin", &err, arena) : fflush(stdout) != 0;
}

int cmd_migrate(int argc, char **argv)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new((size_t)1 << 20);
    struct err err = {.code = ERR_NONE};
    struct store_migrated done;
    if (argc > 1) {
        bool asked = strcmp(argv[1], "--help") == 0;
        (void)fputs("Usage: kartei migrate\nBrings the database of KARTEI_MIGRATE_URL to the schema of this program.\n",
                    asked ? stdout : stderr);
        return asked ? 0 : 2;
    }
    if (admin_leave_root(&err) < 0 || store_migrate(settings_migrate_database(arena), 0, &done, &err) < 0)
        return say_failure("migrate", &err, arena);
    if (done.from == done.to)
        (void)printf("The database is at step %lld already.\n", (long long)done.to);
    else
        (void)printf("The database went from step %lld to %lld.\n", (long long)done.from, (long long)done.to);
    return 0;
}
