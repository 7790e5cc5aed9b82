/* What the front door says by itself, when a request does not reach the API or the API is away: the same problem
 * documents with the same protecting fields as everywhere, as files that HAProxy sends as they are. What is no HTTP, or
 * does not arrive in time, gets no answer: HAProxy 2.6 has a fixed page for it, without HSTS, or none; see up.h. */
#include "api/problem.h"
#include "services/up/up.h"

static const struct {
    const char *status; /* for which HAProxy would use a page of its own */
    enum err_code code;
    const char *param;
} refusals[] = {
    {"403", ERR_FORBIDDEN, ""},       {"429", ERR_RATE, ""},
    {"500", ERR_INTERNAL, ""},        {"501", ERR_NOT_IMPLEMENTED, "the request"},
    {"502", ERR_BUSY, "the service"}, {"503", ERR_BUSY, "the service"},
    {"504", ERR_BUSY, "the service"},
};

int up_refusals(const struct up *up, struct str *ret_config, struct err *err)
{
    struct strbuf config = {.arena = up->arena};
    strbuf_add_c(&config, "http-errors kartei\n");
    for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
        struct err said = {.code = ERR_NONE};
        char *path = up_path(up, up->run, str_printf(up->arena, "refused.%s", refusals[i].status).p);
        (void)err_set(&said, refusals[i].code, "%s", refusals[i].param);
        if (up_write_file(path, api_problem_wire(&said, up->arena), 0600, err) < 0)
            return -1;
        strbuf_printf(&config, "    errorfile %s %s\n", refusals[i].status, path);
    }
    strbuf_add_c(&config, "    errorfile 400 /dev/null\n    errorfile 408 /dev/null\n");
    *ret_config = strbuf_str(&config);
    return 0;
}
