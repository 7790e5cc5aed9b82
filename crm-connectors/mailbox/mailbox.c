/* See mailbox.h. */
#include "crm-connectors/mailbox/mailbox.h"

#include "base/clock.h"
#include "crm-connectors/mailbox/graph.h"
#include "crm-connectors/rest/records.h"
#include "crm-connectors/stream.h"

enum { PATIENCE_MS = 30 * 1000 };

/* ---- The wire ---- */

static int wire_send(void *self, const char *p, size_t n, struct err *err)
{
    return crm_stream_send(((struct crm_mail *)self)->stream, p, n, PATIENCE_MS, err);
}

static int wire_receive(void *self, char *p, size_t n, int timeout_ms, size_t *ret_n, struct err *err)
{
    struct crm_mail *mail = self;
    int64_t left = mail->until_mono_ms - clock_mono_ms();
    int64_t wait = timeout_ms > 0 ? timeout_ms : PATIENCE_MS;
    if (left <= 0)
        return err_set(err, ERR_CRM_DOWN, "it is too slow");
    const struct crm_patience patience = {(int)(wait < left ? wait : left), timeout_ms > 0 ? mail->wake_fd : -1};
    return crm_stream_receive(mail->stream, p, n, &patience, ret_n, err);
}

/* ---- Opening ---- */

int crm_mailbox_host(struct str settings, struct arena *arena, struct crm_mail_host *ret_at, struct err *err)
{
    struct str host = crm_records_setting(settings, "host", arena);
    struct str port = crm_records_setting(settings, "port", arena);
    struct str security = crm_records_setting(settings, "security", arena);
    int64_t number = 993;
    if (str_empty(host)) /* Google's, the one kind without that field */
        host = STR("imap.gmail.com");
    if (!str_empty(port) && !str_to_int(port, 1, 65535, &number))
        return err_field(err, ERR_INVALID, "/settings/port", "a number from 1 to 65535");
    if (!str_empty(security) && !str_eq(security, STR("tls")) && !str_eq(security, STR("starttls")))
        return err_field(err, ERR_INVALID, "/settings/security", "tls or starttls");
    *ret_at = (struct crm_mail_host){host, (uint16_t)number, !str_eq(security, STR("starttls"))};
    return 0;
}

static int credentials(struct crm_lent *lent, struct arena *arena, struct str refused, struct crm_stream_to *to,
                       struct err *err)
{
    to->user = crm_records_setting(lent->settings, "user", arena);
    if (str_empty(to->user))
        to->user = crm_records_setting(lent->settings, "address", arena);
    if (lent->bearer)
        return lent->bearer->token(lent->bearer->self, refused, arena, &to->token, err);
    to->password = crm_records_setting(lent->secret, "password", arena);
    return str_empty(to->password) ? err_field(err, ERR_INVALID, "/secret/password", "this field is required") : 0;
}

int crm_mail_open(struct crm_lent *lent, struct arena *arena, struct crm_mail *mail, struct err *err)
{
    struct crm_stream_to to = {.user = STR_NONE};
    if (crm_mailbox_host(lent->settings, arena, &to.at, err) < 0 || credentials(lent, arena, STR_NONE, &to, err) < 0)
        return -1;
    int r = crm_stream_open(lent->http, &to, &mail->stream, err);
    if (r < 0 && err->code == ERR_CRM_REAUTHORISE && lent->bearer) /* the token may have run out meanwhile */
        r = credentials(lent, arena, to.token, &to, err) < 0 ? -1
                                                             : crm_stream_open(lent->http, &to, &mail->stream, err);
    mail->imap.wire = (struct crm_imap_wire){mail, wire_send, wire_receive};
    return r;
}

void crm_mail_close(struct crm_mail *mail)
{
    if (mail->stream)
        crm_imap_logout(&mail->imap);
    crm_stream_freep(&mail->stream);
}

static int imap_test(struct crm_lent *lent, struct arena *arena, struct crm_result *ret, struct err *err)
{
    _cleanup_(crm_mail_close) struct crm_mail mail = {.until_mono_ms = clock_mono_ms() + PATIENCE_MS, .wake_fd = -1};
    struct crm_imap_folder folder;
    if (crm_mail_open(lent, arena, &mail, err) < 0 || crm_imap_examine(&mail.imap, &folder, err) < 0)
        return -1;
    *ret = (struct crm_result){.outcome = CRM_FOUND, .not_sent = true};
    return 0;
}

