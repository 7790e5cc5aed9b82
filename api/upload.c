/* See upload.h. */
#include "api/upload.h"

#include "api/wire/multipart.h"
#include "base/crypto.h"
#include "base/limits.h"
#include "flow/submit.h"

#include <stdatomic.h>

struct api_upload {
    struct arena *arena;
    struct api_multipart *form; /* NULL: one raw image */
    struct flow_submit *files[API_UPLOAD_FILES], *backs[API_UPLOAD_FILES];
    size_t n;
    struct flow_submit_goal goal;
    struct strbuf text; /* value of the form's part "list" */
    enum { PART_NONE, PART_LIST, PART_FILE, PART_BACK } part;
    bool wants_file; /* the crew has to open the next one */
    struct crypto_digest *digest;
    struct crypto_hash hash;
    struct str promised; /* SHA-256 of the whole body in base64, as the client says; none: it does not say */
    struct crypto_digest *content;
    int64_t total;
    struct flow_actor actor;
};

static atomic_int under_way;

static int on_part(void *self, struct str name, bool file, struct err *err)
{
    struct api_upload *u = self;
    if (file && str_eq(name, STR("image"))) {
        u->part = PART_FILE;
        u->wants_file = true;
        return u->n == API_UPLOAD_FILES ? err_field(err, ERR_INVALID, "/image", "at most %d photos", API_UPLOAD_FILES)
                                        : 1;
    }
    if (file && str_eq(name, STR("back"))) {
        if (u->n == 0 || u->backs[u->n - 1])
            return err_field(err, ERR_INVALID, "/back", "%s", "a back follows the image whose other side it is");
        u->part = PART_BACK;
        u->wants_file = true;
        crypto_digest_add(u->digest, "<", 1); /* two images are not one image and its back */
        return 1;
    }
    if (file || !str_eq(name, STR("list")) || u->n > 0)
        return err_field(err, ERR_INVALID, "", "%s", "the form has the parts list (first), image and back");
    u->part = PART_LIST;
    return 0;
}

static int on_data(void *self, struct str bytes, struct err *err)
{
    struct api_upload *u = self;
    if (u->part == PART_FILE || u->part == PART_BACK) {
        crypto_digest_add(u->digest, bytes.p, bytes.n);
        return flow_submit_write(u->part == PART_BACK ? u->backs[u->n - 1] : u->files[u->n - 1], bytes, err);
    }
    if (u->text.n + bytes.n > 36)
        return err_field(err, ERR_INVALID, "/list", "%s", "not an id");
    strbuf_add(&u->text, bytes);
    return 0;
}

static int on_end(void *self, struct err *err)
{
    struct api_upload *u = self;
    crypto_digest_add(u->digest, "|", 1);
    if (u->part == PART_LIST && !id_parse(strbuf_str(&u->text), &u->goal.list))
        return err_field(err, ERR_INVALID, "/list", "%s", "not an id");
    u->part = PART_NONE;
    return 0;
}

static int open_file(const struct api *api, struct api_upload *u, struct err *err)
{
    bool back = u->part == PART_BACK;
    size_t at = back ? u->n - 1 : u->n;
    if (flow_submit_begin(api->flow, &u->actor, &u->goal, back ? &u->backs[at] : &u->files[at], err) < 0)
        return -1;
    if (back)
        flow_submit_back(u->files[at], u->backs[at]);
    u->n = at + 1;
    u->wants_file = false;
    return 0;
}

static int begin_kind(const struct api *api, struct api_request *request, struct err *err)
{
    struct api_upload *u = request->upload;
    struct str type = api_request_field(request, "content-type");
    struct api_multipart_hooks hooks = {u, on_part, on_data, on_end};
    if (str_starts(str_lower(request->arena, type), STR("multipart/form-data"))) {
        if (request->head.length > API_UPLOAD_TOTAL)
            return err_set(err, ERR_TOO_LARGE, "%d MB", API_UPLOAD_TOTAL / 1024 / 1024);
        return api_multipart_new(type, &hooks, request->arena, &u->form, err);
    }
    if (!str_starts(str_lower(request->arena, type), STR("image/")) && !str_eq(type, STR("application/octet-stream")))
        return err_set(err, ERR_MEDIA_TYPE, "%s", "image/*, multipart/form-data");
    if (request->head.length > LIMIT_UPLOAD_BYTES)
        return err_set(err, ERR_TOO_LARGE, "%d MB", LIMIT_UPLOAD_BYTES / 1024 / 1024);
    return open_file(api, u, err);
}

