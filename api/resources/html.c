/* See html.h. */
#include "api/resources/html.h"

void api_html_text(struct strbuf *buf, struct str text)
{
    strbuf_add_html(buf, text);
}

struct str api_html_page(const struct api_html_page *page, struct arena *arena)
{
    struct strbuf buf = {.arena = arena};
    strbuf_printf(&buf, "<!doctype html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n", page->language);
    strbuf_add_c(&buf, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                       "<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
    api_html_text(&buf, page->title);
    strbuf_add_c(&buf, " · Kartei</title>\n");
    if (page->style.p) {
        strbuf_add_c(&buf, "<link rel=\"stylesheet\" href=\"");
        api_html_text(&buf, page->style);
        strbuf_add_c(&buf, "\">\n");
    }
    if (page->mark.p) {
        strbuf_add_c(&buf, "<link rel=\"icon\" type=\"image/svg+xml\" href=\"");
        api_html_text(&buf, page->mark);
        strbuf_add_c(&buf, "\">\n");
    }
    strbuf_printf(&buf, "</head>\n<body class=\"plain%s\">\n<header><a href=\"/\">", page->sheet ? " sheet" : "");
    if (page->mark.p) {
        strbuf_add_c(&buf, "<img alt=\"\" width=\"40\" height=\"40\" src=\"");
        api_html_text(&buf, page->mark);
        strbuf_add_c(&buf, "\">");
    }
    strbuf_add_c(&buf, "Kartei</a></header>\n<main>\n<h1>");
    api_html_text(&buf, page->title);
    strbuf_add_c(&buf, "</h1>\n");
    strbuf_add(&buf, page->main);
    bool german = strcmp(page->language, "de") == 0;
    strbuf_printf(
        &buf,
        "</main>\n<footer><a href=\"/proof\">%s</a> <a href=\"/cookies\">Cookies</a></footer>\n</body>\n</html>\n",
        german ? "Nachweise" : "Proofs");
    return strbuf_str(&buf);
}
