/* Signing in with a link that works once; see flow/login_link.h. */
#include "flow/login_link.h"

#include "base/clock.h"
#include "contact/email.h"
#include "flow/common.h"
#include "flow/sign_in/door.h"
#include "flow/sign_in/letter.h"
#include "flow/sign_in/link_text.h"
#include "flow/sign_in/method.h"
#include "flow/sign_in/throttle.h"
#include "flow/sign_in/totp.h"
#include "store/people.h"
#include "store/session.h"

enum { SECOND = 1000 };

static const char purpose[] = "login link";

static int choices(const struct flow *flow, const char *language, struct arena *arena, struct json_list *ret_choices,
                   struct err *err _unused_)
{
    struct flow_actor reader = {.language = language};
    struct flow_sign_in_choice *choice = arena_array(arena, 1, sizeof *choice);
    *choice = (struct flow_sign_in_choice){str_c(flow_say(&reader, "Mail me a link", "Link per E-Mail senden")),
                                           STR("/sign-in/link")};
    *ret_choices = (struct json_list){choice, flow->mail != NULL};
    return 0;
}

const struct flow_sign_in_method flow_method_link = {"link", choices, false};

/* ---- Asking ---- */

int flow_link_ask(const struct flow *flow, const struct flow_asker *asker, struct str email, struct arena *arena,
                  struct flow_asked *ret_asked, struct err *err)
{
    struct contact_email address;
    struct flow_tries tries = {.arena = arena};
    if (!flow->mail)
        return err_set(err, ERR_NOT_FOUND, "%s", "");
    if (!contact_email_parse(str_trim(email), arena, &address))
        return err_field(err, ERR_INVALID, "/email", "an e-mail address is expected");
    if (flow_try(flow, FLOW_TRY_LINK, asker, address.address, &tries, err) < 0)
        return -1;
    struct flow_door_note note = {.kind = FLOW_DOOR_LINK, .email = address.address};
    return flow_door_ask(flow, &note, arena, ret_asked, err);
}

/* The link of a note for a user, in a transaction of its own: were it sent twice, the later one counts. letter->to
 * stays absent when there is nobody to send it to any more. */
static int link_for(struct flow_work *work, const struct flow_door_note *note, struct flow_letter *letter,
                    struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    int64_t end = note->at_ms + FLOW_LINK_SECONDS * SECOND, left = end - clock_now_ms();
    struct store_link_new link = {
        .user = work->claim->user, .life_ms = left, .browser = note->browser, .code = note->code};
    struct store_user user;
    if (left <= 0)
        return 0;
    if (flow_work_begin(work, &tx, err) < 0 || store_user_get(tx, &work->claim->user, work->arena, &user, err) < 0 ||
        store_org_name(tx, work->arena, &letter->org, err) < 0)
        return -1;
    struct str text = flow_link_text_make(work->flow, purpose, end, work->arena, &link.token);
    letter->path = str_printf(work->arena, "/login/%.*s", STR_ARG(text));
    letter->language = flow_language(user.language);
    if (store_login_link_add(tx, &link, err) < 0 || store_commit(&tx, err) < 0)
        return -1;
    letter->to = user.email;
    return 0;
}

int flow_work_send_link(struct flow_work *work, struct err *err)
{
    struct flow_letter letter = {.kind = FLOW_LETTER_LINK};
    return flow_door_mail(work, &letter, link_for, err);
}

/* ---- Using ---- */

int flow_sign_in_link(const struct flow *flow, const struct flow_asker *asker, const struct flow_link_used *used,
                      struct arena *arena, struct flow_signed_in *ret_signed_in, struct err *err)
{
    struct flow_identified identified = {.method = &flow_method_link};
    struct store_link_try attempt = {.browser = asker->browser,
                                     .code = str_empty(used->code) ? STR_NONE : flow_code_bare(used->code, arena)};
    struct store_link_user user;
    struct flow_tries tries = {.arena = arena};
    if (flow_try(flow, FLOW_TRY_TOKEN, asker, STR(""), &tries, err) < 0 ||
        flow_link_text_read(flow, purpose, used->link, arena, &attempt.token, err) < 0 ||
        store_login_link_use(flow->store, &attempt, &user, err) < 0)
        return -1;
    if (user.wants_code)
        return err_field(err, ERR_INVALID, "/code", "the code of the browser that asked for the link");
    identified.org = user.org;
    identified.user = user.user;
    if (flow_try_good(flow, &tries, err) < 0)
        return -1;
    return flow_sign_in_end(flow, asker, &identified, arena, ret_signed_in, err);
}

int flow_link_issue(const struct flow *flow, const struct flow_actor *actor, const struct flow_link *link,
                    struct arena *arena, struct str *ret_text, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct flow_deed deed = {.action = "user.link", .kind = "user", .subject = &link->user};
    struct store_link_new fresh = {.user = link->user, .life_ms = link->seconds * SECOND};
    if (flow_may(flow, actor, "user", "update", err) < 0)
        return -1;
    if (link->seconds < 1 || link->seconds > FLOW_LINK_MAX_SECONDS)
        return err_set(err, ERR_INVALID, "at most %d hours", FLOW_LINK_MAX_SECONDS / 3600);
    struct str text = flow_link_text_make(flow, purpose, clock_now_ms() + fresh.life_ms, arena, &fresh.token);
    if (flow_begin(flow, actor, &tx, err) < 0 || store_login_link_add(tx, &fresh, err) < 0)
        return -1;
    flow_tell(tx, actor, &deed);
    if (store_commit(&tx, err) < 0)
        return -1;
    *ret_text = text;
    return 0;
}
