/* See shapes.h. */
#include "api/shapes.h"

#define ROW(t, member, what, ...)                                                                                      \
    {                                                                                                                  \
        .name = #member, .kind = JSON_##what, .offset = offsetof(struct t, member), __VA_ARGS__                        \
    }

static const struct json_field field_error_rows[] = {
    ROW(api_field_error, pointer, STR, .flags = JSON_REQUIRED, .doc = "JSON Pointer (RFC 6901) into what was sent."),
    ROW(api_field_error, code, STR, .flags = JSON_REQUIRED, .doc = "Slug of a problem type."),
    ROW(api_field_error, detail, STR, .flags = JSON_REQUIRED),
};
const struct json_shape api_field_error_shape = {"FieldError", sizeof(struct api_field_error), field_error_rows,
                                                 ARRAY_LEN(field_error_rows), false};

static const struct json_field problem_rows[] = {
    ROW(api_problem, type, STR, .flags = JSON_REQUIRED, .doc = "Address of a page that explains this type."),
    ROW(api_problem, title, STR, .flags = JSON_REQUIRED, .doc = "The same for every problem of the type."),
    ROW(api_problem, status, INT, .flags = JSON_REQUIRED, .doc = "The HTTP status."),
    ROW(api_problem, detail, STR, .flags = JSON_REQUIRED, .doc = "What happened, what was not done, what to do."),
    ROW(api_problem, instance, STR, .flags = JSON_OMIT, .doc = "Ends with the number of the request."),
    ROW(api_problem, errors, LIST, .flags = JSON_OMIT, .shape = &api_field_error_shape, .doc = "Fields at fault."),
};
const struct json_shape api_problem_shape = {"Problem", sizeof(struct api_problem), problem_rows,
                                             ARRAY_LEN(problem_rows), false};

static const struct json_field scope_rows[] = {
    ROW(api_scope, scope, STR, .flags = JSON_REQUIRED, .doc = "admin:* stands for all that begin with admin:."),
    ROW(api_scope, usable, BOOL, .flags = JSON_REQUIRED, .doc = "One's role has something that it opens."),
};
const struct json_shape api_scope_shape = {"TokenScope", sizeof(struct api_scope), scope_rows, ARRAY_LEN(scope_rows),
                                           false};

static const struct json_field health_rows[] = {
    ROW(api_health, status, STR, .flags = JSON_REQUIRED, .doc = "ok."),
    ROW(api_health, version, STR, .flags = JSON_REQUIRED, .doc = "Of the program."),
};
const struct json_shape api_health_shape = {"ServiceHealth", sizeof(struct api_health), health_rows,
                                            ARRAY_LEN(health_rows), false};

static const struct json_field error_rows[] = {
    ROW(api_error_row, slug, STR, .flags = JSON_REQUIRED),     ROW(api_error_row, type, STR, .flags = JSON_REQUIRED),
    ROW(api_error_row, status, INT, .flags = JSON_REQUIRED),   ROW(api_error_row, title, STR, .flags = JSON_REQUIRED),
    ROW(api_error_row, sentence, STR, .flags = JSON_REQUIRED),
};
const struct json_shape api_error_row_shape = {"ProblemType", sizeof(struct api_error_row), error_rows,
                                               ARRAY_LEN(error_rows), false};
