/* The pages that prove, for people without a script and for programs: both are made from the one shape of flow/proof.h,
 * so they cannot differ. */
#include "api/resources/pages.h"
#include "api/page.h"
#include "api/resources/html.h"
#include "api/router.h"
#include "flow/proof_pages.h"

/* ?lang=de over what the reader's browser says; anything else is not heard. */
static const char *asked_language(const struct api_request *request)
{
    struct str lang = api_request_param(request, "lang");
    return str_eq(lang, STR("de")) ? "de" : str_eq(lang, STR("en")) ? "en" : NULL;
}

/* Nobody is signed in: only the language is known. */
static struct flow_actor reader_of(const struct api_request *request)
{
    struct flow_actor reader = request->who.actor;
    const char *asked = asked_language(request);
    reader.language = asked ? asked : request->language;
    return reader;
}

/* JSON by ?format=json, or by what is accepted rather than HTML: 1 JSON, 0 HTML. ERR_NOT_ACCEPTABLE. */
static int wants_json(const struct api_request *request, bool *ret_json, struct err *err)
{
    for (size_t i = 0; i < request->n_query; i++)
        if (str_eq(request->query[i].name, STR("format")) && str_eq(request->query[i].value, STR("json")))
            return *ret_json = true, 0;
    return api_page_or_json(request, ret_json, err);
}

static void cell(struct strbuf *out, const char *tag, struct str text)
{
    strbuf_printf(out, "<%s>", tag);
    api_html_text(out, text);
    const char *end = strchr(tag, ' ');
    strbuf_printf(out, "</%.*s>", (int)(end ? end - tag : (ptrdiff_t)strlen(tag)), tag);
}

static void add_table(struct strbuf *out, const struct flow_proof_section *section)
{
    const struct flow_proof_column *columns = section->columns.items;
    const struct flow_proof_row *rows = section->rows.items;
    strbuf_printf(
        out, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-labelledby=\"%.*s\">\n<table>\n<thead><tr>",
        STR_ARG(section->kind));
    for (size_t i = 0; i < section->columns.n; i++)
        cell(out, "th scope=\"col\"", columns[i].title);
    strbuf_add_c(out, "</tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < section->rows.n; i++) {
        const struct str *cells = rows[i].cells.items;
        strbuf_add_c(out, "<tr>");
        for (size_t k = 0; k < rows[i].cells.n; k++)
            cell(out, k == 0 ? "th scope=\"row\"" : "td", cells[k]);
        strbuf_add_c(out, "</tr>\n");
    }
    strbuf_add_c(out, "</tbody>\n</table>\n</div>\n");
}

static void add_section(struct strbuf *out, const struct flow_proof_section *section, bool german)
{
    strbuf_printf(out, "<section>\n<h2 id=\"%.*s\">", STR_ARG(section->kind)); /* a word of ours: letters and _ */
    api_html_text(out, section->title);
    strbuf_add_c(out, "</h2>\n");
    if (!str_empty(section->words))
        cell(out, "p", section->words);
    if (section->rows.n)
        add_table(out, section);
    else
        strbuf_printf(out, "<p>%s</p>\n", german ? "Nichts." : "Nothing.");
    strbuf_add_c(out, "</section>\n");
}

/* The other language and the other form, without scripts. */
static void add_ways(struct strbuf *out, const char *path, bool german)
{
    strbuf_printf(out,
                  "<p class=\"ways\"><a href=\"/proof?lang=%s\">%s</a> <a href=\"%s?lang=%s\" hreflang=\"%s\" "
                  "lang=\"%s\">%s</a> <a href=\"%s?format=json&amp;lang=%s\">JSON</a></p>\n",
                  german ? "de" : "en", german ? "Alle Nachweise" : "All proofs", path, german ? "en" : "de",
                  german ? "en" : "de", german ? "en" : "de", german ? "English" : "Deutsch", path,
                  german ? "de" : "en");
}

static void give_html(const struct api *api, struct api_request *request, const struct flow_proof_page *page)
{
    struct strbuf main = {.arena = request->arena};
    const struct flow_proof_section *sections = page->sections.items;
    bool german = str_eq(page->language, STR("de"));
    request->language = german ? "de" : "en";
    cell(&main, "p", page->words);
    add_ways(&main, str_printf(request->arena, "/proof/%.*s", STR_ARG(page->page)).p, german);
    for (size_t i = 0; i < page->sections.n; i++)
        add_section(&main, &sections[i], german);
    strbuf_printf(&main, "<p><small>Kartei %.*s · <time>%.*s</time> · %s</small></p>\n", STR_ARG(page->program),
                  STR_ARG(page->made_at),
                  page->public
                      ? (german ? "öffentlich: nur Tatsachen der Instanz" : "public: the instance's facts alone")
                      : (german ? "intern" : "internal"));
    api_page_give_sheet(api, request, page->title, strbuf_str(&main));
}

