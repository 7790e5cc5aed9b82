/* What handlers share: giving a resource, reading ids and words from path and query; see state.h. */
#include "api/state.h"

static int success_status(unsigned flags)
{
    return flags & API_CREATED ? 201 : flags & API_ACCEPTED ? 202 : 200;
}

void api_give(struct api_request *request, const struct api_result *result)
{
    struct str body = json_write(result->shape, result->value, request->arena);
    struct str tag = str_printf(request->arena, "\"v%lld\"", (long long)result->version);
    struct api_answer *answer = &request->answer;
    struct str seen = api_request_field(request, "if-none-match");
    bool get = request->route->method == API_GET;
    if (result->version > 0 && get && seen.p && str_find(seen, tag, 0) >= 0)
        api_answer_set(answer, 304, NULL, STR_NONE);
    else
        api_answer_set(answer, success_status(request->route->flags), "application/json", body);
    if (result->version > 0)
        api_answer_field(answer, "ETag", tag);
    if (result->location.p)
        api_answer_field(answer, "Location", result->location);
    if (get && result->version > 0) /* fresh only after asking, and never in a shared cache */
        api_answer_field(answer, "Cache-Control", STR("private, no-cache"));
}

void api_give_nothing(struct api_request *request)
{
    api_answer_set(&request->answer, 204, NULL, STR_NONE);
}

int api_path_id(const struct api_request *request, size_t n, struct id *ret_id, struct err *err)
{
    return id_parse(request->ids[n], ret_id) ? 0 : err_set(err, ERR_NOT_FOUND, "%s", "");
}

static int bad_param(const char *name, struct err *err)
{
    char pointer[40];
    (void)snprintf(pointer, sizeof pointer, "/%s", name);
    return err_field(err, ERR_INVALID, pointer, "%s", name);
}

int api_param_id(const struct api_request *request, const char *name, struct id *ret_id, struct err *err)
{
    struct str value = api_request_param(request, name);
    struct id id = {""};
    if (value.p && !id_parse(value, &id))
        return bad_param(name, err);
    *ret_id = id;
    return 0;
}

int api_param_bool(const struct api_request *request, const char *name, bool *ret_value, struct err *err)
{
    struct str value = api_request_param(request, name);
    if (value.p && !str_eq(value, STR("true")) && !str_eq(value, STR("false")))
        return bad_param(name, err);
    *ret_value = str_eq(value, STR("true"));
    return 0;
}

int api_param_word(const struct api_request *request, const char *name, const char *const *words, int *ret_index,
                   struct err *err)
{
    struct str value = api_request_param(request, name);
    *ret_index = str_word(value, words);
    return value.p && *ret_index < 0 ? bad_param(name, err) : 0;
}

int api_param_days(const struct api_request *request, int64_t *ret_days, struct err *err)
{
    struct str value = api_request_param(request, "days");
    *ret_days = 0;
    return value.p && !str_to_int(value, 0, 36500, ret_days) ? bad_param("days", err) : 0;
}
