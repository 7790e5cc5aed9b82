/* Finding contacts in HubSpot: e-mail addresses by reading, which is exact at once; phones and names by the search
 * index, which lags. */
#include "crm-connectors/hubspot/parts.h"

enum { SEARCH_MAX = 50, DIGITS = 7 };

/* Records of one POST as a result; those that share a value with the probe unless it is NULL. */
static int post_list(const struct crm_rest *rest, const char *path, struct str body, const struct contact *probe,
                     struct crm_result *ret, struct err *err)
{
    const struct crm_call call = {.method = "POST", .path = str_c(path), .body = body};
    struct str results, whole;
    int r = crm_hubspot_list(rest, &call, &results, &whole, ret, err);
    if (r == 1)
        (void)crm_records_list(&crm_hubspot_vendor, rest, results, probe, ret);
    return r;
}

/* By e-mail without the search index: secondary addresses count, too. */
static int find_by_mail(const struct crm_rest *rest, const struct contact *probe, struct crm_result *ret,
                        struct err *err)
{
    const struct contact_value *emails = probe->emails.items;
    struct strbuf body = {.arena = rest->arena};
    strbuf_printf(&body, "{\"idProperty\":\"email\",\"properties\":[%.*s],\"inputs\":[",
                  STR_ARG(crm_hubspot_properties(rest, true)));
    for (size_t i = 0; i < probe->emails.n; i++) {
        strbuf_add_c(&body, i ? ",{\"id\":" : "{\"id\":");
        json_quote(&body, str_lower(rest->arena, emails[i].value));
        strbuf_add_c(&body, "}");
    }
    strbuf_add_c(&body, "]}");
    return post_list(rest, CRM_HUBSPOT_CONTACTS "/batch/read", strbuf_str(&body), NULL, ret, err);
}

static int find_by_phone(const struct crm_rest *rest, const struct contact *probe, struct crm_result *ret,
                         struct err *err)
{
    static const char *const columns[] = {"hs_searchable_calculated_phone_number",
                                          "hs_searchable_calculated_mobile_number"};
    const struct contact_value *phones = probe->phones.items;
    struct strbuf body = {.arena = rest->arena};
    size_t groups = 0;
    strbuf_add_c(&body, "{\"filterGroups\":[");
    for (size_t i = 0; i < probe->phones.n && groups < 6; i++) /* six are the most that a search takes */
        for (size_t k = 0; k < ARRAY_LEN(columns); k++, groups++)
            strbuf_printf(
                &body,
                "%s{\"filters\":[{\"propertyName\":\"%s\",\"operator\":\"CONTAINS_TOKEN\",\"value\":\"*%.*s\"}]}",
                groups ? "," : "", columns[k], STR_ARG(crm_last_digits(phones[i].value, DIGITS, rest->arena)));
    strbuf_printf(&body, "],\"sorts\":[],\"properties\":[%.*s],\"limit\":%d,\"after\":\"0\"}",
                  STR_ARG(crm_hubspot_properties(rest, true)), SEARCH_MAX);
    return post_list(rest, CRM_HUBSPOT_CONTACTS "/search", strbuf_str(&body), probe, ret, err);
}

int crm_hubspot_find_exact(struct crm_lent *lent, const struct contact *probe, struct arena *arena,
                           struct crm_result *ret, struct err *err)
{
    struct crm_rest rest;
    struct crm_result by_phone;
    if (crm_hubspot_open(lent, arena, &rest, err) < 0)
        return -1;
    crm_result_records(NULL, 0, arena, ret);
    int r = probe->emails.n > 0 ? find_by_mail(&rest, probe, ret, err) : 1;
    if (r < 1 || probe->phones.n == 0)
        return r < 0 ? -1 : 0;
    r = find_by_phone(&rest, probe, &by_phone, err);
    if (r == 1)
        crm_records_join(&rest, &by_phone, ret);
    else if (r == 0 && ret->records.n == 0)
        *ret = by_phone;
    return r < 0 ? -1 : 0;
}

int crm_hubspot_search(struct crm_lent *lent, struct str text, struct arena *arena, struct crm_result *ret,
                       struct err *err)
{
    struct crm_rest rest;
    struct strbuf body = {.arena = arena};
    if (crm_hubspot_open(lent, arena, &rest, err) < 0)
        return -1;
    if (str_empty(str_trim(text))) {
        crm_result_records(NULL, 0, arena, ret);
        return 0;
    }
    strbuf_add_c(&body, "{\"query\":");
    json_quote(&body, str_trim(text));
    strbuf_printf(&body, ",\"filterGroups\":[],\"sorts\":[],\"properties\":[%.*s],\"limit\":%d,\"after\":\"0\"}",
                  STR_ARG(crm_hubspot_properties(&rest, true)), SEARCH_MAX);
    return post_list(&rest, CRM_HUBSPOT_CONTACTS "/search", strbuf_str(&body), NULL, ret, err) < 0 ? -1 : 0;
}