static int page_of(const struct api *api, struct api_request *request, struct flow_proof_page *ret_page,
                   struct err *err)
{
    const struct flow_actor reader = reader_of(request);
    const struct flow_proof_query query = {.posture = &api->settings.posture, .page = request->ids[0]};
    return flow_proof_page(api->flow, &reader, &query, request->arena, ret_page, err);
}

int api_proof_page(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_proof_page page;
    bool json;
    if (wants_json(request, &json, err) < 0 || page_of(api, request, &page, err) < 0)
        return -1;
    if (!json) {
        give_html(api, request, &page);
        return 0;
    }
    api_answer_set(&request->answer, 200, "application/json",
                   json_write(&flow_proof_page_shape, &page, request->arena));
    api_answer_field(&request->answer, "Vary", STR("Accept, Accept-Language, Cookie"));
    return 0;
}

int api_proof_get(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_proof_page page;
    if (page_of(api, request, &page, err) < 0)
        return -1;
    api_give(request, &(struct api_result){&flow_proof_page_shape, &page, STR_NONE, 0});
    return 0;
}

int api_proof_sbom(struct api *api, struct api_request *request, struct err *err)
{
    const struct flow_actor reader = reader_of(request);
    struct str json;
    if (flow_proof_sbom(api->flow, &reader, &api->settings.posture, request->arena, &json, err) < 0)
        return -1;
    api_answer_set(&request->answer, 200, "application/vnd.cyclonedx+json", json);
    return 0;
}

static void add_link(struct strbuf *out, const char *href, struct str title, struct str words)
{
    strbuf_printf(out, "<dt><a href=\"%s\">", href);
    api_html_text(out, title);
    strbuf_add_c(out, "</a></dt>\n<dd>");
    api_html_text(out, words);
    strbuf_add_c(out, "</dd>\n");
}

int api_proof_index(struct api *api, struct api_request *request, struct err *err _unused_)
{
    const struct flow_actor reader = reader_of(request);
    const struct flow_posture *posture = &api->settings.posture;
    struct flow_proof_link links[FLOW_PROOF_PAGE_COUNT];
    struct strbuf main = {.arena = request->arena};
    bool german = strcmp(reader.language, "de") == 0;
    size_t n = flow_proof_pages(api->flow, &reader, posture, links);
    request->language = german ? "de" : "en";
    strbuf_printf(&main, "<p>%s</p>\n<dl>\n",
                  german ? "Was diese Instanz von sich selbst zeigt, aus dem, was gerade eingerichtet ist."
                         : "What this instance shows of itself, made from what is set up at this moment.");
    for (size_t i = 0; i < n; i++)
        add_link(&main, str_printf(request->arena, "/proof/%.*s?lang=%s", STR_ARG(links[i].page), request->language).p,
                 links[i].title, links[i].words);
    add_link(&main, "/cookies", STR("Cookies"),
             german ? STR("Was gesetzt wird, warum und wie lange.") : STR("What is set, why and for how long."));
    if (!str_empty(str_c(posture->security_contact)))
        add_link(&main, "/.well-known/security.txt", STR("security.txt"),
                 german ? STR("Wem Schwachstellen zu melden sind (RFC 9116).")
                        : STR("Whom to tell of a weakness (RFC 9116)."));
    strbuf_printf(&main, "</dl>\n<p class=\"ways\"><a href=\"/proof?lang=%s\" hreflang=\"%s\" lang=\"%s\">%s</a></p>\n",
                  german ? "en" : "de", german ? "en" : "de", german ? "en" : "de", german ? "English" : "Deutsch");
    if (n < FLOW_PROOF_PAGE_COUNT)
        strbuf_printf(&main, "<p><small>%s</small></p>\n",
                      german ? "Weitere Nachweise sieht die Administration nach der Anmeldung."
                             : "Administrators see further proofs once signed in.");
    api_page_give_plain(api, request, 200, german ? STR("Nachweise") : STR("Proofs"), strbuf_str(&main));
    return 0;
}
