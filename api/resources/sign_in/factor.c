/* Pages of the second factor: the code that is asked for, and setting one up when it is required. */
#include "api/problem.h"
#include "api/resources/html.h"
#include "api/resources/pages.h"
#include "api/resources/sign_in/sign_in.h"
#include "flow/second_factor.h"

static const struct api_input code_input = {
    .name = "code", .kind = "text", .hints = "autocomplete=\"one-time-code\" autofocus maxlength=\"40\""};

/* Who is not half signed in begins again. */
static void begin_again(struct api_request *request)
{
    api_answer_set(&request->answer, 303, NULL, STR_NONE);
    api_answer_field(&request->answer, "Location", STR("/sign-in"));
}

/* What to do about an error: 1 = show it on the form's page, 0 = answered, -1 = fails. */
static int judge(struct api_request *request, const struct err *err)
{
    if (err->code == ERR_BAD_LOGIN) {
        begin_again(request);
        return 0;
    }
    return api_is_typed(err) ? 1 : -1;
}

/* What was wrong, as the page's head; its status. */
static int head(struct strbuf *main, const struct api_request *request, const struct err *why)
{
    if (why->code != ERR_INVALID)
        return api_form_alert(main, request, why);
    api_form_alert_word(main, request, API_WORD_FACTOR_WRONG);
    return api_problem_status(why->code);
}

/* ---- The code ---- */

static void code_page(struct api *api, struct api_request *request, struct str next, const struct err *why)
{
    struct strbuf main = {.arena = request->arena};
    int status = head(&main, request, why);
    api_form_text(&main, request, API_WORD_FACTOR_HINT);
    api_form_begin(&main, "/sign-in/second-factor", api_safe_next(next));
    api_form_input(&main, request, API_WORD_FACTOR_CODE, &code_input);
    api_form_end(&main, request, API_WORD_CONTINUE);
    api_form_way(&main, STR("/sign-in"), str_c(api_say(request, API_WORD_AGAIN)));
    api_page_give_plain(api, request, status, str_c(api_say(request, API_WORD_FACTOR)), strbuf_str(&main));
}

/* Half signed in, at this stage? Otherwise the way there is answered: 0. */
static int at_stage(struct api *api, struct api_request *request, enum flow_sign_in_stage wanted,
                    struct flow_actor *ret_actor, struct err *err)
{
    struct flow_asker asker = api_asker(request);
    enum flow_sign_in_stage stage;
    if (flow_sign_in_pending(api->flow, &asker, request->arena, ret_actor, &stage, err) < 0)
        return judge(request, err);
    if (stage == wanted)
        return 1;
    begin_again(request);
    return 0;
}

int api_factor_page(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_actor actor;
    int r = at_stage(api, request, FLOW_ASKS_CODE, &actor, err);
    if (r == 1)
        code_page(api, request, api_request_param(request, "next"), &api_no_err);
    return r < 0 ? -1 : 0;
}

int api_factor_submit(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_asker asker = api_asker(request);
    struct str next = api_form_field(request, "next");
    struct flow_signed_in in;
    if (flow_sign_in_code(api->flow, &asker, api_form_field(request, "code"), request->arena, &in, err) < 0) {
        int r = judge(request, err);
        if (r == 1)
            code_page(api, request, next, err);
        return r < 0 ? -1 : 0;
    }
    api_sign_in_go_on(request, &in, next);
    return 0;
}

/* ---- Setting one up ---- */

static void enrolment_page(struct api *api, struct api_request *request, const struct flow_enrolment *enrolment,
                           struct str next, const struct err *why)
{
    struct strbuf main = {.arena = request->arena};
    int status = head(&main, request, why);
    api_form_text(&main, request, API_WORD_ENROL_SCAN);
    strbuf_printf(&main, "<p class=\"qr\">%.*s</p>\n", STR_ARG(enrolment->qr)); /* our own drawing, no foreign text */
    api_form_text(&main, request, API_WORD_ENROL_TYPE);
    strbuf_add_c(&main, "<p class=\"address\"><code>");
    for (size_t i = 0; i < enrolment->secret.n; i += 4)
        strbuf_printf(&main, "%s%.*s", i ? " " : "", STR_ARG(str_slice(enrolment->secret, i, i + 4)));
    strbuf_add_c(&main, "</code></p>\n");
    api_form_begin(&main, "/sign-in/enrolment/code", api_safe_next(next));
    api_form_input(&main, request, API_WORD_ENROL_CODE, &code_input);
    api_form_end(&main, request, API_WORD_CONTINUE);
    api_page_give_plain(api, request, status, str_c(api_say(request, API_WORD_ENROL)), strbuf_str(&main));
}

int api_enrolment_page(struct api *api, struct api_request *request, struct err *err)
{
    struct strbuf main = {.arena = request->arena};
    struct flow_actor actor;
    int r = at_stage(api, request, FLOW_ASKS_ENROLMENT, &actor, err);
    if (r != 1)
        return r;
    api_form_text(&main, request, API_WORD_ENROL_WHY);
    api_form_begin(&main, "/sign-in/enrolment", api_safe_next(api_request_param(request, "next")));
    api_form_end(&main, request, API_WORD_ENROL_BEGIN);
    api_page_give_plain(api, request, 200, str_c(api_say(request, API_WORD_ENROL)), strbuf_str(&main));
    return 0;
}

int api_enrolment_begin(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_enrolment enrolment;
    struct flow_actor actor;
    int r = at_stage(api, request, FLOW_ASKS_ENROLMENT, &actor, err);
    if (r != 1)
        return r;
    if (flow_factor_begin(api->flow, &actor, request->arena, &enrolment, err) < 0)
        return -1;
    enrolment_page(api, request, &enrolment, api_form_field(request, "next"), &api_no_err);
    return 0;
}

/* Not the first code: the same picture once more. */
static int enrol_again(struct api *api, struct api_request *request, const struct err *why, struct err *err)
{
    struct flow_enrolment enrolment;
    struct flow_actor actor;
    int r = at_stage(api, request, FLOW_ASKS_ENROLMENT, &actor, err);
    if (r != 1)
        return r;
    if (flow_factor_show(api->flow, &actor, request->arena, &enrolment, err) < 0)
        return -1;
    enrolment_page(api, request, &enrolment, api_form_field(request, "next"), why);
    return 0;
}

int api_enrolment_confirm(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_asker asker = api_asker(request);
    struct flow_enrolled enrolled;
    if (flow_sign_in_enrol(api->flow, &asker, api_form_field(request, "code"), request->arena, &enrolled, err) < 0) {
        struct err why = *err;
        int r = judge(request, &why);
        return r == 1 ? enrol_again(api, request, &why, err) : r;
    }
    struct strbuf main = {.arena = request->arena};
    const struct str *codes = enrolled.recovery.codes.items;
    api_form_text(&main, request, API_WORD_ENROL_DONE_HINT);
    strbuf_add_c(&main, "<ul class=\"codes\">\n");
    for (size_t i = 0; i < enrolled.recovery.codes.n; i++)
        strbuf_printf(&main, "<li><code>%.*s</code></li>\n", STR_ARG(codes[i]));
    strbuf_add_c(&main, "</ul>\n");
    api_form_way(&main, api_safe_next(api_form_field(request, "next")), str_c(api_say(request, API_WORD_KEPT)));
    api_page_give_plain(api, request, 200, str_c(api_say(request, API_WORD_ENROL_DONE)), strbuf_str(&main));
    api_sign_in_cookies(request, &enrolled.in);
    return 0;
}
