/* Second factors; see flow/second_factor.h and factor.h. */
#include "flow/sign_in/factor.h"

#include "base/clock.h"
#include "flow/common.h"
#include "flow/sign_in/qr.h"
#include "flow/sign_in/totp.h"
#include "store/people.h"
#include "store/session.h"
#include "store/sign_in/factor.h"

/* ---- Taking codes ---- */

/* A code of the app counts in its own step, and once. */
static int take_app_code(struct store_tx *tx, const struct id *user, struct str seed, struct str code,
                         struct arena *arena, struct err *err)
{
    int64_t step = flow_totp_step(clock_now_ms());
    if (!crypto_equal(code, flow_totp_code(seed, step, arena)))
        return err_set(err, ERR_BAD_LOGIN, "%s", "");
    return store_factor_step(tx, user, step, err);
}

int flow_factor_take(struct store_tx *tx, const struct id *user, struct str code, struct arena *arena,
                     const char **ret_how, struct err *err)
{
    struct store_factor factor;
    struct str typed = flow_code_bare(code, arena);
    if (store_factor_get(tx, user, arena, &factor, err) < 0)
        return err->code == ERR_NOT_FOUND ? err_set(err, ERR_BAD_LOGIN, "%s", "") : -1;
    if (!factor.confirmed)
        return err_set(err, ERR_BAD_LOGIN, "%s", "");
    *ret_how = typed.n == FLOW_CODE_SIGNS ? "recovery" : "totp";
    return typed.n == FLOW_CODE_SIGNS ? store_recovery_use(tx, user, typed, err)
                                      : take_app_code(tx, user, factor.seed, typed, arena, err);
}

int flow_factor_try(const struct flow *flow, const struct flow_actor *actor, struct flow_tries *tries, struct err *err)
{
    struct str who = str_printf(tries->arena, "%s|%s", actor->org.s, actor->user.s);
    return flow_try(flow, FLOW_TRY_FACTOR, &flow_anywhere, who, tries, err);
}

/* ---- Who is asked ---- */

int flow_factor_required(struct store_tx *tx, struct str role, struct arena *arena, bool *ret_required, struct err *err)
{
    struct store_policy policy;
    struct str rest, name;
    bool required = str_eq(role, STR("support")); /* whatever the organisation says */
    if (store_policy_get(tx, arena, &policy, err) < 0)
        return -1;
    for (rest = policy.roles; rest.n && str_split(&rest, ' ', &name);)
        required = required || str_eq(name, role);
    *ret_required = required;
    return 0;
}

/* Whether a confirmed one is there. */
static int enrolled(struct store_tx *tx, const struct id *user, struct arena *arena, bool *ret_enrolled,
                    struct err *err)
{
    struct store_factor factor = {.confirmed = false};
    if (store_factor_get(tx, user, arena, &factor, err) < 0 && err->code != ERR_NOT_FOUND)
        return -1;
    *ret_enrolled = factor.confirmed;
    return 0;
}

int flow_factor_need(struct store_tx *tx, const struct id *user, struct str role, struct arena *arena,
                     enum flow_factor_need *ret_need, struct err *err)
{
    bool there, required;
    if (enrolled(tx, user, arena, &there, err) < 0 || flow_factor_required(tx, role, arena, &required, err) < 0)
        return -1;
    *ret_need = there ? FLOW_NEEDS_CODE : required ? FLOW_NEEDS_ENROLMENT : FLOW_NO_FACTOR;
    return 0;
}

int flow_factor_get(const struct flow *flow, const struct flow_actor *actor, struct arena *arena,
                    struct flow_factor *ret_factor, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_user user;
    struct flow_factor factor;
    if (flow_begin(flow, actor, &tx, err) < 0 || store_user_get(tx, &actor->user, arena, &user, err) < 0 ||
        enrolled(tx, &actor->user, arena, &factor.enrolled, err) < 0 ||
        flow_factor_required(tx, user.role, arena, &factor.required, err) < 0 ||
        store_recovery_left(tx, &actor->user, &factor.recovery_left, err) < 0)
        return -1;
    *ret_factor = factor;
    return 0;
}

int flow_need_fresh(const struct flow_who *who, struct err *err)
{
    return clock_now_ms() - who->signed_in_ms <= (int64_t)FLOW_FRESH_SECONDS * 1000
               ? 0
               : err_set(err, ERR_SIGN_IN_AGAIN, "%s", "");
}

/* ---- Enrolment ---- */

static int enrolment_of(struct store_tx *tx, const struct flow_actor *actor, struct str seed, struct arena *arena,
                        struct flow_enrolment *ret_enrolment, struct err *err)
{
    struct store_user user;
    struct flow_enrolment enrolment = {.secret = flow_base32(seed, arena)};
    if (store_user_get(tx, &actor->user, arena, &user, err) < 0)
        return -1;
    enrolment.uri = flow_totp_uri(seed, STR("Kartei"), user.email, arena);
    struct str label = str_c(flow_say(actor, "QR code for the authenticator app", "QR-Code für die Authenticator-App"));
    if (flow_qr_svg(enrolment.uri, label, arena, &enrolment.qr, err) < 0)
        return -1;
    *ret_enrolment = enrolment;
    return 0;
}

int flow_factor_begin(const struct flow *flow, const struct flow_actor *actor, struct arena *arena,
                      struct flow_enrolment *ret_enrolment, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    char *bytes = arena_alloc(arena, FLOW_TOTP_SEED);
    struct str seed = {bytes, FLOW_TOTP_SEED};
    crypto_random(bytes, FLOW_TOTP_SEED);
    if (flow_begin(flow, actor, &tx, err) < 0 || store_factor_begin(tx, &actor->user, seed, err) < 0 ||
        enrolment_of(tx, actor, seed, arena, ret_enrolment, err) < 0)
        return -1;
    return store_commit(&tx, err);
}

