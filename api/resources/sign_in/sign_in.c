/* Pages to sign in, without a script: a form for the password, a button for the one-time link. Looking at a page never
 * uses anything up; only sending does. */
#include "api/resources/sign_in/sign_in.h"

#include "api/auth.h"
#include "api/resources/html.h"
#include "api/resources/pages.h"
#include "api/throttle.h"
#include "base/clock.h"

enum word { SIGN_IN, ADDRESS, PASSWORD, LINK, LINK_HINT, CONTINUE, AGAIN, WORDS };
static const char *const words[WORDS][2] = {
    [SIGN_IN] = {"Sign in", "Anmelden"},
    [ADDRESS] = {"E-mail address", "E-Mail-Adresse"},
    [PASSWORD] = {"Password", "Passwort"},
    [LINK] = {"Sign in with this link", "Mit diesem Link anmelden"},
    [LINK_HINT] = {"The link works once. Press the button to use it on this device.",
                   "Der Link gilt einmal. Mit der Schaltfläche wird er auf diesem Gerät verwendet."},
    [CONTINUE] = {"Continue", "Weiter"},
    [AGAIN] = {"Sign in another way", "Anders anmelden"},
};

static const char *say(const struct api_request *request, enum word word)
{
    return words[word][strcmp(request->language, "de") == 0];
}

/* Only a path of this site may be gone on to: "//evil" and "/\evil" are other sites to a browser. */
static struct str safe_next(struct str next)
{
    bool path = next.n > 0 && next.p[0] == '/' && !(next.n > 1 && (next.p[1] == '/' || next.p[1] == '\\'));
    for (size_t i = 0; i < next.n; i++)
        path = path && next.p[i] > 0x20 && next.p[i] < 0x7f;
    return path ? next : STR("/");
}

static void add_notice(struct strbuf *main, const struct api_request *request, const struct err *err)
{
    if (err->code == ERR_NONE)
        return;
    strbuf_add_c(main, "<p role=\"alert\" class=\"problem\">");
    api_html_text(main, err_sentence(err, request->language, request->arena));
    strbuf_add_c(main, "</p>\n");
}

static void sign_in_form(struct api *api, struct api_request *request, struct str next, const struct err *err)
{
    struct strbuf main = {.arena = request->arena};
    add_notice(&main, request, err);
    strbuf_add_c(&main, "<form method=\"post\" action=\"/sign-in\">\n<input type=\"hidden\" name=\"next\" value=\"");
    api_html_text(&main, safe_next(next));
    strbuf_printf(&main,
                  "\">\n<p><label for=\"email\">%s</label>\n<input id=\"email\" name=\"email\" type=\"email\" "
                  "autocomplete=\"username\" required autofocus maxlength=\"254\"></p>\n"
                  "<p><label for=\"password\">%s</label>\n<input id=\"password\" name=\"password\" "
                  "type=\"password\" autocomplete=\"current-password\" required maxlength=\"1024\"></p>\n"
                  "<p><button type=\"submit\">%s</button></p>\n</form>\n",
                  say(request, ADDRESS), say(request, PASSWORD), say(request, SIGN_IN));
    api_page_give_plain(api, request, err->code == ERR_NONE ? 200 : request->answer.status,
                        str_c(say(request, SIGN_IN)), strbuf_str(&main));
}

int api_sign_in_page(struct api *api, struct api_request *request, struct err *err)
{
    (void)err;
    sign_in_form(api, request, api_request_param(request, "next"), &(struct err){.code = ERR_NONE});
    return 0;
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
    return (struct flow_asker){.address = request->address,
                               .former = api_cookie(api_request_field(request, "cookie"), API_COOKIE),
                               .language = request->language,
                               .request = request->id};
}

void api_sign_in_go_on(struct api_request *request, const struct flow_signed_in *in, struct str next)
{
    api_answer_set(&request->answer, 303, NULL, STR_NONE);
    api_answer_field(&request->answer, "Location", safe_next(next));
    api_answer_field(&request->answer, "Set-Cookie", api_auth_cookie(in->token, request->arena));
}

int api_sign_in_submit(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_password_sign_in input = {api_form_field(request, "email"), api_form_field(request, "password")};
    struct flow_asker asker = api_asker(request);
    struct flow_signed_in in = {0};
    int64_t now = clock_mono_ms();
    int r = api_throttle_check(api->throttle, input.email, request->address, now, err);
    if (r == 0 && (r = flow_sign_in_password(api->flow, &asker, &input, request->arena, &in, err)) < 0 &&
        err->code == ERR_BAD_LOGIN)
        api_throttle_failed(api->throttle, input.email, request->address, now);
    if (r < 0 && err->code != ERR_BAD_LOGIN)
        return -1;
    if (r < 0) {
        request->answer.status = 401;
        sign_in_form(api, request, api_form_field(request, "next"), err);
        return 0;
    }
    api_sign_in_go_on(request, &in, api_form_field(request, "next"));
    return 0;
}

int api_link_page(struct api *api, struct api_request *request, struct err *err)
{
    struct strbuf main = {.arena = request->arena};
    (void)err;
    strbuf_printf(&main, "<p>%s</p>\n<form method=\"post\">\n<p><button type=\"submit\">%s</button></p>\n</form>\n",
                  say(request, LINK_HINT), say(request, CONTINUE));
    api_page_give_plain(api, request, 200, str_c(say(request, LINK)), strbuf_str(&main));
    return 0;
}

int api_link_submit(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_asker asker = api_asker(request);
    struct flow_signed_in in;
    struct str account = STR("link");
    int64_t now = clock_mono_ms();
    if (api_throttle_check(api->throttle, account, request->address, now, err) < 0)
        return -1;
    if (flow_sign_in_link(api->flow, &asker, request->ids[0], request->arena, &in, err) == 0) {
        api_sign_in_go_on(request, &in, STR("/"));
        return 0;
    }
    if (err->code != ERR_BAD_LOGIN)
        return -1;
    api_throttle_failed(api->throttle, account, request->address, now);
    struct strbuf main = {.arena = request->arena};
    add_notice(&main, request, err);
    strbuf_printf(&main, "<p><a class=\"button\" href=\"/sign-in\">%s</a></p>\n", say(request, AGAIN));
    api_page_give_plain(api, request, 401, str_c(say(request, LINK)), strbuf_str(&main));
    return 0;
}
