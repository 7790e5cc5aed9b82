/* See problem.h. */
#include "api/problem.h"

#include "api/shapes.h"

#include <assert.h>

struct row {
    int status, retry_after; /* seconds, 0 = no such field */
};

/* One row a line, however many there are. */
/* clang-format off */
static const struct row rows[ERR_COUNT] = {
    [ERR_INVALID] = {422, 0},
    [ERR_BAD_JSON] = {400, 0},
    [ERR_MALFORMED] = {400, 0},
    [ERR_HEAD_TOO_LARGE] = {431, 0},
    [ERR_NOT_IMPLEMENTED] = {501, 0},
    [ERR_MEDIA_TYPE] = {415, 0},
    [ERR_TIMEOUT] = {408, 0},
    [ERR_NOT_FOUND] = {404, 0},
    [ERR_METHOD] = {405, 0},
    [ERR_NOT_ACCEPTABLE] = {406, 0},
    [ERR_UNAUTHENTICATED] = {401, 0},
    [ERR_BAD_LOGIN] = {401, 0},
    [ERR_SECOND_FACTOR] = {401, 0},
    [ERR_SET_UP_FACTOR] = {403, 0},
    [ERR_SIGN_IN_AGAIN] = {403, 0},
    [ERR_INVALID_TOKEN] = {401, 0},
    [ERR_INSUFFICIENT_SCOPE] = {403, 0},
    [ERR_FORBIDDEN] = {403, 0},
    [ERR_CSRF] = {403, 0},
    [ERR_TOO_LARGE] = {413, 0},
    [ERR_DIGEST] = {400, 0},
    [ERR_NOT_AN_IMAGE] = {415, 0},
    [ERR_IMAGE_BROKEN] = {422, 0},
    [ERR_IMAGE_TOO_BIG] = {422, 0},
    [ERR_NO_CARD] = {422, 0},
    [ERR_PARSE_KILLED] = {422, 0},
    [ERR_CONFLICT] = {409, 0},
    [ERR_STALE] = {412, 0},
    [ERR_NEED_MATCH] = {428, 0},
    [ERR_NEED_KEY] = {400, 0},
    [ERR_KEY_REUSED] = {422, 0},
    [ERR_KEY_BUSY] = {409, 1},
    [ERR_BAD_CURSOR] = {400, 0},
    [ERR_RATE] = {429, 60},
    [ERR_BUSY] = {503, 2},
    [ERR_STORE_DOWN] = {503, 5},
    [ERR_DISK_FULL] = {507, 60},
    [ERR_INTERNAL] = {500, 0},
    [ERR_SEAL] = {500, 0},
    [ERR_CRM_DOWN] = {502, 30},
    [ERR_CRM_REFUSED] = {422, 0},
    [ERR_CRM_CONFLICT] = {409, 0},
    [ERR_CRM_REAUTHORISE] = {409, 0},
    [ERR_CONSENT] = {400, 0},
    [ERR_APP_UNKNOWN] = {400, 0},
    [ERR_APP_USER] = {400, 0},
    [ERR_APP_NETWORK] = {400, 0},
    [ERR_APP_ADDRESS] = {400, 0},
    [ERR_APP_ADMIN] = {400, 0},
    [ERR_APP_REDIRECT] = {400, 0},
    [ERR_APP_SCOPES] = {400, 0},
    [ERR_APP_CLIENT] = {400, 0},
    [ERR_FORM_ADDRESS] = {422, 0},
    [ERR_SSO] = {400, 0},
    [ERR_MAIL_DOWN] = {502, 30},
    [ERR_MAIL_SIGN_IN] = {409, 0},
    [ERR_READ_ONLY] = {409, 0},
    [ERR_PROPOSE_ONLY] = {409, 0},
    [ERR_MERGE_OFF] = {409, 0},
    [ERR_NOTHING_OBVIOUS] = {409, 0},
    [ERR_SAMPLE_OPEN] = {409, 0},
    [ERR_FIELD_GONE] = {422, 0},
    [ERR_FIELD_READ_ONLY] = {422, 0},
    [ERR_FIELD_CHOICE] = {422, 0},
    [ERR_FIELD_LONG] = {422, 0},
    [ERR_CRM_QUOTA] = {503, 60},
    [ERR_CRM_UNCERTAIN] = {409, 0},
    [ERR_CRM_PARKED] = {409, 0},
    [ERR_HOST_REFUSED] = {422, 0},
    [ERR_NOT_UNDOABLE] = {409, 0},
};
/* clang-format on */