int flow_factor_show(const struct flow *flow, const struct flow_actor *actor, struct arena *arena,
                     struct flow_enrolment *ret_enrolment, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_factor factor;
    if (flow_begin(flow, actor, &tx, err) < 0 || store_factor_get(tx, &actor->user, arena, &factor, err) < 0)
        return -1;
    if (factor.confirmed)
        return err_set(err, ERR_CONFLICT, "second factor");
    return enrolment_of(tx, actor, factor.seed, arena, ret_enrolment, err);
}

/* Ten fresh codes, kept as hashes, shown in groups of four. */
static int recovery_make(struct store_tx *tx, const struct id *user, struct arena *arena,
                         struct flow_recovery *ret_recovery, struct err *err)
{
    struct str kept[FLOW_RECOVERY_CODES], *shown = arena_array(arena, FLOW_RECOVERY_CODES, sizeof *shown);
    for (size_t i = 0; i < FLOW_RECOVERY_CODES; i++) {
        kept[i] = flow_code_new(arena);
        shown[i] = flow_code_shown(kept[i], arena);
    }
    if (store_recovery_put(tx, user, kept, FLOW_RECOVERY_CODES, err) < 0)
        return -1;
    ret_recovery->codes = (struct json_list){shown, FLOW_RECOVERY_CODES};
    return 0;
}

int flow_factor_confirm(const struct flow *flow, const struct flow_actor *actor, struct str code, struct arena *arena,
                        struct flow_recovery *ret_recovery, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct flow_deed deed = {.action = "second_factor.enrol", .kind = "user", .subject = &actor->user};
    struct flow_recovery recovery;
    struct flow_tries tries = {.arena = arena};
    struct store_factor factor;
    if (flow_factor_try(flow, actor, &tries, err) < 0 || flow_begin(flow, actor, &tx, err) < 0 ||
        store_factor_get(tx, &actor->user, arena, &factor, err) < 0)
        return -1;
    if (factor.confirmed)
        return err_set(err, ERR_CONFLICT, "second factor");
    if (take_app_code(tx, &actor->user, factor.seed, flow_code_bare(code, arena), arena, err) < 0 ||
        recovery_make(tx, &actor->user, arena, &recovery, err) < 0)
        return -1;
    flow_tell(tx, actor, &deed);
    if (store_commit(&tx, err) < 0 || flow_try_good(flow, &tries, err) < 0)
        return -1;
    *ret_recovery = recovery;
    return 0;
}

int flow_factor_renew(const struct flow *flow, const struct flow_actor *actor, struct str code, struct arena *arena,
                      struct flow_recovery *ret_recovery, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct flow_deed deed = {.action = "second_factor.recovery", .kind = "user", .subject = &actor->user};
    struct flow_recovery recovery;
    struct flow_tries tries = {.arena = arena};
    if (flow_factor_try(flow, actor, &tries, err) < 0 || flow_begin(flow, actor, &tx, err) < 0 ||
        flow_factor_take(tx, &actor->user, code, arena, &deed.note, err) < 0 ||
        recovery_make(tx, &actor->user, arena, &recovery, err) < 0)
        return -1;
    flow_tell(tx, actor, &deed);
    if (store_commit(&tx, err) < 0 || flow_try_good(flow, &tries, err) < 0)
        return -1;
    *ret_recovery = recovery;
    return 0;
}

/* ---- The end of it ---- */

int flow_factor_remove(const struct flow *flow, const struct flow_actor *actor, struct str code, struct arena *arena,
                       struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct flow_deed deed = {.action = "second_factor.remove", .kind = "user", .subject = &actor->user};
    struct store_user user;
    struct flow_tries tries = {.arena = arena};
    bool required;
    if (flow_factor_try(flow, actor, &tries, err) < 0 || flow_begin(flow, actor, &tx, err) < 0 ||
        store_user_get(tx, &actor->user, arena, &user, err) < 0 ||
        flow_factor_required(tx, user.role, arena, &required, err) < 0)
        return -1;
    if (required)
        return err_set(err, ERR_FORBIDDEN, "second factor");
    if (flow_factor_take(tx, &actor->user, code, arena, &deed.note, err) < 0 ||
        store_factor_drop(tx, &actor->user, err) < 0)
        return -1;
    flow_tell(tx, actor, &deed);
    return store_commit(&tx, err) < 0 ? -1 : flow_try_good(flow, &tries, err);
}

int flow_factor_reset(const struct flow *flow, const struct flow_actor *actor, const struct id *user,
                      const struct flow_reset *reset, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    _cleanup_(arena_freep) struct arena *arena = arena_new_wiping((size_t)1 << 20);
    struct flow_deed deed = {.action = "second_factor.reset", .kind = "user", .subject = user};
    struct store_user row;
    if (flow_may(flow, actor, "second_factor", "remove", err) < 0)
        return -1;
    if (str_empty(str_trim(reset->reason)))
        return err_field(err, ERR_INVALID, "/reason", "this field is required");
    struct flow_actor told = *actor;
    told.origin.why = str_trim(reset->reason);
    if (flow_begin(flow, actor, &tx, err) < 0 || store_user_get(tx, user, arena, &row, err) < 0 ||
        store_factor_drop(tx, user, err) < 0 || store_session_cut_off(tx, user, err) < 0)
        return -1;
    flow_tell(tx, &told, &deed);
    return store_commit(&tx, err);
}
