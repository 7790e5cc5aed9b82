/* Invitations as administrators make them, and their mail; see flow/sign_up.h. */
#include "flow/common.h"
#include "flow/sign_in/door.h"
#include "flow/sign_in/letter.h"
#include "flow/sign_in/throttle.h"
#include "flow/sign_in/totp.h"
#include "flow/sign_up/joining.h"

#define RESOURCE "invitation"

enum { OPEN, USED, EXPIRED, REVOKED };
static const char page[] = "/sign-in/invitation";
static const int64_t day_ms = 24LL * 3600 * 1000;

static int state_of(const struct store_invitation *row, int64_t now)
{
    return row->revoked_at ? REVOKED : row->used >= row->uses ? USED : row->expires_at <= now ? EXPIRED : OPEN;
}

bool flow_invitation_holds(const struct store_invitation *row, int64_t now)
{
    return state_of(row, now) == OPEN;
}

/* `users` (struct store_user) know the name of who made it. */
static struct flow_invitation invitation_of(const struct flow *flow, struct store_tx *tx,
                                            const struct store_invitation *row, const struct json_list *users,
                                            struct arena *arena)
{
    return (struct flow_invitation){
        .id = flow_id_text(&row->id, arena),
        .email = row->email,
        .domain = row->domain,
        .role = str_word(row->role, flow_role_words),
        .state = state_of(row, store_tx_now(tx)),
        .uses = row->uses,
        .used = row->used,
        .redeem_url = str_printf(arena, "%s%s", flow->public_url ? flow->public_url : "", page),
        .created_by = flow_user_name(users, &row->creator),
        .created_at = flow_time_text(row->created_at, arena),
        .expires_at = flow_time_text(row->expires_at, arena),
    };
}

int flow_invitation_list(const struct flow *flow, const struct flow_actor *actor, struct arena *arena,
                         struct flow_list *ret_list, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct json_list rows, users;
    if (flow_may(flow, actor, RESOURCE, "list", err) < 0 || flow_begin(flow, actor, &tx, err) < 0 ||
        store_invitation_list(tx, arena, &rows, err) < 0 || store_user_list(tx, arena, &users, err) < 0)
        return -1;
    struct flow_invitation *items = arena_array(arena, rows.n, sizeof *items);
    for (size_t i = 0; i < rows.n; i++)
        items[i] = invitation_of(flow, tx, (const struct store_invitation *)rows.items + i, &users, arena);
    *ret_list = (struct flow_list){{items, rows.n}, STR_NONE};
    return 0;
}

/* ---- Making one ---- */

static int bound_judge(const struct flow *flow, const struct flow_invitation_new *input, struct arena *arena,
                       struct store_invitation *row, struct err *err)
{
    struct contact_email email;
    if (!str_empty(input->email) && !str_empty(input->domain))
        return err_field(err, ERR_INVALID, "/domain", "an address or a domain, not both");
    if (!str_empty(input->email)) {
        if (!contact_email_parse(str_trim(input->email), arena, &email))
            return err_field(err, ERR_INVALID, "/email", "an e-mail address is expected");
        row->email = email.address;
        return 0;
    }
    if (!flow->mail)
        return err_field(err, ERR_INVALID, "/email", "this instance sends no mail and could confirm no address");
    return str_empty(input->domain) ? 0 : flow_joining_domain(input->domain, arena, &row->domain, err);
}

static int invitation_judge(const struct flow *flow, const struct flow_invitation_new *input, struct arena *arena,
                            struct store_invitation *row, struct err *err)
{
    if (bound_judge(flow, input, arena, row, err) < 0 || flow_joining_role(input->role, &row->role, err) < 0)
        return -1;
    row->uses = input->uses ? input->uses : 1;
    if (row->uses < 1 || row->uses > (row->email.p ? 1 : FLOW_INVITATION_USES))
        return err_field(err, ERR_INVALID, "/uses", "1 to %d, and once for one address", FLOW_INVITATION_USES);
    if (input->days < 0 || input->days > FLOW_INVITATION_MAX_DAYS)
        return err_field(err, ERR_INVALID, "/days", "1 to %d", FLOW_INVITATION_MAX_DAYS);
    return 0;
}

