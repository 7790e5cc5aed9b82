/* The certificate that an operator gives (KARTEI_TLS_PEM): PEM or PKCS #12, looked at before anybody meets it, so that
 * a wrong file is a sentence at the start and not a warning in every browser; see up.h. */
#include "base/log.h"
#include "services/settings.h"
#include "services/up/up.h"

#include <arpa/inet.h>
#include <errno.h>

static bool is_pkcs12(const char *path)
{
    return str_ends(str_c(path), STR(".p12")) || str_ends(str_c(path), STR(".pfx"));
}

const char *up_given_pem(const struct up *up)
{
    const char *path = settings_get("KARTEI_TLS_PEM");
    return is_pkcs12(path) ? up_path(up, up->var, "tls/given.pem") : path;
}

/* What the program prints, or absent when it fails. */
static struct str ask(const struct up *up, const char *const argv[])
{
    struct str output = STR_NONE;
    struct err ignored;
    return up_run(up, argv, &output, &ignored) < 0 ? STR_NONE : output;
}

static int refuse(struct err *err, const char *what)
{
    return err_set(err, ERR_INVALID, "KARTEI_TLS_PEM: %s: %s", settings_get("KARTEI_TLS_PEM"), what);
}

/* PKCS #12 becomes the PEM that HAProxy reads; only we can read that. */
static int unpack(const struct up *up, struct err *err)
{
    const char *file = settings_get("KARTEI_TLS_PASSWORD_FILE");
    const char *password = *file ? str_printf(up->arena, "file:%s", file).p : "pass:";
    const char *argv[] = {"openssl", "pkcs12",  "-in",    settings_get("KARTEI_TLS_PEM"),
                          "-nodes",  "-passin", password, NULL};
    struct str pem = ask(up, argv);
    if (!pem.p)
        return refuse(err, "it cannot be opened; the password stands in KARTEI_TLS_PASSWORD_FILE");
    return up_write_file(up_given_pem(up), pem, 0600, err);
}

static int check_name(const struct up *up, const char *pem, struct err *err)
{
    unsigned char binary[16];
    const char *host = str_z(up->arena, up_url_host(str_c(settings_get("KARTEI_PUBLIC_URL"))));
    bool ip = inet_pton(AF_INET, host, binary) == 1 || inet_pton(AF_INET6, host, binary) == 1;
    const char *argv[] = {"openssl", "x509", "-noout", "-in", pem, ip ? "-checkip" : "-checkhost", host, NULL};
    if (str_find(ask(up, argv), STR("does match"), 0) >= 0)
        return 0;
    return refuse(err, str_printf(up->arena, "it is not for %s, the host of KARTEI_PUBLIC_URL", host).p);
}

int up_given_check(const struct up *up, struct err *err)
{
    const char *path = settings_get("KARTEI_TLS_PEM"), *pem = up_given_pem(up);
    const char *of_certificate[] = {"openssl", "x509", "-noout", "-pubkey", "-in", pem, NULL};
    const char *of_key[] = {"openssl", "pkey", "-pubout", "-passin", "pass:", "-in", pem, NULL};
    const char *ended[] = {"openssl", "x509", "-noout", "-checkend", "0", "-in", pem, NULL};
    const char *trusted[] = {"openssl", "verify", "-CApath", "/etc/ssl/certs", "-untrusted", pem, pem, NULL};
    if (access(path, R_OK) < 0)
        return refuse(err, strerror(errno));
    if (is_pkcs12(path) && unpack(up, err) < 0)
        return -1;
    struct str certificate = ask(up, of_certificate), key = ask(up, of_key);
    if (!certificate.p || !key.p)
        return refuse(err, "it must hold a certificate and its key");
    if (!str_eq(certificate, key))
        return refuse(err, "its key is not that of its certificate");
    if (!ask(up, ended).p)
        return refuse(err, "its certificate has ended");
    if (check_name(up, pem, err) < 0)
        return -1;
    if (!ask(up, trusted).p) /* an authority of one's own is no mistake */
        log_event(LOG_WARN, "certificate-chain", "file", path, "hint",
                  "it leads to no authority that this machine trusts: is the chain complete?", NULL);
    return 0;
}
