/* Text is pointer and length, valid UTF-8 from the border on; p == NULL means absent (JSON null). */
#ifndef BASE_STR_H
#define BASE_STR_H

#include "base/arena.h"
#include "base/cleanup.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str {
    const char *p; /* not NUL-terminated in general; NULL = absent */
    size_t n;      /* bytes */
};

/* A text that grows in an arena. Zero-initialise with .arena set. */
struct strbuf {
    struct arena *arena;
    char *p;
    size_t n, size;
};

#define STR(literal) ((struct str){"" literal, sizeof(literal) - 1})
#define STR_NONE     ((struct str){NULL, 0})
/* For printf: "%.*s", STR_ARG(s) */
#define STR_ARG(s) (int)(s).n, (s).p ? (s).p : ""

/* A view of a C string; NULL gives the absent text. */
struct str str_c(const char *text);
/* True when absent or of length 0. */
static inline bool str_empty(struct str s)
{
    return s.n == 0;
}
/* Byte equality; two absent texts are equal, absent and "" are not. */
bool str_eq(struct str a, struct str b);
/* ASCII case-insensitive equality. */
bool str_eq_nocase(struct str a, struct str b);
/* The place of a text in a list of words that ends with NULL, or -1, as for an absent text. */
int str_word(struct str text, const char *const *words);
/* Byte order as memcmp, shorter first on a tie. */
int str_cmp(struct str a, struct str b);
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
/* Byte offset of the first `needle` in `s` at or after `from`, or -1. */
ptrdiff_t str_find(struct str s, struct str needle, size_t from);
/* Bytes [from, to) clamped to the text. */
struct str str_slice(struct str s, size_t from, size_t to);
/* Without ASCII white space at both ends. */
struct str str_trim(struct str s);
/* Cuts the next piece up to `separator` off `*rest`; false when nothing is left. Empty pieces are returned. */
bool str_split(struct str *rest, char separator, struct str *ret_piece);
/* Decimal integer of the whole text within [min, max]; false otherwise. */
bool str_to_int(struct str s, int64_t min, int64_t max, int64_t *ret_value);

/* NUL-terminated copy in the arena; the absent text gives NULL (str_z) or stays absent (str_dup). */
struct str str_dup(struct arena *arena, struct str s);
char *str_z(struct arena *arena, struct str s);
struct str str_printf(struct arena *arena, const char *format, ...) _printf_(2, 3);
struct str str_vprintf(struct arena *arena, const char *format, va_list args) _printf_(2, 0);
/* ASCII lower case copy. */
struct str str_lower(struct arena *arena, struct str s);

void strbuf_add(struct strbuf *buf, struct str s);
void strbuf_add_c(struct strbuf *buf, const char *text);
void strbuf_add_char(struct strbuf *buf, char c);
void strbuf_printf(struct strbuf *buf, const char *format, ...) _printf_(2, 3);
/* The text so that it stays text in HTML, in element content and in double-quoted attributes. */
void strbuf_add_html(struct strbuf *buf, struct str text);
/* The text so far; valid until the next addition. Never absent. */
struct str strbuf_str(const struct strbuf *buf);

/* Valid UTF-8 by RFC 3629 (no overlong forms, no surrogates, no NUL). */
bool utf8_valid(struct str s);
/* Decodes one code point at s.p[*at] and moves *at behind it; U+FFFD for a broken byte. *at < s.n required. */
uint32_t utf8_next(struct str s, size_t *at);
/* Appends one code point. */
void utf8_put(struct strbuf *buf, uint32_t code_point);
/* Code points of valid UTF-8. */
size_t utf8_count(struct str s);

#endif
