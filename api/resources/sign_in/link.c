/* Pages of links by mail, to sign in and to confirm an address: asking, what the asking browser then shows, using. */
#include "api/auth.h"
#include "api/resources/pages.h"
#include "api/resources/sign_in/sign_in.h"
#include "flow/login_link.h"
#include "flow/sign_up.h"

/* ---- Asking ---- */

static void ask_page(struct api *api, struct api_request *request, struct str email, const struct err *why)
{
    const struct api_input input = {.name = "email",
                                    .kind = "email",
                                    .hints = "autocomplete=\"username\" autofocus maxlength=\"254\"",
                                    .value = email};
    struct strbuf main = {.arena = request->arena};
    int status = api_form_alert(&main, request, why);
    api_form_text(&main, request, API_WORD_LINK_ASK_HINT);
    api_form_begin(&main, "/sign-in/link", STR_NONE);
    api_form_input(&main, request, API_WORD_ADDRESS, &input);
    api_form_end(&main, request, API_WORD_LINK_SEND);
    api_form_way(&main, STR("/sign-in"), str_c(api_say(request, API_WORD_AGAIN)));
    api_page_give_plain(api, request, status, str_c(api_say(request, API_WORD_LINK_ASK)), strbuf_str(&main));
}

int api_link_ask_page(struct api *api, struct api_request *request, struct err *err)
{
    if (!api->flow->mail)
        return err_set(err, ERR_NOT_FOUND, "%s", "");
    ask_page(api, request, STR_NONE, &api_no_err);
    return 0;
}

int api_link_ask_submit(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_asker asker = api_asker(request);
    struct str email = api_form_field(request, "email");
    struct flow_asked asked;
    if (flow_link_ask(api->flow, &asker, email, request->arena, &asked, err) < 0) {
        if (!api_is_typed(err))
            return -1;
        ask_page(api, request, email, err);
        return 0;
    }
    api_sent_give(api, request, &(struct api_sent){API_WORD_LINK_SENT_HINT, API_WORD_LINK_ANEW, STR("/sign-in/link")},
                  &asked);
    return 0;
}

void api_sent_give(struct api *api, struct api_request *request, const struct api_sent *sent,
                   const struct flow_asked *asked)
{
    struct strbuf main = {.arena = request->arena};
    api_form_text(&main, request, sent->hint);
    api_form_text(&main, request, API_WORD_LINK_CODE_HERE);
    strbuf_printf(&main, "<p class=\"code\"><code>%.3s %.3s</code></p>\n", asked->code.p, asked->code.p + 3);
    api_form_way(&main, sent->back, str_c(api_say(request, sent->anew)));
    api_page_give_plain(api, request, 200, str_c(api_say(request, API_WORD_LINK_SENT)), strbuf_str(&main));
    api_answer_field(&request->answer, "Set-Cookie", api_auth_door_cookie(asked->browser, request->arena));
}

/* ---- Using ---- */

/* A kind of link that works once: to sign in, to confirm an address. */
struct once {
    enum api_word title, hint;
    int (*use)(const struct flow *flow, const struct flow_asker *asker, const struct flow_link_used *used,
               struct arena *arena, struct flow_signed_in *ret_signed_in, struct err *err);
};
static const struct once to_sign_in = {API_WORD_LINK, API_WORD_LINK_HINT, flow_sign_in_link};
static const struct once to_confirm = {API_WORD_CONFIRM, API_WORD_CONFIRM_HINT, flow_sign_up_confirm};

/* The address is the secret, and no other site learns it: every page of ours says Referrer-Policy "same-origin". With
 * "no-referrer" browsers would send "Origin: null" with the form, which is refused. */
static void give_page(struct api *api, struct api_request *request, const struct once *once, int status,
                      const struct strbuf *main)
{
    api_page_give_plain(api, request, status, str_c(api_say(request, once->title)), strbuf_str(main));
}

/* GET and HEAD look at nothing: whoever fetches links ahead of people uses up none. */
static void button_page(struct api *api, struct api_request *request, const struct once *once)
{
    struct strbuf main = {.arena = request->arena};
    api_form_text(&main, request, once->hint);
    api_form_begin(&main, "", STR_NONE);
    api_form_end(&main, request, API_WORD_CONTINUE);
    give_page(api, request, once, 200, &main);
}

/* Another browser than the one that asked. */
static void code_page(struct api *api, struct api_request *request, const struct once *once, bool typed)
{
    static const struct api_input input = {.name = "code",
                                           .kind = "text",
                                           .hints =
                                               "autocomplete=\"off\" inputmode=\"numeric\" autofocus maxlength=\"20\""};
    struct strbuf main = {.arena = request->arena};
    if (typed)
        api_form_alert_word(&main, request, API_WORD_LINK_CODE_WRONG);
    api_form_text(&main, request, API_WORD_LINK_CODE_HINT);
    api_form_begin(&main, "", STR_NONE);
    api_form_input(&main, request, API_WORD_LINK_CODE, &input);
    api_form_end(&main, request, API_WORD_CONTINUE);
    give_page(api, request, once, 422, &main);
}

static int use_once(struct api *api, struct api_request *request, const struct once *once, struct err *err)
{
    struct flow_asker asker = api_asker(request);
    struct flow_link_used used = {request->ids[0], api_form_field(request, "code")};
    struct strbuf main = {.arena = request->arena};
    struct flow_signed_in in;
    if (once->use(api->flow, &asker, &used, request->arena, &in, err) == 0) {
        api_sign_in_go_on(request, &in, STR("/"));
        return 0;
    }
    if (!api_is_typed(err))
        return -1;
    if (err->code == ERR_INVALID) {
        code_page(api, request, once, used.code.n > 0);
        return 0;
    }
    int status = api_form_alert(&main, request, err);
    api_form_way(&main, STR("/sign-in"), str_c(api_say(request, API_WORD_AGAIN)));
    give_page(api, request, once, status, &main);
    return 0;
}

int api_link_page(struct api *api, struct api_request *request, struct err *err _unused_)
{
    button_page(api, request, &to_sign_in);
    return 0;
}

int api_link_submit(struct api *api, struct api_request *request, struct err *err)
{
    return use_once(api, request, &to_sign_in, err);
}

int api_confirm_page(struct api *api, struct api_request *request, struct err *err _unused_)
{
    button_page(api, request, &to_confirm);
    return 0;
}

int api_confirm_submit(struct api *api, struct api_request *request, struct err *err)
{
    return use_once(api, request, &to_confirm, err);
}
