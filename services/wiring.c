/* See wiring.h. */
#include "services/wiring.h"

#include "services/settings.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SECRET = 1024, SUBMISSION = 587, SUBMISSIONS = 465 };

/* "a:1, b:2" as people write it -> "a:1 b:2" as the way out reads it. */
static const char *blank_separated(struct arena *arena, const char *list)
{
    char *text = str_z(arena, str_c(list));
    for (char *p = text; *p; p++)
        if (*p == ',')
            *p = ' ';
    return text;
}

/* The first line of the password's file, or of systemd's credential. */
static int mail_password(struct arena *arena, struct str *ret_password, struct err *err)
{
    const char *path = settings_get("KARTEI_SMTP_PASSWORD_FILE"), *credentials = getenv("CREDENTIALS_DIRECTORY");
    char line[SECRET];
    struct stat st;
    if (!*path && credentials)
        path = str_printf(arena, "%s/smtp-password", credentials).p;
    if (!*path)
        return 0;
    _cleanup_(cleanup_close) int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && !*settings_get("KARTEI_SMTP_PASSWORD_FILE"))
        return 0; /* no such credential */
    ssize_t n = fd < 0 || fstat(fd, &st) < 0 || (st.st_mode & 077) ? -1 : read(fd, line, sizeof line);
    if (n < 0)
        return err_set(err, ERR_INVALID, "KARTEI_SMTP_PASSWORD_FILE: a file that only its owner can read");
    struct str rest = {line, (size_t)n}, first = STR("");
    (void)str_split(&rest, '\n', &first);
    *ret_password = str_dup(arena, str_trim(first));
    explicit_bzero(line, sizeof line);
    return 0;
}

static int mail_open(struct crm_submission *mail, struct arena *arena, struct err *err)
{
    const char *security = settings_get("KARTEI_SMTP_SECURITY"), *user = settings_get("KARTEI_SMTP_USER");
    int64_t port;
    if (!*settings_get("KARTEI_SMTP_HOST"))
        return 0;
    bool tls = strcmp(security, "tls") == 0;
    if (!tls && strcmp(security, "starttls") != 0)
        return err_set(err, ERR_INVALID, "KARTEI_SMTP_SECURITY is tls or starttls");
    if (settings_int("KARTEI_SMTP_PORT", 0, 65535, &port, err) < 0 || mail_password(arena, &mail->password, err) < 0)
        return -1;
    mail->at = (struct crm_mail_host){.host = str_c(settings_get("KARTEI_SMTP_HOST")),
                                      .port = (uint16_t)(port  ? port
                                                         : tls ? SUBMISSIONS
                                                               : SUBMISSION),
                                      .tls = tls};
    mail->user = *user ? str_c(user) : STR_NONE;
    mail->from = str_c(settings_get("KARTEI_SMTP_FROM"));
    return crm_letter_address(mail->from) ? 0 : err_set(err, ERR_INVALID, "KARTEI_SMTP_FROM is an address");
}

int wiring_open(struct wiring *wiring, struct arena *arena, struct err *err)
{
    int64_t connections;
    const char *ca_file = settings_get("KARTEI_CA_FILE");
    *wiring = (struct wiring){.arena = arena};
    if (settings_int("KARTEI_DATABASE_CONNECTIONS", 1, 64, &connections, err) < 0 ||
        mail_open(&wiring->mail, arena, err) < 0)
        return -1;
    struct store_settings store = {
        .conninfo = settings_database(arena),
        .master_key = settings_master_key_file(arena),
        .blob_dir = settings_var_path(arena, "blobs"),
        .audit_dir = settings_var_path(arena, "audit"),
        .keep_dir = settings_var_path(arena, "erasures"),
        .connections = (int)connections,
    };
    if (store_open(&store, &wiring->store, err) < 0)
        return -1;
    wiring->egress = (struct crm_http_options){
        .allow_private = blank_separated(arena, settings_get("KARTEI_EGRESS_ALLOW_PRIVATE")),
        .ca_file = *ca_file ? ca_file : NULL,
    };
    wiring->flow = (struct flow){.store = wiring->store,
                                 .egress = &wiring->egress,
                                 .public_url = settings_get("KARTEI_PUBLIC_URL"),
                                 .mail = wiring->mail.from.p ? &wiring->mail : NULL,
                                 .notification_url = settings_get("KARTEI_NOTIFICATION_URL"),
                                 .default_region = settings_get("KARTEI_REGION")};
    return 0;
}

void wiring_close(struct wiring *wiring)
{
    store_close(wiring->store);
    wiring->store = NULL;
}
