/* Signing up, and confirming the address; see flow/sign_up.h. */
#include "store/sign_in/sign_up.h"
#include "base/clock.h"
#include "flow/common.h"
#include "flow/sign_in/door.h"
#include "flow/sign_in/letter.h"
#include "flow/sign_in/link_text.h"
#include "flow/sign_in/throttle.h"
#include "flow/sign_in/totp.h"
#include "flow/sign_up/joining.h"
#include "store/oidc/identity.h"
#include "store/session.h"

enum { SECOND = 1000 };

static const char purpose[] = "sign-up";

/* ---- Asking ---- */

int flow_sign_up_ask(const struct flow *flow, const struct flow_asker *asker, const struct flow_sign_up_wish *wish,
                     struct arena *arena, struct flow_asked *ret_asked, struct err *err)
{
    struct contact_email email;
    struct flow_tries mails = {.arena = arena}, joins = {.arena = arena};
    struct flow_door_note note = {
        .kind = FLOW_DOOR_SIGN_UP, .language = str_c(asker->language), .org = str_c(wish->org.s)};
    if (!flow->mail)
        return err_set(err, ERR_NOT_FOUND, "%s", "");
    if (flow_joining_who(wish->email, wish->name, arena, &email, &note.name, err) < 0 ||
        flow_try(flow, FLOW_TRY_LINK, asker, email.address, &mails, err) < 0 ||
        flow_try(flow, FLOW_TRY_JOIN, asker, note.org, &joins, err) < 0)
        return -1;
    note.email = email.address;
    return flow_door_ask(flow, &note, arena, ret_asked, err);
}

/* ---- The worker's part ---- */

/* What lets the person of a note in, and whether anything does. */
static int let_in(struct store_tx *tx, const struct flow_door_note *note, struct arena *arena,
                  struct store_sign_up *sign_up, bool *ret_may, struct err *err)
{
    struct store_sign_up_domain domain;
    struct store_invitation invitation;
    struct contact_email email;
    int r;
    *ret_may = false;
    if (!contact_email_parse(note->email, arena, &email))
        return 0;
    if (note->invitation.p) {
        r = flow_id_read(note->invitation, "", &sign_up->invitation, err) < 0
                ? -1
                : store_invitation_get(tx, &sign_up->invitation, arena, &invitation, err);
        *ret_may = r == 0 && flow_invitation_holds(&invitation, store_tx_now(tx));
    } else {
        r = store_sign_up_domain_find(tx, email.domain, arena, &domain, err);
        *ret_may = r == 0;
        sign_up->domain = r == 0 ? domain.id : (struct id){""};
    }
    return r < 0 && err->code != ERR_NOT_FOUND ? -1 : 0;
}

/* Who has an account here gets a link to sign in. *ret_known says whether the address is taken. */
static int known_here(struct flow_work *work, struct store_tx *tx, struct str email, bool *ret_known, struct err *err)
{
    struct id user;
    bool active;
    *ret_known = store_user_by_email(tx, email, work->arena, &user, &active, err) == 0;
    if (!*ret_known)
        return err->code == ERR_NOT_FOUND ? 0 : -1;
    return active ? flow_door_link_job(tx, &work->subject, &user, err) : 0;
}

