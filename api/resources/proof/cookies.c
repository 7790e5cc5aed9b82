/* /cookies: what is set, why and for how long, as a page for people and as JSON, made from cookies.def. */
#include "api/auth.h"
#include "api/resources/html.h"
#include "api/resources/pages.h"

struct cookie {
    const char *name, *life[2], *purpose[2]; /* English, German */
};
#define X(name, life_en, life_de, purpose_en, purpose_de) {name, {life_en, life_de}, {purpose_en, purpose_de}},
static const struct cookie cookies[] = {
#include "api/cookies.def"
};
#undef X

static void give_json(struct api_request *request, int german)
{
    struct strbuf out = {.arena = request->arena};
    strbuf_add_c(&out, "{\"items\":[");
    for (size_t i = 0; i < ARRAY_LEN(cookies); i++) {
        strbuf_add_c(&out, i ? ",{\"name\":" : "{\"name\":");
        json_quote(&out, str_c(cookies[i].name));
        strbuf_add_c(&out, ",\"lifetime\":");
        json_quote(&out, str_c(cookies[i].life[german]));
        strbuf_add_c(&out, ",\"purpose\":");
        json_quote(&out, str_c(cookies[i].purpose[german]));
        strbuf_add_char(&out, '}');
    }
    strbuf_add_c(&out, "]}");
    api_answer_set(&request->answer, 200, "application/json", strbuf_str(&out));
    api_answer_field(&request->answer, "Vary", STR("Accept, Accept-Language"));
}

int api_cookies_page(struct api *api, struct api_request *request, struct err *err)
{
    struct strbuf main = {.arena = request->arena};
    int german = strcmp(request->language, "de") == 0;
    bool json;
    if (api_page_or_json(request, &json, err) < 0)
        return -1;
    if (json) {
        give_json(request, german);
        return 0;
    }
    strbuf_printf(
        &main, "<p>%s</p>\n<dl>\n",
        german ? "Nur, was die Anmeldung braucht: kein Cookie zählt, verfolgt oder geht an andere. Alle sind Secure, "
                 "HttpOnly und an diese Adresse gebunden."
               : "Only what signing in needs: none counts, follows or goes to others. All are Secure, HttpOnly and "
                 "bound to this address.");
    for (size_t i = 0; i < ARRAY_LEN(cookies); i++) {
        strbuf_add_c(&main, "<dt><code>");
        api_html_text(&main, str_c(cookies[i].name));
        strbuf_add_c(&main, "</code></dt>\n<dd>");
        api_html_text(&main, str_c(cookies[i].purpose[german]));
        strbuf_add_c(&main, " <small>");
        api_html_text(&main, str_c(cookies[i].life[german]));
        strbuf_add_c(&main, "</small></dd>\n");
    }
    strbuf_add_c(&main, "</dl>\n");
    api_page_give_plain(api, request, 200, STR("Cookies"), strbuf_str(&main));
    return 0;
}