/* After the commit: who is quick finds it. That no mail goes out is said, and the code is there to be handed over. */
static bool mail_it(const struct flow *flow, const struct flow_actor *actor, const struct flow_invitation *made)
{
    struct flow_door_note note = {.kind = FLOW_DOOR_INVITATION,
                                  .email = made->email,
                                  .language = str_c(actor->language),
                                  .org = str_c(actor->org.s),
                                  .invitation = made->id,
                                  .code = made->code};
    struct err why;
    return flow->mail && made->email.p && flow_door_leave(flow, &note, &why) == 0;
}

int flow_invitation_create(const struct flow *flow, const struct flow_actor *actor,
                           const struct flow_invitation_new *input, struct arena *arena,
                           struct flow_invitation *ret_invitation, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_invitation row = {.creator = actor->user};
    struct flow_tries tries = {.arena = arena};
    struct store_user creator;
    struct id id;
    struct flow_deed deed = {.action = "invitation.create", .kind = "invitation", .subject = &id};
    struct str code = flow_code_new(arena);
    if (flow_may(flow, actor, RESOURCE, "create", err) < 0 || invitation_judge(flow, input, arena, &row, err) < 0 ||
        flow_try(flow, FLOW_TRY_JOIN, &flow_anywhere, str_c(actor->org.s), &tries, err) < 0)
        return -1;
    int64_t days = input->days ? input->days : FLOW_INVITATION_DAYS;
    if (flow_begin(flow, actor, &tx, err) < 0 || store_invitation_add(tx, &row, code, days * day_ms, &id, err) < 0 ||
        store_invitation_get(tx, &id, arena, &row, err) < 0 ||
        store_user_get(tx, &row.creator, arena, &creator, err) < 0)
        return -1;
    struct flow_invitation made = invitation_of(flow, tx, &row, &(struct json_list){&creator, 1}, arena);
    made.code = flow_code_shown(code, arena);
    deed.note = str_z(arena, row.role);
    flow_tell(tx, actor, &deed);
    if (store_commit(&tx, err) < 0)
        return -1;
    made.mailed = mail_it(flow, actor, &made);
    *ret_invitation = made;
    return 0;
}

int flow_invitation_revoke(const struct flow *flow, const struct flow_actor *actor, struct id invitation,
                           struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct flow_deed deed = {.action = "invitation.revoke", .kind = "invitation", .subject = &invitation};
    if (flow_may(flow, actor, RESOURCE, "delete", err) < 0 || flow_begin(flow, actor, &tx, err) < 0 ||
        store_invitation_revoke(tx, &invitation, err) < 0)
        return -1;
    flow_tell(tx, actor, &deed);
    return store_commit(&tx, err);
}

/* ---- Its mail ---- */

/* What is to be sent; letter->to stays absent when there is nothing to send any more. */
static int letter_of(struct flow_work *work, const struct flow_door_note *note, struct flow_letter *letter,
                     struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct store_invitation row;
    struct id id;
    if (flow_id_read(note->invitation, "", &id, err) < 0 || flow_work_begin(work, &tx, err) < 0 ||
        store_invitation_get(tx, &id, work->arena, &row, err) < 0 ||
        store_org_name(tx, work->arena, &letter->org, err) < 0)
        return err->code == ERR_NOT_FOUND ? 0 : -1;
    if (!flow_invitation_holds(&row, store_tx_now(tx)))
        return 0;
    letter->language = flow_language(note->language);
    letter->code = note->code;
    letter->path = str_c(page);
    letter->to = note->email;
    return 0;
}

int flow_work_send_invitation(struct flow_work *work, struct err *err)
{
    struct flow_letter letter = {.kind = FLOW_LETTER_INVITATION};
    return flow_door_mail(work, &letter, letter_of, err);
}
