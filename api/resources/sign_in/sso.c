/* Pages of single sign-on, without a script: which provider, to its page, and back; see flow/oidc.h. Looking at a page
 * begins nothing; only sending a form does. */
#include "api/auth.h"
#include "api/problem.h"
#include "api/resources/html.h"
#include "api/resources/pages.h"
#include "api/resources/sign_in/sign_in.h"
#include "flow/oidc.h"

enum word { TITLE, ADDRESS, HINT, CONTINUE, NONE, AGAIN, AT, ON_THE_WAY, GO, NOT_IN, WORDS };
static const char *const words[WORDS][2] = {
    [TITLE] = {"Sign in with your organisation", "Mit Ihrer Organisation anmelden"},
    [ADDRESS] = {"E-mail address", "E-Mail-Adresse"},
    [HINT] = {"Your address tells which provider your organisation uses.",
              "Ihre Adresse sagt, welchen Anbieter Ihre Organisation benutzt."},
    [CONTINUE] = {"Continue", "Weiter"},
    [NONE] = {"No organisation here has named a provider for this address.",
              "Keine Organisation hier hat für diese Adresse einen Anbieter genannt."},
    [AGAIN] = {"Sign in another way", "Anders anmelden"},
    [AT] = {"Sign in at", "Anmelden bei"},
    [ON_THE_WAY] = {"To the provider", "Zum Anbieter"},
    [GO] = {"Your browser goes on by itself. If it does not:", "Ihr Browser geht von selbst weiter. Wenn nicht:"},
    [NOT_IN] = {"Not signed in", "Nicht angemeldet"},
};

static const char *say(const struct api_request *request, enum word word)
{
    return words[word][strcmp(request->language, "de") == 0];
}

static void add_way_back(struct strbuf *main, const struct api_request *request)
{
    strbuf_printf(main, "<p><a href=\"/sign-in\">%s</a></p>\n", say(request, AGAIN));
}

int api_sso_page(struct api *api, struct api_request *request, struct err *err)
{
    struct strbuf main = {.arena = request->arena};
    (void)err;
    strbuf_printf(&main,
                  "<p>%s</p>\n<form method=\"post\" action=\"/sign-in/sso\">\n<p><label for=\"email\">%s</label>\n"
                  "<input id=\"email\" name=\"email\" type=\"email\" autocomplete=\"username\" required autofocus "
                  "maxlength=\"254\"></p>\n<p><button type=\"submit\">%s</button></p>\n</form>\n",
                  say(request, HINT), say(request, ADDRESS), say(request, CONTINUE));
    add_way_back(&main, request);
    api_page_give_plain(api, request, 200, str_c(say(request, TITLE)), strbuf_str(&main));
    return 0;
}

/* A form whose button leads to the provider. */
static void add_offer(struct strbuf *main, const struct api_request *request, const struct flow_oidc_offer *offer,
                      struct str next)
{
    strbuf_add_c(main, "<form method=\"post\" action=\"/sign-in/sso/");
    api_html_text(main, offer->id);
    strbuf_add_c(main, "\">\n<input type=\"hidden\" name=\"next\" value=\"");
    api_html_text(main, next);
    strbuf_printf(main, "\">\n<p><button type=\"submit\">%s ", say(request, AT));
    api_html_text(main, offer->name);
    strbuf_add_c(main, "</button></p>\n</form>\n");
}

int api_sso_find(struct api *api, struct api_request *request, struct err *err)
{
    struct strbuf main = {.arena = request->arena};
    struct json_list offers;
    if (flow_oidc_offers(api->flow, api_form_field(request, "email"), request->arena, &offers, err) < 0)
        return -1;
    if (offers.n == 0)
        strbuf_printf(&main, "<p role=\"alert\" class=\"problem\">%s</p>\n", say(request, NONE));
    for (size_t i = 0; i < offers.n; i++)
        add_offer(&main, request, (const struct flow_oidc_offer *)offers.items + i, STR(""));
    add_way_back(&main, request);
    api_page_give_plain(api, request, 200, str_c(say(request, TITLE)), strbuf_str(&main));
    return 0;
}

int api_sso_offer(struct api *api, struct api_request *request, struct err *err)
{
    struct strbuf main = {.arena = request->arena};
    struct flow_oidc_offer offer;
    struct str next = api_request_param(request, "next");
    struct id id;
    if (api_path_id(request, 0, &id, err) < 0 || flow_oidc_offer(api->flow, id, request->arena, &offer, err) < 0)
        return -1;
    add_offer(&main, request, &offer, next.p ? next : STR(""));
    add_way_back(&main, request);
    api_page_give_plain(api, request, 200, str_c(say(request, TITLE)), strbuf_str(&main));
    return 0;
}

