/* /v1/contacts: find, create, change, bin, versions; as JSON or vCard. */
#include "flow/contacts.h"
#include "api/page.h"

static void give(struct api_request *request, const struct flow_contact *contact)
{
    struct str location = request->route->flags & API_CREATED
                              ? str_printf(request->arena, "/v1/contacts/%.*s", STR_ARG(contact->id))
                              : STR_NONE;
    api_give(request, &(struct api_result){&flow_contact_shape, contact, location, contact->version});
}

int api_contact_list(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_contact_query query = {.q = api_request_param(request, "q"),
                                       .scan = api_request_param(request, "scan")};
    struct flow_list list;
    if (api_page_read(api, request, &query.page, err) < 0 || api_param_id(request, "list", &query.list, err) < 0 ||
        api_param_id(request, "fair", &query.fair, err) < 0 ||
        api_param_word(request, "state", flow_contact_words, &query.state, err) < 0 ||
        api_param_bool(request, "deleted", &query.deleted, err) < 0 ||
        flow_contact_list(api->flow, &request->who.actor, &query, request->arena, &list, err) < 0)
        return -1;
    api_page_give(api, request, &flow_contact_shape, &list);
    return 0;
}

int api_contact_create(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_contact contact;
    if (flow_contact_create(api->flow, &request->who.actor, request->input, request->arena, &contact, err) < 0)
        return -1;
    give(request, &contact);
    return 0;
}

static int give_vcard(struct api *api, struct api_request *request, struct id id, struct err *err)
{
    struct str vcard;
    if (flow_contact_vcard(api->flow, &request->who.actor, id, request->arena, &vcard, err) < 0)
        return -1;
    api_answer_set(&request->answer, 200, "text/vcard; charset=utf-8", vcard);
    api_answer_field(&request->answer, "Content-Disposition", STR("attachment; filename=\"contact.vcf\""));
    api_answer_field(&request->answer, "Vary", STR("Accept"));
    return 0;
}

int api_contact_get(struct api *api, struct api_request *request, struct err *err)
{
    static const char *const types[] = {"application/json", "text/vcard"};
    int type = api_accept(api_request_field(request, "accept"), types, ARRAY_LEN(types));
    struct flow_contact contact;
    struct id id;
    if (type < 0)
        return err_set(err, ERR_NOT_ACCEPTABLE, "%s", "application/json, text/vcard");
    if (api_path_id(request, 0, &id, err) < 0)
        return -1;
    if (type == 1)
        return give_vcard(api, request, id, err);
    if (flow_contact_get(api->flow, &request->who.actor, id, request->arena, &contact, err) < 0)
        return -1;
    give(request, &contact);
    api_answer_field(&request->answer, "Vary", STR("Accept"));
    return 0;
}

int api_contact_change(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_contact_patch patch = {.version = request->version, .patch = strbuf_str(&request->body)};
    struct flow_contact contact;
    if (api_path_id(request, 0, &patch.contact, err) < 0 ||
        flow_contact_patch(api->flow, &request->who.actor, &patch, request->arena, &contact, err) < 0)
        return -1;
    give(request, &contact);
    return 0;
}

int api_contact_delete(struct api *api, struct api_request *request, struct err *err)
{
    struct id id;
    if (api_path_id(request, 0, &id, err) < 0 ||
        flow_contact_delete(api->flow, &request->who.actor, id, request->version, err) < 0)
        return -1;
    api_give_nothing(request);
    return 0;
}

int api_contact_restore(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_contact contact;
    struct id id;
    if (api_path_id(request, 0, &id, err) < 0 ||
        flow_contact_restore(api->flow, &request->who.actor, id, request->arena, &contact, err) < 0)
        return -1;
    give(request, &contact);
    return 0;
}

int api_contact_check(struct api *api, struct api_request *request, struct err *err)
{
    const struct flow_contact_check *input = request->input;
    struct flow_contact_mark mark = {.version = request->version, .checked = input->checked};
    struct flow_contact contact;
    if (api_path_id(request, 0, &mark.contact, err) < 0 ||
        flow_contact_check(api->flow, &request->who.actor, &mark, request->arena, &contact, err) < 0)
        return -1;
    give(request, &contact);
    return 0;
}

int api_contact_versions(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_list list;
    struct id id;
    if (api_path_id(request, 0, &id, err) < 0 ||
        flow_contact_versions(api->flow, &request->who.actor, id, request->arena, &list, err) < 0)
        return -1;
    api_page_give(api, request, &flow_contact_version_shape, &list);
    return 0;
}
