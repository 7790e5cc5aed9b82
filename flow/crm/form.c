/* See form.h. */
#include "flow/crm/form.h"

#include "crm-connectors/egress.h"
#include "crm-connectors/mailbox/mailbox.h"
#include "crm-connectors/rest/records.h"
#include "flow/crm/crm.h"

struct crm_form flow_form_of(const struct crm_connector *connector, struct arena *arena)
{
    const struct crm_form *form = &connector->form;
    unsigned grants = connector->oauth ? connector->oauth->grants : 0;
    size_t first = 0;
    if ((grants & (grants - 1)) == 0) /* there is nothing to choose */
        return *form;
    while (!(grants & 1U << first))
        first++;
    struct crm_form_field *fields = arena_array(arena, form->n + 1, sizeof *fields);
    fields[0] = (struct crm_form_field){
        .name = CRM_OAUTH_GRANT, .label = "connector.grant", .type = "grant", .preset = crm_grant_words[first]};
    memcpy(fields + 1, form->fields, form->n * sizeof *fields);
    return (struct crm_form){fields, form->n + 1};
}

int flow_form_need_crm(struct str kind, struct err *err)
{
    return crm_mailbox_find(kind) ? err_set(err, ERR_NOT_FOUND, "connection") : 0;
}

static int fault(enum err_code code, const char *side, const char *name, const char *why, struct err *err)
{
    char pointer[sizeof err->pointer];
    (void)snprintf(pointer, sizeof pointer, "/%s/%s", side, name);
    return err_field(err, code, pointer, "%s", why);
}

/* A form as one kind of connection fills it in. */
struct filled {
    struct crm_form form;
    enum crm_grant grant;
};

static enum crm_grant grant_of(const struct crm_connector *connector, struct str settings, struct arena *arena)
{
    return connector->oauth ? crm_oauth_grant(connector->oauth, settings, arena) : CRM_GRANT_KEY;
}

static bool belongs(const struct crm_form_field *field, enum crm_grant grant)
{
    return !field->grants || field->grants & grant;
}

/* The object with only the form's fields of one side (plain or secret): required ones are there, others are refused;
 * those of another kind of connection may be missing. */
static int form_side(const struct filled *filled, bool secret, struct str given, struct arena *arena,
                     struct str *ret_json, struct err *err)
{
    const struct crm_form *form = &filled->form;
    const char *side = secret ? "secret" : "settings", *comma = "";
    struct strbuf out = {.arena = arena};
    struct str object = given.p ? given : STR("{}"), value, clean, whole;
    strbuf_add_char(&out, '{');
    for (size_t i = 0; i < form->n; i++) {
        const struct crm_form_field *field = &form->fields[i];
        if (field->secret != secret)
            continue;
        if (json_member(object, field->name, arena, &value, err) < 0)
            return err_field(err, ERR_INVALID, secret ? "/secret" : "/settings", "an object is expected");
        if (field->required && belongs(field, filled->grant) && (!value.p || str_eq(value, STR("\"\""))))
            return fault(ERR_INVALID, side, field->name, "this field is required", err);
        strbuf_printf(&out, "%s\"%s\":%.*s", comma, field->name, STR_ARG(value.p ? value : STR("null")));
        comma = ",";
    }
    strbuf_add_char(&out, '}');
    struct str patched;
    if (json_merge_patch(STR("{}"), strbuf_str(&out), arena, &patched, err) < 0 ||
        json_canonical(patched, arena, &clean, err) < 0 ||
        json_merge_patch(STR("{}"), object, arena, &patched, err) < 0 ||
        json_canonical(patched, arena, &whole, err) < 0)
        return -1;
    if (!str_eq(clean, whole))
        return err_field(err, ERR_INVALID, secret ? "/secret" : "/settings", "unknown field");
    *ret_json = clean;
    return 0;
}

/* Names of one's own machine or network (RFC 6761, 6762, 8375), and names without a dot, which resolvers complete. */
static bool name_inside(struct str host)
{
    static const char *const suffixes[] = {".localhost", ".localdomain", ".local", ".internal", ".home.arpa", ".lan"};
    for (size_t i = 0; i < ARRAY_LEN(suffixes); i++)
        if (str_ends(host, str_c(suffixes[i])))
            return true;
    return str_find(host, STR("."), 0) < 0;
}

/* Spelling, range of an address, names that can only be inside; other names are judged when they are resolved, at every
 * call. `known`: which addresses the vendor has, or NULL; hosts that the operator allows are exempt. */
static int address_fine(const struct flow *flow, struct str url, const struct crm_form_address *known,
                        const char *pointer, struct arena *arena, struct err *err)
{
    struct crm_target target;
    const char *allow = flow->egress ? flow->egress->allow_private : NULL;
    if (crm_egress_url(url, allow, arena, &target, err) < 0) {
        (void)snprintf(err->pointer, sizeof err->pointer, "%s", pointer);
        return -1;
    }
    bool inside = target.literal ? !crm_egress_public(&target.address) : name_inside(target.host);
    if (inside && !target.allowed)
        return err_field(err, ERR_HOST_REFUSED, pointer, "it is not a public address");
    if (known && !target.allowed && !(crm_form_host_fits(known, target.host) && str_eq(target.path, STR("/"))))
        return err_field(err, ERR_FORM_ADDRESS, pointer, "%s", known->like);
    return 0;
}

static int addresses_fine(const struct flow *flow, const struct crm_form *form, struct str settings,
                          struct arena *arena, struct err *err)
{
    char pointer[sizeof err->pointer];
    for (size_t i = 0; i < form->n; i++) {
        const struct crm_form_field *field = &form->fields[i];
        struct str url = crm_records_setting(settings, field->name, arena);
        if (field->secret || strcmp(field->type, "url") != 0 || str_empty(url))
            continue;
        (void)snprintf(pointer, sizeof pointer, "/settings/%s", field->name);
        if (address_fine(flow, url, field->address, pointer, arena, err) < 0)
            return -1;
    }
    return 0;
}

