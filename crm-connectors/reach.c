/* See reach.h. */
#include "crm-connectors/reach.h"

#include "crm-connectors/mailbox/mailbox.h"
#include "crm-connectors/oauth/fill.h"
#include "crm-connectors/rest/records.h"
#include "crm-connectors/submission/submission.h"

enum { MOST = 8 /* of one connection */ };

const char *const crm_reach_words[] = {"api", "token", "revoke", "imap", "provider", "submission", NULL};

static void add(struct crm_reach_list *list, const struct crm_target *target, enum crm_reach_purpose purpose)
{
    for (size_t i = 0; i < list->n; i++)
        if (list->rows[i].purpose == purpose && list->rows[i].port == target->port &&
            str_eq(list->rows[i].host, target->host))
            return;
    list->rows[list->n++] = (struct crm_reach){target->host, target->port, purpose};
}

static void add_url(struct crm_reach_list *list, struct str url, const char *allow, enum crm_reach_purpose purpose,
                    struct arena *arena)
{
    struct crm_target target;
    struct err ignored;
    if (url.p && crm_egress_url(url, allow, arena, &target, &ignored) == 0)
        add(list, &target, purpose);
}

static void add_mail(struct crm_reach_list *list, const struct crm_mail_host *at, const char *allow,
                     struct arena *arena)
{
    struct crm_target target;
    struct err ignored;
    if (crm_egress_mail(at, allow, arena, &target, &ignored) == 0)
        add(list, &target, at->submission ? CRM_REACH_SUBMISSION : CRM_REACH_IMAP);
}

static struct str filled(const char *template, struct str settings, struct arena *arena)
{
    struct str url = STR_NONE;
    struct err ignored;
    return template && crm_oauth_fill(settings, template, arena, &url, &ignored) == 0 ? url : STR_NONE;
}

/* A mailbox whose form asks for the host has none as long as it is not there. */
static bool host_known(const struct crm_connector *connector, struct str settings, struct arena *arena)
{
    for (size_t i = 0; i < connector->form.n; i++)
        if (strcmp(connector->form.fields[i].name, "host") == 0)
            return !str_empty(crm_records_setting(settings, "host", arena));
    return true;
}

struct crm_reach_list crm_reach_of(const struct crm_connector *connector, struct str settings, struct str base,
                                   const char *allow, struct arena *arena)
{
    struct crm_reach_list list = {arena_array(arena, MOST, sizeof *list.rows), 0};
    const struct crm_oauth *oauth = connector->oauth;
    struct crm_mail_host at;
    struct err ignored;
    add_url(&list, base.p ? base : filled(connector->api, settings, arena), allow, CRM_REACH_API, arena);
    if (connector->imap && host_known(connector, settings, arena) &&
        crm_mailbox_host(settings, arena, &at, &ignored) == 0)
        add_mail(&list, &at, allow, arena);
    if (oauth && crm_oauth_grant(oauth, settings, arena) != CRM_GRANT_KEY) {
        add_url(&list, filled(oauth->token, settings, arena), allow, CRM_REACH_TOKEN, arena);
        add_url(&list, filled(oauth->revoke, settings, arena), allow, CRM_REACH_REVOKE, arena);
    }
    return list;
}

struct crm_reach_list crm_reach_urls(const struct str *urls, size_t n, const char *allow,
                                     enum crm_reach_purpose purpose, struct arena *arena)
{
    struct crm_reach_list list = {arena_array(arena, n, sizeof *list.rows), 0};
    for (size_t i = 0; i < n; i++)
        add_url(&list, urls[i], allow, purpose, arena);
    return list;
}

struct crm_reach_list crm_reach_mail(const struct crm_submission *mail, const char *allow, struct arena *arena)
{
    struct crm_reach_list list = {arena_array(arena, 1, sizeof *list.rows), 0};
    struct crm_mail_host at = mail->at;
    at.submission = true;
    add_mail(&list, &at, allow, arena);
    return list;
}

char *crm_reach_only(const struct crm_reach_list *list, unsigned purposes, struct arena *arena)
{
    struct strbuf out = {.arena = arena};
    for (size_t i = 0; i < list->n; i++) {
        const struct crm_reach *row = &list->rows[i];
        if (!(purposes & 1U << row->purpose) || crm_egress_listed(str_z(arena, strbuf_str(&out)), row->host, row->port))
            continue;
        strbuf_printf(&out, str_find(row->host, STR(":"), 0) < 0 ? "%s%.*s:%u" : "%s[%.*s]:%u", out.n ? " " : "",
                      STR_ARG(row->host), (unsigned)row->port);
    }
    return str_z(arena, strbuf_str(&out));
}
