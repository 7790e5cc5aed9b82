/* Codes of invitations, as they are typed; see flow/sign_up.h. */
#include "flow/common.h"
#include "flow/sign_in/door.h"
#include "flow/sign_in/password.h"
#include "flow/sign_in/throttle.h"
#include "flow/sign_in/totp.h"
#include "flow/sign_up/joining.h"

/* One person with a code. */
struct guest {
    const struct flow *flow;
    const struct flow_redemption *redemption;
    struct flow_joining joining;
    struct contact_email email;
    struct arena *arena;
};

static int refuse(struct err *err)
{
    return err_set(err, ERR_BAD_LOGIN, "%s", "");
}

/* The invitation of the code. A wrong code costs one look, and so does one that does not hold any more. */
static int look_up(struct guest *guest, struct store_invitation *ret_row, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct str code = flow_code_bare(guest->redemption->code, guest->arena);
    struct flow_joining *joining = &guest->joining;
    if (store_invitation_find(guest->flow->store, code, &joining->org, &joining->invitation, err) < 0)
        return err->code == ERR_NOT_FOUND ? refuse(err) : -1;
    struct flow_actor actor = flow_asker_as(joining->asker, &joining->org, NULL);
    if (flow_begin(guest->flow, &actor, &tx, err) < 0 ||
        store_invitation_get(tx, &joining->invitation, guest->arena, ret_row, err) < 0)
        return err->code == ERR_NOT_FOUND ? refuse(err) : -1;
    joining->user.role = ret_row->role;
    return 0;
}

/* The administrator has named the address: it is that of who has the code. */
static int join_now(struct guest *guest, struct flow_redeemed *ret_redeemed, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct flow_joining *joining = &guest->joining;
    struct flow_actor actor = flow_asker_as(joining->asker, &joining->org, NULL);
    struct str password = guest->redemption->password;
    if (str_empty(password) && !guest->flow->mail)
        return err_field(err, ERR_INVALID, "/password", "this field is required");
    if (flow_begin(guest->flow, &actor, &tx, err) < 0 ||
        flow_password_set(tx, &joining->user, str_empty(password) ? STR_NONE : password, guest->arena, err) < 0 ||
        flow_join(tx, joining, err) < 0 || store_commit(&tx, err) < 0)
        return -1;
    ret_redeemed->confirm = false;
    return flow_join_end(guest->flow, joining, guest->arena, &ret_redeemed->in, err);
}

/* Anybody may have typed the address: a link is mailed there, as to who signs up by a domain. */
static int confirm_first(struct guest *guest, struct flow_redeemed *ret_redeemed, struct err *err)
{
    const struct flow_asker *asker = guest->joining.asker;
    struct flow_tries tries = {.arena = guest->arena};
    struct flow_door_note note = {.kind = FLOW_DOOR_SIGN_UP,
                                  .email = guest->email.address,
                                  .name = guest->joining.user.name,
                                  .language = str_c(asker->language),
                                  .org = str_c(guest->joining.org.s),
                                  .invitation = str_c(guest->joining.invitation.s)};
    if (!guest->flow->mail)
        return refuse(err);
    if (flow_try(guest->flow, FLOW_TRY_LINK, asker, guest->email.address, &tries, err) < 0)
        return -1;
    ret_redeemed->confirm = true;
    return flow_door_ask(guest->flow, &note, guest->arena, &ret_redeemed->asked, err);
}

int flow_invitation_redeem(const struct flow *flow, const struct flow_asker *asker,
                           const struct flow_redemption *redemption, struct arena *arena,
                           struct flow_redeemed *ret_redeemed, struct err *err)
{
    struct guest guest = {.flow = flow, .redemption = redemption, .joining = {.asker = asker}, .arena = arena};
    struct flow_joining *joining = &guest.joining;
    struct flow_tries tries = {.arena = arena}, joins = {.arena = arena};
    struct store_invitation row;
    if (flow_joining_who(redemption->email, redemption->name, arena, &guest.email, &joining->user.name, err) < 0 ||
        flow_try(flow, FLOW_TRY_INVITATION, asker, STR(""), &tries, err) < 0 || look_up(&guest, &row, err) < 0 ||
        flow_try(flow, FLOW_TRY_JOIN, asker, str_c(joining->org.s), &joins, err) < 0)
        return -1;
    joining->user.email = guest.email.address;
    bool theirs = row.email.p    ? str_eq_nocase(row.email, guest.email.address)
                  : row.domain.p ? str_eq(row.domain, guest.email.domain)
                                 : true;
    if (!theirs)
        return refuse(err);
    if (row.email.p ? join_now(&guest, ret_redeemed, err) < 0 : confirm_first(&guest, ret_redeemed, err) < 0)
        return -1;
    return flow_try_back(flow, &tries, err);
}
