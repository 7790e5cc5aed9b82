/* The few pages that work without a script: one layout, one way to put text into HTML. */
#ifndef API_RESOURCES_HTML_H
#define API_RESOURCES_HTML_H

#include "api/request.h"

/* Appends text so that it stays text, in element content and in double-quoted attributes. */
void api_html_text(struct strbuf *buf, struct str text);

struct api_html_page {
    const char *language;
    struct str title;
    struct str style; /* address of the style sheet, absent = none */
    struct str mark;  /* address of the product's mark, absent = none */
    struct str main;  /* HTML, made by the caller with api_html_text() */
    bool sheet;       /* as wide as tables need, and fit for paper */
};
struct str api_html_page(const struct api_html_page *page, struct arena *arena);

#endif