/* Keeps the sign-up, and writes the letter; letter->to stays absent when there is none to send. */
static int prepare(struct flow_work *work, const struct flow_door_note *note, struct flow_letter *letter,
                   struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    int64_t end = note->at_ms + FLOW_SIGN_UP_SECONDS * SECOND;
    struct store_sign_up_new fresh = {.sign_up = {.email = note->email, .name = note->name, .language = note->language},
                                      .browser = note->browser,
                                      .code = note->code,
                                      .life_ms = end - clock_now_ms()};
    bool known, may;
    if (fresh.life_ms <= 0)
        return 0;
    if (flow_work_begin(work, &tx, err) < 0 || known_here(work, tx, note->email, &known, err) < 0)
        return -1;
    if (known)
        return store_commit(&tx, err);
    if (let_in(tx, note, work->arena, &fresh.sign_up, &may, err) < 0)
        return -1;
    if (!may)
        return 0;
    struct str text = flow_link_text_make(work->flow, purpose, end, work->arena, &fresh.token);
    if (store_org_name(tx, work->arena, &letter->org, err) < 0 || store_sign_up_put(tx, &fresh, err) < 0 ||
        store_commit(&tx, err) < 0)
        return -1;
    letter->path = str_printf(work->arena, "/confirm/%.*s", STR_ARG(text));
    letter->language = flow_language(note->language);
    letter->to = note->email;
    return 0;
}

int flow_work_send_sign_up(struct flow_work *work, struct err *err)
{
    struct flow_letter letter = {.kind = FLOW_LETTER_SIGN_UP};
    return flow_door_mail(work, &letter, prepare, err);
}

/* ---- Confirming ---- */

/* The role that goes with what let them in, as it is now; a domain that is gone has taken the sign-up with it. */
static int role_of(struct store_tx *tx, const struct store_sign_up *sign_up, struct arena *arena, struct str *ret_role,
                   struct err *err)
{
    struct store_sign_up_domain domain;
    struct store_invitation invitation;
    if (!id_none(&sign_up->invitation)) {
        if (store_invitation_get(tx, &sign_up->invitation, arena, &invitation, err) < 0)
            return -1;
        *ret_role = invitation.role;
        return 0;
    }
    if (store_sign_up_domain_get(tx, &sign_up->domain, arena, &domain, err) < 0)
        return -1;
    *ret_role = domain.role;
    return 0;
}

/* Of any number of callers with one link, one goes through. */
static int confirmed(const struct flow *flow, const struct store_sign_up_found *found, struct str token,
                     struct arena *arena, struct flow_joining *joining, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct flow_actor actor = flow_asker_as(joining->asker, &found->org, NULL);
    struct store_sign_up sign_up;
    if (flow_begin(flow, &actor, &tx, err) < 0 || store_sign_up_use(tx, &found->id, token, arena, &sign_up, err) < 0)
        return -1;
    joining->org = found->org;
    joining->invitation = sign_up.invitation;
    joining->user = (struct store_user){.email = sign_up.email, .name = sign_up.name, .language = sign_up.language};
    if (role_of(tx, &sign_up, arena, &joining->user.role, err) < 0)
        return err->code == ERR_NOT_FOUND ? err_set(err, ERR_BAD_LOGIN, "%s", "") : -1;
    return flow_join(tx, joining, err) < 0 ? -1 : store_commit(&tx, err);
}

int flow_sign_up_confirm(const struct flow *flow, const struct flow_asker *asker, const struct flow_link_used *used,
                         struct arena *arena, struct flow_signed_in *ret_signed_in, struct err *err)
{
    struct store_link_try attempt = {.browser = asker->browser,
                                     .code = str_empty(used->code) ? STR_NONE : flow_code_bare(used->code, arena)};
    struct flow_joining joining = {.asker = asker};
    struct store_sign_up_found found;
    struct flow_tries tries = {.arena = arena};
    if (flow_try(flow, FLOW_TRY_TOKEN, asker, STR(""), &tries, err) < 0 ||
        flow_link_text_read(flow, purpose, used->link, arena, &attempt.token, err) < 0 ||
        store_sign_up_find(flow->store, &attempt, &found, err) < 0)
        return -1;
    if (found.wants_code)
        return err_field(err, ERR_INVALID, "/code", "the code of the browser that asked for the link");
    if (confirmed(flow, &found, attempt.token, arena, &joining, err) < 0 || flow_try_good(flow, &tries, err) < 0)
        return -1;
    return flow_join_end(flow, &joining, arena, ret_signed_in, err);
}
