/* See form.h. */
#include "api/resources/sign_in/form.h"

#include "api/problem.h"
#include "api/resources/html.h"

static const char *const words[API_WORDS][2] = {
#define X(name, en, de) {en, de},
#include "api/resources/sign_in/words.def"
#undef X
};

const char *api_say(const struct api_request *request, enum api_word word)
{
    return words[word][strcmp(request->language, "de") == 0];
}

void api_form_text(struct strbuf *main, const struct api_request *request, enum api_word word)
{
    strbuf_printf(main, "<p>%s</p>\n", api_say(request, word));
}

static void alert(struct strbuf *main, struct str text)
{
    strbuf_add_c(main, "<p role=\"alert\" class=\"problem\">");
    api_html_text(main, text);
    strbuf_add_c(main, "</p>\n");
}

int api_form_alert(struct strbuf *main, const struct api_request *request, const struct err *err)
{
    if (err->code == ERR_NONE)
        return 200;
    alert(main, err_sentence(err, request->language, request->arena));
    return api_problem_status(err->code);
}

void api_form_alert_word(struct strbuf *main, const struct api_request *request, enum api_word word)
{
    alert(main, str_c(api_say(request, word)));
}

void api_form_begin(struct strbuf *main, const char *action, struct str next)
{
    strbuf_printf(main, "<form method=\"post\" action=\"%s\">\n", action);
    if (!next.p)
        return;
    strbuf_add_c(main, "<input type=\"hidden\" name=\"next\" value=\"");
    api_html_text(main, next);
    strbuf_add_c(main, "\">\n");
}

void api_form_input(struct strbuf *main, const struct api_request *request, enum api_word label,
                    const struct api_input *input)
{
    strbuf_printf(main, "<p><label for=\"%s\">%s</label>\n<input id=\"%s\" name=\"%s\" type=\"%s\" %s%s", input->name,
                  api_say(request, label), input->name, input->name, input->kind, input->hints,
                  input->optional ? "" : " required");
    if (input->value.p) {
        strbuf_add_c(main, " value=\"");
        api_html_text(main, input->value);
        strbuf_add_c(main, "\"");
    }
    strbuf_add_c(main, "></p>\n");
}

void api_form_end(struct strbuf *main, const struct api_request *request, enum api_word button)
{
    strbuf_printf(main, "<p><button type=\"submit\">%s</button></p>\n</form>\n", api_say(request, button));
}

void api_form_way(struct strbuf *main, struct str path, struct str label)
{
    strbuf_add_c(main, "<p><a class=\"button\" href=\"");
    api_html_text(main, path);
    strbuf_add_c(main, "\">");
    api_html_text(main, label);
    strbuf_add_c(main, "</a></p>\n");
}