/* Content-Digest (RFC 9530): of its algorithms only the one we know counts, as the RFC wants it. */
static struct str promised_digest(const struct api_request *request)
{
    struct str field = api_request_field(request, "content-digest"), mark = STR("sha-256=:");
    ptrdiff_t at = str_find(field, mark, 0);
    if (at < 0)
        return STR_NONE;
    struct str value = str_slice(field, (size_t)at + mark.n, field.n);
    ptrdiff_t end = str_find(value, STR(":"), 0);
    return str_slice(value, 0, end < 0 ? 0 : (size_t)end);
}

static int keep_promise(struct api_upload *u, struct err *err)
{
    if (!u->content)
        return 0;
    struct crypto_hash hash = crypto_digest_end(&u->content);
    if (!str_eq(crypto_base64(crypto_hash_str(&hash), u->arena), u->promised))
        return err_set(err, ERR_DIGEST, "%s", "");
    return 0;
}

int api_upload_begin(const struct api *api, struct api_request *request, struct err *err)
{
    if (atomic_fetch_add(&under_way, 1) >= API_UPLOADS) {
        atomic_fetch_sub(&under_way, 1);
        return err_set(err, ERR_BUSY, "%s", "too many uploads at one time");
    }
    struct api_upload *u = arena_one(request->arena, struct api_upload);
    *u = (struct api_upload){.arena = request->arena, .text.arena = request->arena, .actor = request->who.actor};
    u->digest = crypto_digest_new();
    u->promised = promised_digest(request);
    if (u->promised.p)
        u->content = crypto_digest_new();
    request->upload = u;
    if (api_param_id(request, "list", &u->goal.list, err) < 0 || api_param_id(request, "fair", &u->goal.fair, err) < 0)
        return -1;
    return begin_kind(api, request, err);
}

int api_upload_take(struct api_request *request, struct str bytes, size_t *ret_taken, struct err *err)
{
    struct api_upload *u = request->upload;
    *ret_taken = bytes.n;
    u->total += (int64_t)bytes.n;
    if (u->total > API_UPLOAD_TOTAL)
        return err_set(err, ERR_TOO_LARGE, "%d MB", API_UPLOAD_TOTAL / 1024 / 1024);
    if (u->form) {
        int r = api_multipart_feed(u->form, bytes, ret_taken, err);
        if (u->content)
            crypto_digest_add(u->content, bytes.p, *ret_taken);
        u->total -= (int64_t)(bytes.n - *ret_taken);
        return r;
    }
    crypto_digest_add(u->digest, bytes.p, bytes.n);
    if (u->content)
        crypto_digest_add(u->content, bytes.p, bytes.n);
    return flow_submit_write(u->files[0], bytes, err);
}

int api_upload_step(const struct api *api, struct api_request *request, struct err *err)
{
    return request->upload->wants_file ? open_file(api, request->upload, err) : 0;
}

int api_upload_whole(struct api_request *request, struct err *err)
{
    struct api_upload *u = request->upload;
    if (u->form && !api_multipart_complete(u->form))
        return err_set(err, ERR_MALFORMED, "%s", "multipart/form-data without its end");
    if (u->n == 0)
        return err_field(err, ERR_INVALID, "/image", "%s", "no photo was sent");
    if (keep_promise(u, err) < 0)
        return -1;
    crypto_digest_add(u->digest, u->goal.list.s, strlen(u->goal.list.s));
    crypto_digest_add(u->digest, u->goal.fair.s, strlen(u->goal.fair.s));
    u->hash = crypto_digest_end(&u->digest);
    return 0;
}

struct str api_upload_fingerprint(const struct api_request *request)
{
    return crypto_hash_str(&request->upload->hash);
}

int api_upload_commit(struct api_request *request, struct flow_scan **ret_scans, size_t *ret_n, bool *ret_earlier,
                      struct err *err)
{
    struct api_upload *u = request->upload;
    struct flow_scan *scans = arena_array(request->arena, u->n, sizeof *scans);
    bool all_earlier = true;
    if (u->n == 1)
        flow_submit_once(u->files[0], request->who.actor.once);
    for (size_t i = 0; i < u->n; i++) {
        bool earlier = false;
        if (flow_submit_commit(u->files[i], request->arena, &scans[i], &earlier, err) < 0)
            return -1;
        all_earlier = all_earlier && earlier;
    }
    *ret_scans = scans;
    *ret_n = u->n;
    *ret_earlier = all_earlier;
    return 0;
}

void api_upload_end(struct api_request *request)
{
    struct api_upload *u = request->upload;
    if (!u)
        return;
    for (size_t i = 0; i < u->n; i++) {
        flow_submit_free(u->files[i]);
        flow_submit_free(u->backs[i]);
    }
    crypto_digest_freep(&u->digest);
    crypto_digest_freep(&u->content);
    atomic_fetch_sub(&under_way, 1);
    request->upload = NULL;
}