/* Only what travels on the provider's own form may come along from another site. */
static struct str browser_cookie(struct str token, bool form_post, struct arena *arena)
{
    return str_printf(arena, API_COOKIE_SSO "=%.*s; Path=/; Max-Age=%d; Secure; HttpOnly; SameSite=%s", STR_ARG(token),
                      token.n ? FLOW_OIDC_SECONDS : 0, form_post ? "None" : "Lax");
}

/* A page that leads on, not a redirect: browsers hold redirects of a form against form-action, all the way. */
int api_sso_begin(struct api *api, struct api_request *request, struct err *err)
{
    struct strbuf main = {.arena = request->arena};
    struct flow_asker asker = api_asker(request);
    struct flow_oidc_wish wish = {.next = api_form_field(request, "next")};
    struct flow_oidc_begun begun;
    if (api_path_id(request, 0, &wish.provider, err) < 0 ||
        flow_oidc_begin(api->flow, &asker, &wish, request->arena, &begun, err) < 0)
        return -1;
    strbuf_printf(&main, "<p>%s</p>\n<p><a class=\"button\" href=\"", say(request, GO));
    api_html_text(&main, begun.url);
    strbuf_printf(&main, "\">%s</a></p>\n", say(request, CONTINUE));
    api_page_give_plain(api, request, 200, str_c(say(request, ON_THE_WAY)), strbuf_str(&main));
    api_answer_field(&request->answer, "Refresh", str_printf(request->arena, "0;url=%.*s", STR_ARG(begun.url)));
    api_answer_field(&request->answer, "Referrer-Policy", STR("no-referrer"));
    api_answer_field(&request->answer, "Set-Cookie", browser_cookie(begun.browser, begun.form_post, request->arena));
    return 0;
}

/* A parameter of the query or, of a form that the provider's page sent, of the body; counts how often it came. */
static struct str parameter(const struct api_request *request, const char *name, bool *repeated)
{
    struct str rest = strbuf_str(&request->body), pair, left;
    bool posted = request->route->method == API_POST;
    size_t n = posted ? 0 : api_request_count(request, name);
    while (posted && rest.n && str_split(&rest, '&', &pair))
        n += str_split(&pair, '=', &left) && str_eq(left, str_c(name));
    *repeated = *repeated || n > 1;
    return n == 0 ? STR_NONE : posted ? api_form_field(request, name) : api_request_param(request, name);
}

static struct flow_oidc_callback callback_of(const struct api_request *request, struct id provider)
{
    struct flow_oidc_callback callback = {
        .provider = provider,
        .posted = request->route->method == API_POST,
        .browser = api_cookie(api_request_field(request, "cookie"), API_COOKIE_SSO),
    };
    callback.state = parameter(request, "state", &callback.repeated);
    callback.code = parameter(request, "code", &callback.repeated);
    callback.error = parameter(request, "error", &callback.repeated);
    callback.iss = parameter(request, "iss", &callback.repeated);
    callback.repeated = callback.repeated || (callback.posted && request->n_query > 0);
    return callback;
}

static void show_refused(struct api *api, struct api_request *request, const struct err *why)
{
    struct strbuf main = {.arena = request->arena};
    strbuf_add_c(&main, "<p role=\"alert\" class=\"problem\">");
    api_html_text(&main, err_sentence(why, request->language, request->arena));
    strbuf_printf(&main, "</p>\n<p><a class=\"button\" href=\"/sign-in\">%s</a></p>\n<p><small>%s</small></p>\n",
                  say(request, AGAIN), request->id);
    api_page_give_plain(api, request, api_problem_status(why->code), str_c(say(request, NOT_IN)), strbuf_str(&main));
}

int api_sso_callback(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_asker asker = api_asker(request);
    struct flow_oidc_arrived arrived;
    struct id id;
    if (!api_request_is_visit(request))
        return err_set(err, ERR_METHOD, "%s", "GET, POST");
    if (api_path_id(request, 0, &id, err) < 0)
        return -1;
    const struct flow_oidc_callback callback = callback_of(request, id);
    if (flow_oidc_end(api->flow, &asker, &callback, request->arena, &arrived, err) == 0) {
        api_sign_in_go_on(request, &arrived.in, arrived.next);
    } else {
        if (api->settings.on_failure) /* the log says why; the page says what to do */
            api->settings.on_failure(err, request->route->path, request->id);
        show_refused(api, request, err);
    }
    if (callback.browser.p)
        api_answer_field(&request->answer, "Set-Cookie", browser_cookie(STR(""), callback.posted, request->arena));
    return 0;
}
