/* /v1/scans: uploads and what became of them; the images. */
#include "flow/scans.h"
#include "api/demand.h"
#include "api/page.h"
#include "api/server.h"
#include "api/upload.h"
#include "base/clock.h"
#include "base/limits.h"

enum { LOOK_EVERY_MS = 300 }; /* while a client waits for the reading */

static void give(struct api_request *request, const struct flow_scan *scan)
{
    struct str location = request->route->flags & API_ACCEPTED
                              ? str_printf(request->arena, "/v1/scans/%.*s", STR_ARG(scan->id))
                              : STR_NONE;
    api_give(request, &(struct api_result){&flow_scan_shape, scan, location, scan->version});
}

static void give_several(struct api_request *request, const struct flow_scan *scans, size_t n)
{
    struct strbuf buf = {.arena = request->arena};
    strbuf_add_c(&buf, "{\"items\":");
    strbuf_add(&buf, json_write_list(&flow_scan_shape, scans, n, request->arena));
    strbuf_add_c(&buf, ",\"links\":{\"first\":\"/v1/scans?limit=50\",\"next\":null}}");
    api_answer_set(&request->answer, 202, "application/json", strbuf_str(&buf));
}

static bool still_read(const struct flow_scan *scan)
{
    struct str state = str_c(flow_scan_words[scan->state]);
    return str_eq(state, STR("received")) || str_eq(state, STR("reading"));
}

/* Prefer: wait. The request holds no thread while it waits; its key was settled when the photo was accepted. */
static int wait_for_reading(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_scan scan;
    if (flow_scan_get(api->flow, &request->who.actor, request->again_id, request->arena, &scan, err) < 0)
        return -1;
    if (still_read(&scan) && clock_mono_ms() < request->wait_until_ms) {
        api_server_later(request, LOOK_EVERY_MS);
        return 0;
    }
    give(request, &scan);
    if (!still_read(&scan))
        request->answer.status = 200;
    api_answer_field(&request->answer, "Preference-Applied", STR("wait"));
    return 0;
}

int api_scan_create(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_scan *scans;
    size_t n;
    bool earlier;
    if (api_upload_commit(request, &scans, &n, &earlier, err) < 0)
        return -1;
    if (n > 1) {
        give_several(request, scans, n);
        return 0;
    }
    give(request, &scans[0]);
    if (earlier)
        request->answer.status = 200;
    if (request->wait_until_ms && still_read(&scans[0]) && id_parse(scans[0].id, &request->again_id)) {
        api_demand_settle(api, request, 0);
        request->who.actor.once = NULL;
        request->answer = (struct api_answer){.pull.size = -1};
        request->again = wait_for_reading;
        api_server_later(request, LOOK_EVERY_MS);
    }
    return 0;
}

int api_scan_list(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_scan_query query = {.filter.state = -1};
    struct flow_list list;
    if (api_page_read(api, request, &query.page, err) < 0 ||
        api_param_word(request, "state", flow_scan_words, &query.filter.state, err) < 0 ||
        api_param_bool(request, "deleted", &query.filter.deleted, err) < 0 ||
        flow_scan_list(api->flow, &request->who.actor, &query, request->arena, &list, err) < 0)
        return -1;
    api_page_give(api, request, &flow_scan_shape, &list);
    return 0;
}

typedef int one_scan(const struct flow *, const struct flow_actor *, struct id, struct arena *, struct flow_scan *,
                     struct err *);

static int answer_one(struct api *api, struct api_request *request, one_scan *use, struct err *err)
{
    struct flow_scan scan;
    struct id id;
    if (api_path_id(request, 0, &id, err) < 0 ||
        use(api->flow, &request->who.actor, id, request->arena, &scan, err) < 0)
        return -1;
    give(request, &scan);
    return 0;
}

int api_scan_get(struct api *api, struct api_request *request, struct err *err)
{
    return answer_one(api, request, flow_scan_get, err);
}

int api_scan_restore(struct api *api, struct api_request *request, struct err *err)
{
    return answer_one(api, request, flow_scan_restore, err);
}

int api_scan_retry(struct api *api, struct api_request *request, struct err *err)
{
    return answer_one(api, request, flow_scan_retry, err);
}

int api_scan_delete(struct api *api, struct api_request *request, struct err *err)
{
    struct id id;
    if (api_path_id(request, 0, &id, err) < 0 ||
        flow_scan_delete(api->flow, &request->who.actor, id, request->version, err) < 0)
        return -1;
    api_give_nothing(request);
    return 0;
}

static ssize_t pull_image(void *self, char *p, size_t n)
{
    size_t got = 0;
    struct err err;
    if (flow_image_read(self, p, n, &got, &err) < 0 || got == 0)
        return -1;
    return (ssize_t)got;
}

static void close_image(void *self)
{
    flow_image_free(self);
}

/* What strangers sent is handed out as a download that may run nothing, whatever a browser makes of it. */
static int answer_image(struct api *api, struct api_request *request, int64_t card, struct err *err)
{
    static const char *const sides[] = {"front", "back", NULL}, *const sizes[] = {"whole", "small", NULL};
    struct flow_image *image = NULL;
    struct flow_image_choice choice = {.card = card};
    int side = 0, size = 0;
    if (api_path_id(request, 0, &choice.scan, err) < 0 || api_param_word(request, "side", sides, &side, err) < 0 ||
        api_param_word(request, "size", sizes, &size, err) < 0)
        return -1;
    choice.back = side == 1;
    choice.small = size == 1;
    if (flow_image_open(api->flow, &request->who.actor, &choice, &image, err) < 0)
        return -1;
    struct flow_image_info info = flow_image_info(image);
    struct api_answer *answer = &request->answer;
    api_answer_set(answer, 200, str_z(request->arena, info.media_type), STR_NONE);
    answer->pull = (struct api_pull){image, info.bytes, pull_image, close_image};
    api_answer_field(answer, "Content-Disposition", STR("attachment"));
    api_answer_field(answer, "Content-Security-Policy", STR("default-src 'none'; sandbox"));
    api_answer_field(answer, "Cache-Control", STR("private, max-age=3600, immutable"));
    return 0;
}

int api_scan_image(struct api *api, struct api_request *request, struct err *err)
{
    return answer_image(api, request, 0, err);
}

int api_scan_card_image(struct api *api, struct api_request *request, struct err *err)
{
    int64_t card;
    if (!str_to_int(request->ids[1], 1, LIMIT_CARDS_PER_PHOTO, &card))
        return err_set(err, ERR_NOT_FOUND, "%s", "");
    return answer_image(api, request, card, err);
}