/* Where the person and the code would be sent: whatever settings make of the vendor's addresses. */
static int provider_fine(const struct flow *flow, const struct crm_connector *connector, struct str settings,
                         struct arena *arena, struct err *err)
{
    const struct crm_oauth_client client = {.oauth = connector->oauth, .settings = settings, .arena = arena};
    struct str parties, page, token;
    if (flow_way_of(connector, settings, arena) == FLOW_WAY_PLAIN)
        return 0;
    if (crm_oauth_parties(&client, &parties, err) < 0)
        return -1;
    return !str_split(&parties, '\n', &page) || !str_split(&parties, '\n', &token) ||
                   address_fine(flow, page, NULL, "/settings", arena, err) < 0 ||
                   address_fine(flow, token, NULL, "/settings", arena, err) < 0
               ? -1
               : 0;
}

/* A word that the vendor does not offer is no choice. */
static int grant_fine(const struct crm_oauth *oauth, struct str settings, struct arena *arena, struct err *err)
{
    struct str word = crm_records_setting(settings, CRM_OAUTH_GRANT, arena);
    struct strbuf known = {.arena = arena};
    for (size_t i = 0; oauth && crm_grant_words[i]; i++) {
        if (!(oauth->grants & 1U << i))
            continue;
        if (!word.p || str_eq(word, str_c(crm_grant_words[i])))
            return 0;
        strbuf_printf(&known, "%s%s", known.n ? ", " : "", crm_grant_words[i]);
    }
    return word.p
               ? err_field(err, ERR_INVALID, "/settings/" CRM_OAUTH_GRANT, "one of: %.*s", STR_ARG(strbuf_str(&known)))
               : 0;
}

int flow_form_check_addresses(const struct flow *flow, const struct store_connection *row, struct arena *arena,
                              struct err *err)
{
    const struct crm_connector *connector = flow_connector_find(flow, row->kind);
    if (!connector)
        return err_field(err, ERR_INVALID, "/kind", "unknown kind of CRM");
    return addresses_fine(flow, &connector->form, row->settings, arena, err) < 0
               ? -1
               : provider_fine(flow, connector, row->settings, arena, err);
}

int flow_form_check(const struct flow *flow, struct store_connection *row, struct arena *arena, struct err *err)
{
    const struct crm_connector *connector = flow_connector_find(flow, row->kind);
    if (!connector)
        return err_field(err, ERR_INVALID, "/kind", "unknown kind of CRM");
    if (str_empty(str_trim(row->name)))
        return err_field(err, ERR_INVALID, "/name", "this field is required");
    if (grant_fine(connector->oauth, row->settings, arena, err) < 0)
        return -1;
    const struct filled filled = {flow_form_of(connector, arena), grant_of(connector, row->settings, arena)};
    if (form_side(&filled, false, row->settings, arena, &row->settings, err) < 0 ||
        form_side(&filled, true, row->secret, arena, &row->secret, err) < 0)
        return -1;
    return flow_form_check_addresses(flow, row, arena, err);
}

/* An address that secrets are sent to. */
static bool leads_somewhere(const struct crm_form_field *field)
{
    return strcmp(field->type, "url") == 0 || strcmp(field->type, "host") == 0;
}

int flow_form_secret_stays(const struct flow *flow, const struct store_connection *row, struct str settings,
                           struct arena *arena, struct err *err)
{
    const struct crm_connector *connector = flow_connector_find(flow, row->kind);
    const char *secret = NULL;
    struct str was, now;
    for (size_t i = 0; connector && i < connector->form.n; i++)
        if (connector->form.fields[i].secret && !secret &&
            belongs(&connector->form.fields[i], grant_of(connector, settings, arena)))
            secret = connector->form.fields[i].name;
    for (size_t i = 0; secret && i < connector->form.n; i++) {
        const struct crm_form_field *field = &connector->form.fields[i];
        if (!leads_somewhere(field))
            continue;
        if (json_member(row->settings, field->name, arena, &was, err) < 0 ||
            json_member(settings, field->name, arena, &now, err) < 0)
            return err_field(err, ERR_INVALID, "/settings", "an object is expected");
        if (!str_eq(was, now))
            return fault(ERR_INVALID, "secret", secret, "a new address needs it again", err);
    }
    return 0;
}

bool flow_form_same_parties(const struct flow *flow, const struct store_connection *before,
                            const struct store_connection *after, struct arena *arena)
{
    const struct crm_connector *connector = flow_connector_find(flow, before->kind);
    struct str was, now;
    struct err none;
    if (!connector || flow_way_of(connector, before->settings, arena) != flow_way_of(connector, after->settings, arena))
        return false;
    if (flow_way_of(connector, after->settings, arena) == FLOW_WAY_PLAIN)
        return true;
    struct crm_oauth_client client = {.oauth = connector->oauth, .settings = before->settings, .arena = arena};
    if (crm_oauth_parties(&client, &was, &none) < 0)
        return false;
    client.settings = after->settings;
    if (crm_oauth_parties(&client, &now, &none) < 0 || !str_eq(was, now))
        return false;
    for (size_t i = 0; i < connector->form.n; i++) {
        const struct crm_form_field *field = &connector->form.fields[i];
        if (leads_somewhere(field) && !str_eq(crm_records_setting(before->settings, field->name, arena),
                                              crm_records_setting(after->settings, field->name, arena)))
            return false;
    }
    return true;
}
