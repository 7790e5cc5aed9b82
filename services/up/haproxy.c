/* The front door's configuration, from the settings; see up.h and docs/adr/0005. */
#include "services/settings.h"
#include "services/up/up.h"

/* The revocation list of our own authority, for everybody. */
static const char *revoked(const struct up *up)
{
    if (*settings_get("KARTEI_TLS_PEM"))
        return "";
    return str_printf(up->arena,
                      "    http-request return status 200 content-type application/pkix-crl file %s "
                      "hdr X-Content-Type-Options nosniff hdr Referrer-Policy no-referrer "
                      "hdr Content-Security-Policy \"default-src 'none'; frame-ancestors 'none'; base-uri 'none'\" "
                      "hdr Cross-Origin-Opener-Policy same-origin hdr Cross-Origin-Resource-Policy same-origin "
                      "hdr Permissions-Policy \"camera=(), geolocation=(), microphone=()\" if { path /ca.crl }\n",
                      up_path(up, up->var, "tls/ca.crl"))
        .p;
}

/* Plain HTTP, where it is switched on: says where to go and takes nothing. Without HSTS, which browsers ignore there
 * (RFC 6797 section 7.2). */
static int plain(const struct up *up, struct str *ret_config, struct err *err)
{
    const char *listen = settings_get("KARTEI_REDIRECT_LISTEN");
    char host[UP_HOST];
    int64_t port;
    *ret_config = STR("");
    if (!*listen)
        return 0;
    if (!up_host_port(str_c(listen), host, &port))
        return err_set(err, ERR_INVALID, "KARTEI_REDIRECT_LISTEN must be HOST:PORT, not %s", listen);
    *ret_config = str_printf(up->arena,
                             "frontend plain\n"
                             "    bind %s\n"
                             "    http-request deny deny_status 405 if !METH_GET\n"
                             "    http-after-response set-header Cache-Control no-store\n"
                             "%s"
                             "    http-request redirect prefix %s code 308\n",
                             listen, revoked(up), settings_get("KARTEI_PUBLIC_URL"));
    return 0;
}

/* The pages' own files, which the API has at hand in memory: asking it again is safe. */
static struct str assets(const struct up *up)
{
    return str_printf(up->arena,
                      "backend assets\n"
                      "    errorfiles kartei\n"
                      "    retry-on conn-failure empty-response\n"
                      "    retries 3\n"
                      "    server api unix@%s/api.sock maxconn 128 track api/api\n",
                      up->run);
}

/* For a front door on another host: who shows a certificate of our own authority with the name front… gets to speak,
 * and says for which address. */
static int inner(const struct up *up, struct str *ret_config, struct err *err)
{
    static const char *const files[] = {"KARTEI_INNER_PEM", "KARTEI_INNER_CA", "KARTEI_INNER_CRL"};
    const char *listen = settings_get("KARTEI_INNER_LISTEN");
    char host[UP_HOST];
    int64_t port;
    *ret_config = STR("");
    if (!*listen)
        return 0;
    if (!up_host_port(str_c(listen), host, &port))
        return err_set(err, ERR_INVALID, "KARTEI_INNER_LISTEN must be HOST:PORT, not %s", listen);
    for (size_t i = 0; i < ARRAY_LEN(files); i++)
        if (access(settings_get(files[i]), R_OK) < 0)
            return err_set(err, ERR_INVALID, "KARTEI_INNER_LISTEN needs %s, and that cannot be read", files[i]);
    *ret_config = str_printf(
        up->arena,
        "frontend inner\n"
        "    errorfiles kartei\n"
        "    bind %s ssl crt %s ca-file %s crl-file %s verify required ssl-min-ver TLSv1.3 alpn h2,http/1.1\n"
        "    http-request deny deny_status 403 if !{ ssl_c_s_dn(cn) -m beg front }\n"
        "    http-request deny deny_status 403 if !{ req.hdr_cnt(x-forwarded-for) eq 1 } !{ path /healthz /readyz }\n"
        "    http-request set-header X-Forwarded-Proto https\n"
        "    use_backend assets if { path_beg /assets/ }\n"
        "    default_backend api\n",
        listen, settings_get(files[0]), settings_get(files[1]), settings_get(files[2]));
    return 0;
}

int up_haproxy_config(const struct up *up, struct err *err)
{
    struct str refusals, redirect, inside, files = assets(up);
    if (up_refusals(up, &refusals, err) < 0 || plain(up, &redirect, err) < 0 || inner(up, &inside, err) < 0)
        return -1;
    struct str text =
        str_printf(up->arena,
                   "# Written by `kartei up` at every start; change settings, not this file.\n"
                   "global\n"
                   "    log stderr format raw local0 notice\n"
                   "    maxconn 4000\n"
                   "    hard-stop-after 30s\n"
                   "    ssl-default-bind-ciphers ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256:"
                   "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256\n"
                   "    ssl-default-bind-ciphersuites TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256\n"
                   "    ssl-default-bind-curves secp384r1:prime256v1\n"
                   "    ssl-default-bind-options ssl-min-ver TLSv1.2 no-tls-tickets\n"
                   "    tune.ssl.default-dh-param 3072\n"
                   "%.*s"
                   "defaults\n"
                   "    mode http\n"
                   "    log global\n"
                   "    option dontlognull\n"
                   "    option http-keep-alive\n"
                   "    timeout connect 5s\n"
                   "    timeout client 30s\n"
                   "    timeout server 60s\n"
                   "    timeout http-request 10s\n"
                   "    timeout http-keep-alive 30s\n"
                   "    timeout tunnel 1h\n"
                   "%.*s%.*s"
                   "frontend https\n"
                   "    errorfiles kartei\n"
                   "    bind %s ssl crt %s alpn h2,http/1.1\n"
                   "    http-request deny deny_status 400 if { req.hdr_cnt(host) gt 1 }\n"
                   "    stick-table type ipv6 size 100k expire 1m store http_req_rate(10s),conn_cur\n"
                   "    http-request track-sc0 src\n"
                   "    http-request deny deny_status 429 if { sc_http_req_rate(0) gt %s } !{ src 127.0.0.0/8 ::1 }\n"
                   "    http-request set-header X-Forwarded-For %%[src]\n"
                   "    http-request set-header X-Forwarded-Proto https\n"
                   "    http-after-response set-header Strict-Transport-Security \"max-age=63072000; "
                   "includeSubDomains; preload\"\n"
                   "%s"
                   "    use_backend assets if { path_beg /assets/ }\n"
                   "    default_backend api\n"
                   "%.*sbackend api\n"
                   "    errorfiles kartei\n"
                   "    option httpchk\n"
                   "    http-check send meth GET uri /healthz ver HTTP/1.1 hdr Host localhost\n"
                   "    retry-on conn-failure empty-response\n"
                   "    retries 3\n"
                   "    server api unix@%s/api.sock maxconn 512 check inter 2s downinter 500ms rise 1\n",
                   STR_ARG(refusals), STR_ARG(redirect), STR_ARG(inside), up->listen, up_certificate(up),
                   settings_get("KARTEI_REQUESTS_PER_10S"), revoked(up), STR_ARG(files), up->run);
    return up_write_file(up_path(up, up->var, "haproxy.cfg"), text, 0600, err);
}
