/* Any bytes as the head of a request: refused, or read into texts that stand up, and the address and the lists in
 * fields with them. */
#include "api/request.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void judge_head(const struct api_head *head)
{
    assert(head->n <= API_HEAD_FIELDS && head->length >= -1 && head->target.p[0] == '/');
    for (size_t i = 0; i < head->n; i++) {
        assert(head->fields[i].name.n > 0 && utf8_valid(head->fields[i].value));
        assert(!memchr(head->fields[i].value.p, '\n', head->fields[i].value.n));
    }
}

/* What is looked at in every request. */
static void judge_request(const struct api_request *request)
{
    static const char *const types[] = {"text/html", "application/json", "text/vcard"};
    int type = api_accept(api_request_field(request, "accept"), types, 3);
    assert(type >= -1 && type < 3);
    assert(utf8_valid(request->path) && request->n_query <= API_PARAMS);
    for (size_t i = 0; i < request->n_query; i++)
        assert(utf8_valid(request->query[i].name) && utf8_valid(request->query[i].value));
    assert(api_accept_language(api_request_field(request, "accept-language")));
    struct str cookie = api_cookie(api_request_field(request, "cookie"), "__Host-kartei");
    assert(!cookie.p || cookie.n <= API_HEAD_BYTES);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str bytes = {size ? (const char *)data : "", size};
    struct api_head head;
    struct api_request *request;
    struct err err;
    size_t end = api_head_end(bytes);
    assert(end <= size);
    for (size_t part = 1; part < size; part += 1 + size / 16) /* bytes that arrive later change nothing */
        assert(api_head_end(str_slice(bytes, 0, part)) == (end && end <= part ? end : 0));
    struct str whole = str_slice(bytes, 0, end ? end : size);
    int r = api_head_read(whole, &head, &err);
    if (r == 0)
        judge_head(&head);
    if (api_request_new(whole, &request, &err) < 0)
        return 0;
    assert(r == 0);
    judge_request(request);
    api_request_free(request);
    return 0;
}
