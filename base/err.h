/* Errors are values: a function that can fail returns int (0 or -1) and takes `struct err *err` last; it is filled only
 * on failure, outputs only on success. The list is errors.def; only api/problem.c knows an HTTP status. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "base/str.h"

enum err_code {
    ERR_NONE = 0,
#define X(name, slug, title_en, text_en, title_de, text_de) ERR_##name,
#include "base/errors.def"
#undef X
    ERR_COUNT
};

struct err {
    enum err_code code;
    char param[160];  /* fills {} of the sentence; shown to people: no personal data, no secret */
    char pointer[96]; /* RFC 6901 pointer to the offending field of the input, or "" */
    char detail[256]; /* for the log only: what the library or system said */
};

/* Fills *err and returns -1, so that `return err_set(err, ERR_X, …)` reads well. `param` fills {} of the sentence. */
int err_set(struct err *err, enum err_code code, const char *param_format, ...) _printf_(3, 4);
/* The same with the field at fault. */
int err_field(struct err *err, enum err_code code, const char *pointer, const char *param_format, ...) _printf_(4, 5);
/* Adds what a library or the system said; for the log. Returns -1. */
int err_detail(struct err *err, const char *format, ...) _printf_(2, 3);
/* The three always answer -1: said here once more for compilers and analysers, which then know what a failure skips. */
#define err_minus_one_(call)                                                                                           \
    __extension__({                                                                                                    \
        (void)(call);                                                                                                  \
        -1;                                                                                                            \
    })
#define err_set(...)    err_minus_one_((err_set)(__VA_ARGS__))
#define err_field(...)  err_minus_one_((err_field)(__VA_ARGS__))
#define err_detail(...) err_minus_one_((err_detail)(__VA_ARGS__))

/* "invalid-input" …; stable, used in problem types, events and the log. */
const char *err_slug(enum err_code code);
/* Code of a slug, or ERR_NONE. */
enum err_code err_from_slug(struct str slug);
/* Title and sentence in "en" or "de" (anything else: English); the sentence has {} filled in. */
const char *err_title(enum err_code code, const char *language);
struct str err_sentence(const struct err *err, const char *language, struct arena *arena);

#endif
