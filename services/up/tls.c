/* The certificate that people meet: a given one (KARTEI_TLS_PEM), or one of our own, signed by a CA of this instance
 * and renewed before it ends. The openssl program does what it is made for; see up.h. */
#include "services/settings.h"
#include "services/up/up.h"

#include <arpa/inet.h>
#include <ctype.h>

enum { RENEW_SECONDS = 30 * 24 * 3600 };
#define CA_DAYS     "3650"
#define SERVER_DAYS "397" /* longer ones are refused by browsers */
#define CURVE       "ec_paramgen_curve:P-384"

const char *up_certificate(const struct up *up)
{
    return *settings_get("KARTEI_TLS_PEM") ? up_given_pem(up) : up_path(up, up->var, "tls/server.pem");
}

static bool openssl(const struct up *up, const char *const argv[])
{
    struct err ignored;
    struct str output;
    return up_run(up, argv, &output, &ignored) == 0;
}

/* True when the certificate at `path` is there and lasts another 30 days. */
static bool lasts(const struct up *up, const char *path)
{
    const char *seconds = str_printf(up->arena, "%d", RENEW_SECONDS).p;
    const char *argv[] = {"openssl", "x509", "-checkend", seconds, "-noout", "-in", path, NULL};
    return access(path, F_OK) == 0 && openssl(up, argv);
}

static int make_ca(const struct up *up, char *key, char *certificate, struct err *err)
{
    const char *argv[] = {"openssl",
                          "req",
                          "-x509",
                          "-newkey",
                          "ec",
                          "-pkeyopt",
                          CURVE,
                          "-nodes",
                          "-sha384",
                          "-days",
                          CA_DAYS,
                          "-subj",
                          "/CN=Kartei local CA",
                          "-addext",
                          "keyUsage=critical,keyCertSign,cRLSign",
                          "-keyout",
                          key,
                          "-out",
                          certificate,
                          NULL};
    return up_run(up, argv, NULL, err);
}

/* One name of the certificate, unless it is there already or no name at all. */
static void add_name(struct strbuf *names, struct str name)
{
    unsigned char binary[16];
    char z[256];
    for (size_t i = 0; i < name.n; i++)
        if (!isalnum((unsigned char)name.p[i]) && !strchr("-.:", name.p[i]))
            return;
    if (name.n == 0 || name.n >= sizeof z)
        return;
    (void)snprintf(z, sizeof z, "%.*s", STR_ARG(name));
    bool ip = inet_pton(AF_INET, z, binary) == 1 || inet_pton(AF_INET6, z, binary) == 1;
    struct str entry = str_printf(names->arena, ",%s:%s,", ip ? "IP" : "DNS", z);
    if (str_find(strbuf_str(names), entry, 0) < 0)
        strbuf_add(names, str_slice(entry, 1, entry.n));
}

struct str up_url_host(struct str url)
{
    ptrdiff_t at = str_find(url, STR("://"), 0);
    struct str rest = at < 0 ? url : str_slice(url, (size_t)at + 3, url.n);
    size_t n = 0;
    if (rest.n && rest.p[0] == '[') {
        rest = str_slice(rest, 1, rest.n);
        while (n < rest.n && rest.p[n] != ']')
            n++;
    } else {
        while (n < rest.n && !strchr(":/", rest.p[n]))
            n++;
    }
    return str_slice(rest, 0, n);
}

/* The extensions file: it also remembers for which names the certificate was made. */
static struct str extensions(const struct up *up)
{
    char host[256] = "";
    struct strbuf names = {.arena = up->arena};
    (void)gethostname(host, sizeof host - 1);
    strbuf_add_c(&names, ",DNS:localhost,IP:127.0.0.1,IP:::1,");
    add_name(&names, str_c(host));
    add_name(&names, up_url_host(str_c(settings_get("KARTEI_PUBLIC_URL"))));
    if (strcmp(up->host, "*") != 0)
        add_name(&names, str_c(up->host));
    return str_printf(up->arena,
                      "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n"
                      "extendedKeyUsage=serverAuth\nsubjectAltName=%.*s\ncrlDistributionPoints=URI:%s/ca.crl\n",
                      STR_ARG(str_slice(strbuf_str(&names), 1, names.n - 1)), settings_get("KARTEI_PUBLIC_URL"));
}

static int make_server(const struct up *up, const char *ca_key, const char *ca, struct str text, struct err *err)
{
    char *key = up_path(up, up->var, "tls/server.key"), *request = up_path(up, up->var, "tls/server.csr");
    char *certificate = up_path(up, up->var, "tls/server.crt"), *file = up_path(up, up->var, "tls/server.ext");
    const char *ask[] = {"openssl", "req",           "-new",    "-newkey", "ec",   "-pkeyopt", CURVE, "-nodes",
                         "-subj",   "/CN=localhost", "-keyout", key,       "-out", request,    NULL};
    const char *sign[] = {"openssl", "x509", "-req",      "-sha384", "-days", SERVER_DAYS,       "-in",
                          request,   "-CA",  ca,          "-CAkey",  ca_key,  "-CAcreateserial", "-extfile",
                          file,      "-out", certificate, NULL};
    if (up_write_file(file, text, 0600, err) < 0 || up_run(up, ask, NULL, err) < 0 || up_run(up, sign, NULL, err) < 0)
        return -1;
    const char *files[] = {certificate, ca, key};
    struct strbuf bundle = {.arena = up->arena};
    for (size_t i = 0; i < ARRAY_LEN(files); i++)
        strbuf_add(&bundle, up_read_file(up, files[i]));
    return up_write_file(up_certificate(up), strbuf_str(&bundle), 0600, err);
}

/* Makes what is missing of our own; *ret_changed: something was. */
static int own(const struct up *up, bool *ret_changed, struct err *err)
{
    char *ca = up_path(up, up->var, "tls/ca.crt"), *ca_key = up_path(up, up->var, "tls/ca.key");
    struct str text = extensions(up);
    bool fresh = !lasts(up, ca);
    if (fresh && make_ca(up, ca_key, ca, err) < 0)
        return -1;
    if (fresh || !up_list_fresh(up)) {
        *ret_changed = true;
        if (up_list_make(up, ca_key, ca, err) < 0)
            return -1;
    }
    if (!fresh && access(up_certificate(up), F_OK) == 0 && lasts(up, up_path(up, up->var, "tls/server.crt")) &&
        str_eq(text, up_read_file(up, up_path(up, up->var, "tls/server.ext"))))
        return 0;
    *ret_changed = true;
    return make_server(up, ca_key, ca, text, err);
}

/* For whoever warns of it: tls/ends holds the end of the certificate that is shown. */
static int note_end(const struct up *up, struct err *err)
{
    const char *argv[] = {"openssl",  "x509", "-noout",           "-enddate", "-dateopt",
                          "iso_8601", "-in",  up_certificate(up), NULL};
    struct str said, day, rest;
    if (up_run(up, argv, &said, err) < 0)
        return -1;
    rest = str_trim(said);
    (void)str_split(&rest, '=', &day);
    (void)str_split(&rest, ' ', &day);
    return up_write_file(up_path(up, up->var, "tls/ends"),
                         str_printf(up->arena, "%.*sT%.*s\n", STR_ARG(day), STR_ARG(rest)), 0600, err);
}

int up_certificates(const struct up *up, bool *ret_changed, struct err *err)
{
    *ret_changed = false;
    if ((*settings_get("KARTEI_TLS_PEM") ? up_given_check(up, err) : own(up, ret_changed, err)) < 0)
        return -1;
    return note_end(up, err);
}
