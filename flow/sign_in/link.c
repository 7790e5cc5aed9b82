/* Signing in with a link that works once; see flow/login_link.h. */
#include "flow/login_link.h"

#include "base/clock.h"
#include "contact/email.h"
#include "flow/common.h"
#include "flow/sign_in/door.h"
#include "flow/sign_in/letter.h"
#include "flow/sign_in/method.h"
#include "flow/sign_in/throttle.h"
#include "flow/sign_in/totp.h"
#include "store/people.h"
#include "store/session.h"

enum { TOKEN = 32, END = 8, TEXT = TOKEN + END + CRYPTO_HASH, SECOND = 1000 };

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

/* ---- The text of a link ---- */

static struct crypto_hash signature_of(const struct flow *flow, const char *bytes)
{
    return store_door_mac(flow->store, "login link", (struct str){bytes, TOKEN + END});
}

/* A fresh link that ends at `end_ms`: its text, and the token that the database shall know the hash of. */
static struct str link_make(const struct flow *flow, int64_t end_ms, struct arena *arena, struct str *ret_token)
{
    char bytes[TEXT];
    crypto_random(bytes, TOKEN);
    for (size_t i = 0; i < END; i++)
        bytes[TOKEN + i] = (char)(unsigned char)((uint64_t)end_ms >> (56 - 8 * i));
    struct crypto_hash signature = signature_of(flow, bytes);
    memcpy(bytes + TOKEN + END, signature.b, sizeof signature.b);
    *ret_token = crypto_base64url((struct str){bytes, TOKEN}, arena);
    return crypto_base64url((struct str){bytes, sizeof bytes}, arena);
}

/* The token of a link that is ours and not over. ERR_BAD_LOGIN. */
static int link_read(const struct flow *flow, struct str text, struct arena *arena, struct str *ret_token,
                     struct err *err)
{
    struct str bytes = STR_NONE;
    struct err none;
    if (text.n != (TEXT * 4 + 2) / 3 || crypto_base64url_decode(text, arena, &bytes, &none) < 0 || bytes.n != TEXT)
        return err_set(err, ERR_BAD_LOGIN, "%s", "");
    struct crypto_hash signature = signature_of(flow, bytes.p);
    uint64_t end = 0;
    for (size_t i = 0; i < END; i++)
        end = end << 8 | (unsigned char)bytes.p[TOKEN + i];
    if (!crypto_equal(str_slice(bytes, TOKEN + END, TEXT), crypto_hash_str(&signature)) ||
        (int64_t)end <= clock_now_ms())
        return err_set(err, ERR_BAD_LOGIN, "%s", "");
    *ret_token = crypto_base64url(str_slice(bytes, 0, TOKEN), arena);
    return 0;
}

/* ---- Asking ---- */

int flow_link_ask(const struct flow *flow, const struct flow_asker *asker, struct str email, struct arena *arena,
                  struct flow_link_asked *ret_asked, struct err *err)
{
    struct contact_email address;
    struct flow_tries tries = {.arena = arena};
    uint32_t dice;
    if (!flow->mail)
        return err_set(err, ERR_NOT_FOUND, "%s", "");
    if (!contact_email_parse(str_trim(email), arena, &address))
        return err_field(err, ERR_INVALID, "/email", "an e-mail address is expected");
    if (flow_try(flow, FLOW_TRY_LINK, asker, address.address, &tries, err) < 0)
        return -1;
    crypto_random(&dice, sizeof dice);
    struct flow_link_asked asked = {crypto_token(arena), str_printf(arena, "%06u", (unsigned)(dice % 1000000))};
    struct flow_door_note note = {
        .kind = FLOW_DOOR_LINK, .email = address.address, .browser = asked.browser, .code = asked.code};
    if (flow_door_leave(flow, &note, err) < 0)
        return -1;
    *ret_asked = asked;
    return 0;
}

/* The link of a note for a user, in a transaction of its own: were it sent twice, the later one counts. *ret_text is
 * absent when there is nobody to send it to any more. */
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
    struct str text = link_make(work->flow, end, work->arena, &link.token);
    letter->path = str_printf(work->arena, "/login/%.*s", STR_ARG(text));
    letter->language = str_eq(user.language, STR("en")) ? "en" : "de";
    if (store_login_link_add(tx, &link, err) < 0 || store_commit(&tx, err) < 0)
        return -1;
    letter->to = user.email;
    letter->org_id = work->claim->org;
    return 0;
}

int flow_work_send_link(struct flow_work *work, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct flow_letter letter = {.kind = FLOW_LETTER_LINK};
    struct flow_door_note note;
    int r = flow_door_read(work->flow, &work->subject, work->arena, &note, err);
    if (r < 0 && err->code != ERR_NOT_FOUND)
        return -1;
    if (r == 0 && link_for(work, &note, &letter, err) < 0)
        return -1;
    if (letter.to.p && flow_letter_send(work->flow, &letter, err) < 0)
        return -1;
    return flow_work_begin(work, &tx, err) < 0 ? -1 : flow_work_done(work, &tx, err);
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
        link_read(flow, used->link, arena, &attempt.token, err) < 0 ||
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
    struct str text = link_make(flow, clock_now_ms() + fresh.life_ms, arena, &fresh.token);
    if (flow_begin(flow, actor, &tx, err) < 0 || store_login_link_add(tx, &fresh, err) < 0)
        return -1;
    flow_tell(tx, actor, &deed);
    if (store_commit(&tx, err) < 0)
        return -1;
    *ret_text = text;
    return 0;
}