int api_problem_status(enum err_code code)
{
    assert(code > ERR_NONE && code < ERR_COUNT);
    return rows[code].status ? rows[code].status : 500;
}

static struct str document(const struct err *err, const char *language, const char *instance, struct arena *arena)
{
    struct api_field_error field = {str_c(err->pointer), str_c(err_slug(err->code)), str_c(err->param)};
    struct api_problem problem = {
        .type = str_printf(arena, "/problems/%s", err_slug(err->code)),
        .title = str_c(err_title(err->code, language)),
        .status = api_problem_status(err->code),
        .detail = err_sentence(err, language, arena),
        .instance = instance ? str_printf(arena, "/v1/problems/%s", instance) : STR_NONE,
        .errors = {&field, err->pointer[0] != '\0'},
    };
    return json_write(&api_problem_shape, &problem, arena);
}

/* RFC 9110 section 11.6.1, and RFC 6750 section 3 for tokens. */
static void add_challenge(struct api_request *request, const struct err *err)
{
    static const char realm[] = "Bearer realm=\"kartei\"";
    struct str challenge = STR_NONE;
    if (err->code == ERR_INVALID_TOKEN)
        challenge = str_printf(request->arena, "%s, error=\"invalid_token\"", realm);
    else if (err->code == ERR_INSUFFICIENT_SCOPE)
        challenge = str_printf(request->arena, "%s, error=\"insufficient_scope\", scope=\"%s\"", realm, err->param);
    else if (rows[err->code].status == 401)
        challenge = str_printf(request->arena, "Cookie realm=\"kartei\", cookie-name=\"__Host-kartei\", %s", realm);
    if (challenge.p)
        api_answer_field(&request->answer, "WWW-Authenticate", challenge);
}

void api_problem_answer(struct api_request *request, const struct err *err)
{
    struct api_answer *answer = &request->answer;
    const struct row *row = &rows[err->code];
    *answer = (struct api_answer){.pull.size = -1};
    struct str body = document(err, request->language, request->id, request->arena);
    api_answer_set(answer, api_problem_status(err->code), "application/problem+json", body);
    api_answer_field(answer, "Content-Language", str_c(request->language));
    api_answer_field(answer, "Vary", STR("Accept-Language"));
    if (row->retry_after)
        api_answer_field(answer, "Retry-After", str_printf(request->arena, "%d", row->retry_after));
    if (err->code == ERR_METHOD)
        api_answer_field(answer, "Allow", str_dup(request->arena, str_c(err->param)));
    add_challenge(request, err);
}

struct str api_problem_wire(const struct err *err, struct arena *arena)
{
    struct str body = document(err, "en", NULL, arena);
    int status = api_problem_status(err->code);
    struct strbuf head = {.arena = arena};
    strbuf_printf(&head, "HTTP/1.1 %d %s\r\nContent-Type: application/problem+json\r\nContent-Length: %zu\r\n", status,
                  err_title(err->code, "en"), body.n);
    for (size_t i = 0; i < api_common_count; i++)
        strbuf_printf(&head, "%s: %s\r\n", api_common_fields[i][0], api_common_fields[i][1]);
    strbuf_add_c(&head, "Connection: close\r\n\r\n");
    strbuf_add(&head, body);
    return strbuf_str(&head);
}
