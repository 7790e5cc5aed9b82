/* `kartei admin drill …`: a look for canaries in the instance's own files, and notes of what other programs tried. Each
 * run is noted by who ran it, for the page that proves. */
#include "store/keep/drill.h"
#include "base/crypto.h"
#include "flow/demo.h"
#include "flow/people.h"
#include "services/admin/admin.h"
#include "services/admin/search.h"
#include "services/settings.h"
#include "store/blob.h"
#include "store/connection.h"
#include "store/keep/purge.h"

enum { WORD_BYTES = 15 };

static int note(struct admin *admin, const char *kind, bool passed, struct str detail, struct err *err)
{
    const struct store_drill drill = {
        .kind = str_c(kind), .passed = passed, .program = str_c(admin_program), .detail = detail};
    return store_drill_note(admin->flow->store, &drill, err);
}

int admin_drill_note(struct admin *admin, struct err *err)
{
    const struct admin_options *options = &admin->options;
    bool passed = str_eq(options->outcome, STR("passed"));
    if (admin_need(options->kind, "--kind", err) < 0 || admin_need(options->outcome, "--outcome", err) < 0)
        return -1;
    if (!passed && !str_eq(options->outcome, STR("failed")))
        return err_set(err, ERR_INVALID, "--outcome is passed or failed");
    return note(admin, str_z(admin->arena, options->kind), passed, options->detail, err);
}

/* ---- Canaries ---- */

/* Letters alone, so that no writing of it changes it: 120 random bits. */
static struct str word(struct arena *arena)
{
    unsigned char random[WORD_BYTES];
    struct strbuf out = {.arena = arena};
    crypto_random(random, sizeof random);
    for (size_t i = 0; i < sizeof random; i++)
        strbuf_printf(&out, "%c%c", 'a' + (random[i] >> 4), 'a' + (random[i] & 15));
    return strbuf_str(&out);
}

/* A contact, a connection's secret and a file that all carry the word, in an organisation that does, too. */
static int plant(struct admin *admin, struct str canary, struct id *ret_org, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct flow_actor actor = {.role = FLOW_SYSTEM, .any = true, .language = "en", .request = "drill"};
    struct str line =
        str_printf(admin->arena,
                   "{\"given_name\":\"%.*s\",\"family_name\":\"Canary\",\"emails\":[{\"value\":\"%.*s@canary."
                   "example\"}]}\n",
                   STR_ARG(canary), STR_ARG(canary));
    struct store_connection connection = {.kind = STR("carddav"), .name = canary, .state = STR("off")};
    struct store_blob blob;
    struct id id;
    int64_t added;
    connection.settings = str_printf(admin->arena, "{\"url\":\"https://%.*s.example/\"}", STR_ARG(canary));
    connection.secret = str_printf(admin->arena, "{\"password\":\"%.*s\"}", STR_ARG(canary));
    if (flow_org_create(admin->flow, canary, &actor.org, err) < 0)
        return -1;
    *ret_org = actor.org;
    if (flow_demo_fill(admin->flow, &actor, line, &added, err) < 0 ||
        store_begin(admin->flow->store, &actor.org, &tx, err) < 0 ||
        store_connection_add(tx, &connection, &id, err) < 0 || store_blob_put(tx, canary, "image/png", &blob, err) < 0)
        return -1;
    return store_commit(&tx, err);
}

static int uproot(struct admin *admin, const struct id *org, struct err *err)
{
    int64_t files;
    if (id_none(org))
        return 0;
    return store_org_erase(admin->flow->store, org, err) < 0 ||
                   store_org_files_drop(admin->flow->store, org, &files, err) < 0
               ? -1
               : 0;
}

int admin_drill_canary(struct admin *admin, struct err *err)
{
    const char *var = settings_get("KARTEI_VAR");
    struct str canary = word(admin->arena), control = word(admin->arena), detail;
    struct search_result found = {.hits = 0}, seen = {.hits = 0};
    struct id org = {""};
    struct err why = {.code = ERR_NONE};
    /* Noted as failed first: a run that dies was none. The word of this note lies in the open, for the control. */
    if (note(admin, "canary", false, str_printf(admin->arena, "begun, not ended (%.*s)", STR_ARG(control)), err) < 0)
        return -1;
    int r = plant(admin, canary, &org, &why);
    if (r == 0)
        r = search_files(var, canary, admin->arena, &found, &why) < 0
                ? -1
                : search_files(var, control, admin->arena, &seen, &why);
    if (uproot(admin, &org, err) < 0)
        return -1;
    if (r < 0) {
        *err = why;
        return -1;
    }
    bool elsewhere = *settings_get("KARTEI_DATABASE_URL") != '\0';
    bool passed = search_judge(&found, &seen, elsewhere, admin->arena, &detail);
    if (note(admin, "canary", passed, detail, err) < 0)
        return -1;
    (void)printf(admin->options.json ? "{\"passed\":%s,\"detail\":\"%.*s\"}\n" : "canary %s: %.*s\n",
                 admin->options.json ? (passed ? "true" : "false") : (passed ? "passed" : "failed"), STR_ARG(detail));
    return passed ? 0 : err_set(err, ERR_INTERNAL, "%s", "");
}