/* ---- The kinds ---- */

#define ADDRESS                                                                                                        \
    {                                                                                                                  \
        .name = "address", .label = "mailbox.form.address", .type = "email", .required = true                          \
    }
#define HOST                                                                                                           \
    {                                                                                                                  \
        .name = "host", .label = "mailbox.form.host", .type = "host", .required = true                                 \
    }
#define PORT                                                                                                           \
    {                                                                                                                  \
        .name = "port", .label = "mailbox.form.port", .type = "text", .preset = "993"                                  \
    }
#define SECURITY                                                                                                       \
    {                                                                                                                  \
        .name = "security", .label = "mailbox.form.security", .type = "security", .preset = "tls"                      \
    }
#define USER                                                                                                           \
    {                                                                                                                  \
        .name = "user", .label = "mailbox.form.user", .type = "text"                                                   \
    }
#define CLIENT_ID                                                                                                      \
    {                                                                                                                  \
        .name = "client_id", .label = "connector.client_id", .type = "text", .required = true                          \
    }
#define CLIENT_SECRET                                                                                                  \
    {                                                                                                                  \
        .name = "client_secret", .label = "connector.client_secret", .type = "password", .secret = true                \
    }

static const struct crm_form_field imap_form[] = {
    ADDRESS,
    HOST,
    PORT,
    SECURITY,
    USER,
    {.name = "password", .label = "mailbox.form.password", .type = "password", .secret = true, .required = true},
};

static const struct crm_connector imap = {
    .kind = "imap", .name = "IMAP", .form = {imap_form, ARRAY_LEN(imap_form)}, .imap = true, .test = imap_test};

static const struct crm_form_field google_form[] = {ADDRESS, CLIENT_ID, CLIENT_SECRET};
static const struct crm_scope google_scopes[] = {{"https://mail.google.com/", "scope.google_mail"}};
static const struct crm_oauth google_oauth = {
    .authorize = "https://accounts.google.com/o/oauth2/v2/auth",
    .token = "https://oauth2.googleapis.com/token",
    .revoke = "https://oauth2.googleapis.com/revoke",
    .scopes = google_scopes,
    .n_scopes = ARRAY_LEN(google_scopes),
    .grants = CRM_GRANT_CODE,
    .pkce = true,
    .extra = "&access_type=offline&prompt=consent",
    .lifetime_s = 3600,
    .exact = true,
};
static const struct crm_connector google = {.kind = "google_mail",
                                            .name = "Google (Gmail, Workspace)",
                                            .form = {google_form, ARRAY_LEN(google_form)},
                                            .oauth = &google_oauth,
                                            .imap = true,
                                            .test = imap_test};

/* An IMAP server that takes the tokens of an OAuth provider of the organisation's own. */
static const struct crm_form_field own_form[] = {
    ADDRESS,
    HOST,
    PORT,
    SECURITY,
    USER,
    {.name = "authorize", .label = "mailbox.form.authorize", .type = "url", .required = true},
    {.name = "token", .label = "mailbox.form.token", .type = "url", .required = true},
    {.name = "scope", .label = "mailbox.form.scope", .type = "text", .required = true},
    CLIENT_ID,
    CLIENT_SECRET,
};
static const struct crm_scope own_scopes[] = {{"{scope}", "scope.read_mail"}};
static const struct crm_oauth own_oauth = {
    .authorize = "{authorize}",
    .token = "{token}",
    .scopes = own_scopes,
    .n_scopes = ARRAY_LEN(own_scopes),
    .grants = CRM_GRANT_CODE,
    .pkce = true,
    .lifetime_s = 3600,
};
static const struct crm_connector own = {.kind = "imap_oauth",
                                         .name = "IMAP (OAuth 2.0)",
                                         .form = {own_form, ARRAY_LEN(own_form)},
                                         .oauth = &own_oauth,
                                         .imap = true,
                                         .test = imap_test};

const struct crm_connector *const crm_mailboxes[] = {&imap, &crm_graph_mailbox, &google, &own, NULL};

const struct crm_connector *crm_mailbox_find(struct str kind)
{
    for (const struct crm_connector *const *all = crm_mailboxes; *all; all++)
        if (str_eq(str_c((*all)->kind), kind))
            return *all;
    return NULL;
}
