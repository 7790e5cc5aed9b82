/* The page to sign in: a form for the password, and the other ways. Without a script; looking at a page never uses
 * anything up, only sending does. */
#include "api/resources/sign_in/sign_in.h"

#include "api/auth.h"
#include "api/resources/pages.h"

/* ---- What all pages of sign-in share ---- */

const struct err api_no_err = {.code = ERR_NONE};

struct str api_safe_next(struct str next)
{
    /* "//evil" and "/\evil" are other sites to a browser. */
    bool path = next.n > 0 && next.p[0] == '/' && !(next.n > 1 && (next.p[1] == '/' || next.p[1] == '\\'));
    for (size_t i = 0; i < next.n; i++)
        path = path && next.p[i] > 0x20 && next.p[i] < 0x7f;
    return path ? next : STR("/");
}

struct str api_form_field(const struct api_request *request, const char *name)
{
    struct str rest = strbuf_str(&request->body), pair, value;
    while (rest.n && str_split(&rest, '&', &pair)) {
        struct str left;
        if (!str_split(&pair, '=', &left) || !str_eq(left, str_c(name)))
            continue;
        return api_percent_decode(pair, true, request->arena, &value) ? value : STR("");
    }
    return STR("");
}

struct flow_asker api_asker(const struct api_request *request)
{
    struct str cookies = api_request_field(request, "cookie");
    return (struct flow_asker){.address = request->address,
                               .client = api_request_field(request, "user-agent"),
                               .former = api_cookie(cookies, API_COOKIE),
                               .browser = api_cookie(cookies, API_COOKIE_DOOR),
                               .language = request->language,
                               .request = request->id};
}

bool api_is_typed(const struct err *err)
{
    return err->code == ERR_BAD_LOGIN || err->code == ERR_INVALID || err->code == ERR_RATE;
}

void api_sign_in_cookies(struct api_request *request, const struct flow_signed_in *in)
{
    api_answer_field(&request->answer, "Set-Cookie", api_auth_cookie(in->token, request->arena));
    api_answer_field(&request->answer, "Set-Cookie", api_auth_door_cookie_gone());
}

void api_sign_in_go_on(struct api_request *request, const struct flow_signed_in *in, struct str next)
{
    static const char *const steps[] = {
        [FLOW_ASKS_CODE] = "/sign-in/second-factor", [FLOW_ASKS_ENROLMENT] = "/sign-in/enrolment"};
    struct str to = api_safe_next(next);
    api_answer_set(&request->answer, 303, NULL, STR_NONE);
    if (in->stage == FLOW_SIGNED_IN) {
        api_answer_field(&request->answer, "Location", to);
        api_sign_in_cookies(request, in);
        return;
    }
    api_answer_field(&request->answer, "Location", api_with_next(steps[in->stage], to, request->arena));
    api_answer_field(&request->answer, "Set-Cookie", api_auth_door_cookie(in->token, request->arena));
}

/* ---- The page ---- */

/* Ways besides the form: one button each, of whatever method. */
static int add_ways(struct api *api, struct api_request *request, struct strbuf *main, struct err *err)
{
    struct json_list choices;
    bool first = true;
    if (flow_sign_in_choices(api->flow, request->language, request->arena, &choices, err) < 0)
        return -1;
    for (size_t i = 0; i < choices.n; i++) {
        const struct flow_sign_in_choice *choice = (const struct flow_sign_in_choice *)choices.items + i;
        if (!choice->path.p)
            continue;
        if (first)
            strbuf_printf(main, "<p class=\"or\">%s</p>\n", api_say(request, API_WORD_OR));
        first = false;
        api_form_way(main, choice->path, choice->label);
    }
    return 0;
}

static int sign_in_form(struct api *api, struct api_request *request, struct str next, const struct err *why,
                        struct err *err)
{
    static const struct api_input email = {
        .name = "email", .kind = "email", .hints = "autocomplete=\"username\" autofocus maxlength=\"254\""};
    static const struct api_input password = {
        .name = "password", .kind = "password", .hints = "autocomplete=\"current-password\" maxlength=\"1024\""};
    struct strbuf main = {.arena = request->arena};
    int status = api_form_alert(&main, request, why);
    api_form_begin(&main, "/sign-in", api_safe_next(next));
    api_form_input(&main, request, API_WORD_ADDRESS, &email);
    api_form_input(&main, request, API_WORD_PASSWORD, &password);
    api_form_end(&main, request, API_WORD_SIGN_IN);
    if (add_ways(api, request, &main, err) < 0)
        return -1;
    api_page_give_plain(api, request, status, str_c(api_say(request, API_WORD_SIGN_IN)), strbuf_str(&main));
    return 0;
}

int api_sign_in_page(struct api *api, struct api_request *request, struct err *err)
{
    return sign_in_form(api, request, api_request_param(request, "next"), &api_no_err, err);
}

int api_sign_in_submit(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_password_sign_in input = {api_form_field(request, "email"), api_form_field(request, "password"),
                                          STR_NONE};
    struct str next = api_form_field(request, "next");
    struct flow_asker asker = api_asker(request);
    struct flow_signed_in in;
    struct err why;
    if (flow_sign_in_password(api->flow, &asker, &input, request->arena, &in, err) < 0) {
        why = *err;
        return api_is_typed(&why) ? sign_in_form(api, request, next, &why, err) : -1;
    }
    api_sign_in_go_on(request, &in, next);
    return 0;
}
