/* Becoming a user; see joining.h. */
#include "flow/sign_up/joining.h"

#include "flow/common.h"

enum { NAME_MAX_BYTES = 200 };

static int choices(const struct flow *flow _unused_, const char *language, struct arena *arena,
                   struct json_list *ret_choices, struct err *err _unused_)
{
    struct flow_actor reader = {.language = language};
    struct flow_sign_in_choice *choice = arena_one(arena, struct flow_sign_in_choice);
    choice->label = str_c(flow_say(&reader, "I have an invitation code", "Ich habe einen Einladungscode"));
    choice->path = STR("/sign-in/invitation");
    *ret_choices = (struct json_list){choice, 1};
    return 0;
}

const struct flow_sign_in_method flow_method_sign_up = {"sign_up", choices, false};

int flow_joining_role(int role, struct str *ret_role, struct err *err)
{
    if (role == FLOW_ROLE_ADMIN || role == FLOW_ROLE_SUPPORT)
        return err_field(err, ERR_INVALID, "/role", "an administrator is made by another one, of a user");
    *ret_role = str_c(flow_role_words[role < 0 ? FLOW_ROLE_USER : role]);
    return 0;
}

int flow_joining_who(struct str email, struct str name, struct arena *arena, struct contact_email *ret_email,
                     struct str *ret_name, struct err *err)
{
    struct str trimmed = str_trim(name);
    if (!contact_email_parse(str_trim(email), arena, ret_email))
        return err_field(err, ERR_INVALID, "/email", "an e-mail address is expected");
    if (str_empty(trimmed) || trimmed.n > NAME_MAX_BYTES)
        return err_field(err, ERR_INVALID, "/name", "this field is required");
    *ret_name = trimmed;
    return 0;
}

/* ERR_BAD_LOGIN for what somebody else was quicker with. */
static int too_late(struct err *err)
{
    return err->code == ERR_NOT_FOUND || err->code == ERR_CONFLICT ? err_set(err, ERR_BAD_LOGIN, "%s", "") : -1;
}

int flow_join(struct store_tx *tx, struct flow_joining *joining, struct err *err)
{
    struct store_user *user = &joining->user;
    bool invited = !id_none(&joining->invitation);
    struct flow_actor actor = flow_asker_as(joining->asker, &joining->org, NULL);
    struct flow_deed made = {
        .action = "user.create", .kind = "user", .subject = &user->id, .note = invited ? "invitation" : "domain"};
    struct flow_deed redeemed = {.action = "invitation.redeem", .kind = "invitation", .subject = &joining->invitation};
    if (!user->language.p)
        user->language = str_c(flow_language(str_c(joining->asker->language)));
    user->theme = STR("system");
    user->state = STR("active");
    if ((invited && store_invitation_use(tx, &joining->invitation, err) < 0) ||
        store_user_add(tx, user, &user->id, err) < 0)
        return too_late(err);
    actor.user = user->id;
    if (invited)
        flow_tell(tx, &actor, &redeemed);
    flow_tell(tx, &actor, &made);
    return 0;
}

int flow_join_end(const struct flow *flow, const struct flow_joining *joining, struct arena *arena,
                  struct flow_signed_in *ret_signed_in, struct err *err)
{
    struct flow_identified identified = {.org = joining->org, .user = joining->user.id, .method = &flow_method_sign_up};
    return flow_sign_in_end(flow, joining->asker, &identified, arena, ret_signed_in, err);
}
