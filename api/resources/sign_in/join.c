/* Pages of who has no account yet: signing up at an organisation's address, and the code of an invitation. Without a
 * script; looking at a page never uses anything up. */
#include "api/problem.h"
#include "api/resources/pages.h"
#include "api/resources/sign_in/sign_in.h"
#include "flow/sign_up.h"

/* What was typed, to be shown again: never a code or a password. */
struct typed {
    struct str email, name;
};

static struct typed typed_of(const struct api_request *request)
{
    return (struct typed){api_form_field(request, "email"), api_form_field(request, "name")};
}

static void who_inputs(struct strbuf *main, const struct api_request *request, const struct typed *typed)
{
    const struct api_input name = {
        .name = "name", .kind = "text", .hints = "autocomplete=\"name\" maxlength=\"200\"", .value = typed->name};
    const struct api_input email = {.name = "email",
                                    .kind = "email",
                                    .hints = "autocomplete=\"username\" maxlength=\"254\"",
                                    .value = typed->email};
    api_form_input(main, request, API_WORD_NAME, &name);
    api_form_input(main, request, API_WORD_ADDRESS, &email);
}

static int head(struct strbuf *main, const struct api_request *request, const struct err *why)
{
    if (why->code == ERR_BAD_LOGIN)
        api_form_alert_word(main, request, API_WORD_INVITATION_WRONG);
    else if (why->code == ERR_INVALID && strcmp(why->pointer, "/name") == 0)
        api_form_alert_word(main, request, API_WORD_NAME_MISSING);
    else if (why->code == ERR_INVALID && strcmp(why->pointer, "/password") == 0)
        api_form_alert_word(main, request, API_WORD_PASSWORD_RULE);
    else if (why->code == ERR_INVALID && strcmp(why->pointer, "/email") == 0)
        api_form_alert_word(main, request, API_WORD_ADDRESS_BAD);
    else
        return api_form_alert(main, request, why);
    return api_problem_status(why->code);
}

/* ---- Signing up ---- */

static void sign_up_form(struct api *api, struct api_request *request, const struct typed *typed, const struct err *why)
{
    struct strbuf main = {.arena = request->arena};
    int status = head(&main, request, why);
    api_form_text(&main, request, API_WORD_SIGN_UP_HINT);
    api_form_begin(&main, "", STR_NONE); /* back to this address */
    who_inputs(&main, request, typed);
    api_form_end(&main, request, API_WORD_LINK_SEND);
    api_form_way(&main, STR("/sign-in"), str_c(api_say(request, API_WORD_AGAIN)));
    api_page_give_plain(api, request, status, str_c(api_say(request, API_WORD_SIGN_UP)), strbuf_str(&main));
}

int api_sign_up_page(struct api *api, struct api_request *request, struct err *err)
{
    struct typed nothing = {STR_NONE, STR_NONE};
    struct id org;
    if (api_path_id(request, 0, &org, err) < 0)
        return -1;
    if (!api->flow->mail)
        return err_set(err, ERR_NOT_FOUND, "%s", "");
    sign_up_form(api, request, &nothing, &api_no_err);
    return 0;
}

int api_sign_up_submit(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_asker asker = api_asker(request);
    struct typed typed = typed_of(request);
    struct flow_sign_up_wish wish = {.email = typed.email, .name = typed.name};
    struct flow_asked asked;
    if (api_path_id(request, 0, &wish.org, err) < 0)
        return -1;
    if (flow_sign_up_ask(api->flow, &asker, &wish, request->arena, &asked, err) < 0) {
        if (!api_is_typed(err))
            return -1;
        sign_up_form(api, request, &typed, err);
        return 0;
    }
    struct api_sent sent = {API_WORD_SIGN_UP_SENT_HINT, API_WORD_SIGN_UP_ANEW,
                            str_printf(request->arena, "/sign-up/%s", wish.org.s)};
    api_sent_give(api, request, &sent, &asked);
    return 0;
}

/* ---- Invitations ---- */

static void invitation_form(struct api *api, struct api_request *request, const struct typed *typed,
                            const struct err *why)
{
    static const struct api_input code = {
        .name = "code",
        .kind = "text",
        .hints = "autocomplete=\"off\" autocapitalize=\"characters\" spellcheck=\"false\" autofocus maxlength=\"40\""};
    static const struct api_input password = {
        .name = "password", .kind = "password", .hints = "autocomplete=\"new-password\" maxlength=\"1024\""};
    struct strbuf main = {.arena = request->arena};
    int status = head(&main, request, why);
    api_form_text(&main, request, API_WORD_INVITATION_HINT);
    api_form_begin(&main, "/sign-in/invitation", STR_NONE);
    api_form_input(&main, request, API_WORD_INVITATION_CODE, &code);
    who_inputs(&main, request, typed);
    if (!api->flow->mail) /* otherwise a link signs them in, and they set one when they like */
        api_form_input(&main, request, API_WORD_INVITATION_PASSWORD, &password);
    api_form_end(&main, request, API_WORD_CONTINUE);
    api_form_way(&main, STR("/sign-in"), str_c(api_say(request, API_WORD_AGAIN)));
    api_page_give_plain(api, request, status, str_c(api_say(request, API_WORD_INVITATION)), strbuf_str(&main));
}

int api_invitation_page(struct api *api, struct api_request *request, struct err *err)
{
    struct typed nothing = {STR_NONE, STR_NONE};
    (void)err;
    invitation_form(api, request, &nothing, &api_no_err);
    return 0;
}

int api_invitation_submit(struct api *api, struct api_request *request, struct err *err)
{
    static const struct api_sent sent = {
        API_WORD_SIGN_UP_SENT_HINT, API_WORD_SIGN_UP_ANEW, {"/sign-in/invitation", sizeof "/sign-in/invitation" - 1}};
    struct flow_asker asker = api_asker(request);
    struct typed typed = typed_of(request);
    const struct flow_redemption redemption = {api_form_field(request, "code"), typed.email, typed.name,
                                               api_form_field(request, "password")};
    struct flow_redeemed redeemed;
    if (flow_invitation_redeem(api->flow, &asker, &redemption, request->arena, &redeemed, err) < 0) {
        if (!api_is_typed(err))
            return -1;
        invitation_form(api, request, &typed, err);
        return 0;
    }
    if (redeemed.confirm)
        api_sent_give(api, request, &sent, &redeemed.asked);
    else
        api_sign_in_go_on(request, &redeemed.in, STR("/"));
    return 0;
}
