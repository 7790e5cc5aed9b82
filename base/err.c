/* See err.h. */
#include "base/err.h"

#include <assert.h>

struct row {
    const char *slug, *title[2], *text[2];
};

static const struct row rows[ERR_COUNT] = {
    [ERR_NONE] = {"none", {"No error", "Kein Fehler"}, {"", ""}},
#define X(name, slug, title_en, text_en, title_de, text_de)                                                            \
    [ERR_##name] = {slug, {title_en, title_de}, {text_en, text_de}},
#include "base/errors.def"
#undef X
};

static int err_fill(struct err *err, enum err_code code, const char *pointer, const char *format, va_list args)
{
    assert(code > ERR_NONE && code < ERR_COUNT);
    *err = (struct err){.code = code};
    (void)snprintf(err->pointer, sizeof err->pointer, "%s", pointer);
    (void)vsnprintf(err->param, sizeof err->param, format, args);
    return -1;
}

int(err_set)(struct err *err, enum err_code code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int r = err_fill(err, code, "", format, args);
    va_end(args);
    return r;
}

int(err_field)(struct err *err, enum err_code code, const char *pointer, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int r = err_fill(err, code, pointer, format, args);
    va_end(args);
    return r;
}

int(err_detail)(struct err *err, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)vsnprintf(err->detail, sizeof err->detail, format, args);
    va_end(args);
    return -1;
}

const char *err_slug(enum err_code code)
{
    return code < ERR_COUNT ? rows[code].slug : rows[ERR_INTERNAL].slug;
}

enum err_code err_from_slug(struct str slug)
{
    for (enum err_code code = ERR_NONE + 1; code < ERR_COUNT; code++)
        if (str_eq(str_c(rows[code].slug), slug))
            return code;
    return ERR_NONE;
}

static int language_column(const char *language)
{
    return language && language[0] == 'd' && language[1] == 'e';
}

const char *err_title(enum err_code code, const char *language)
{
    return rows[code].title[language_column(language)];
}

struct str err_sentence(const struct err *err, const char *language, struct arena *arena)
{
    struct strbuf out = {.arena = arena};
    struct str text = str_c(rows[err->code].text[language_column(language)]);
    ptrdiff_t hole = str_find(text, STR("{}"), 0);
    if (hole < 0)
        return text;
    strbuf_add(&out, str_slice(text, 0, (size_t)hole));
    strbuf_add_c(&out, err->param[0] ? err->param : "-");
    strbuf_add(&out, str_slice(text, (size_t)hole + 2, text.n));
    return strbuf_str(&out);
}
