/* What var/ must hold before anything starts: key, certificates, HAProxy's configuration, an initialised database
 * cluster; see up.h. The openssl and initdb programs do what they are made for. */
#include "services/up/up.h"

#include "base/crypto.h"
#include "services/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/wait.h>

int up_write_file(const char *path, struct str text, unsigned mode, struct err *err)
{
    char temporary[512];
    if ((size_t)snprintf(temporary, sizeof temporary, "%s.tmp", path) >= sizeof temporary)
        return err_set(err, ERR_INTERNAL, "path too long");
    (void)unlink(temporary);
    _cleanup_(cleanup_close) int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (fd < 0 || write(fd, text.p, text.n) != (ssize_t)text.n || fsync(fd) < 0 || rename(temporary, path) < 0)
        return err_set(err, ERR_INTERNAL, "cannot write %s: %s", path, strerror(errno));
    return 0;
}

static struct str read_all(int fd, struct arena *arena)
{
    struct strbuf out = {.arena = arena};
    char piece[4096];
    for (ssize_t n; (n = read(fd, piece, sizeof piece)) > 0;)
        strbuf_add(&out, (struct str){piece, (size_t)n});
    return strbuf_str(&out);
}

int up_run(const struct up *up, const char *const argv[], struct str *ret_output, struct err *err)
{
    int ends[2] = {-1, -1}, status = -1;
    if (ret_output && pipe2(ends, O_CLOEXEC) < 0)
        return err_set(err, ERR_INTERNAL, "pipe: %s", strerror(errno));
    pid_t pid = fork();
    if (pid == 0) {
        (void)dup2(ret_output ? ends[1] : STDERR_FILENO, STDOUT_FILENO);
        (void)execvp(argv[0], (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    if (ret_output) {
        (void)close(ends[1]);
        *ret_output = read_all(ends[0], up->arena);
        (void)close(ends[0]);
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0)
        return err_set(err, ERR_INTERNAL, "%s %s failed (status %d); see %s/log/kartei.log", argv[0], argv[1],
                       WIFEXITED(status) ? WEXITSTATUS(status) : status, up->var);
    return 0;
}

int up_master_key(const struct up *up, struct err *err)
{
    struct crypto_key key;
    const char *path = up_path(up, up->var, "keys/master.key");
    if (access(path, F_OK) == 0)
        return 0;
    crypto_random(key.b, sizeof key.b);
    int r = up_write_file(path, (struct str){(const char *)key.b, sizeof key.b}, 0400, err);
    crypto_wipe(&key, sizeof key);
    return r;
}

/* True when the certificate at `path` is there and lasts another 30 days. */
static bool certificate_lasts(const struct up *up, char *path)
{
    struct err ignored;
    struct str output;
    const char *argv[] = {"openssl", "x509", "-checkend", "2592000", "-noout", "-in", path, NULL};
    return access(path, F_OK) == 0 && up_run(up, argv, &output, &ignored) == 0;
}

static int make_ca(const struct up *up, char *key, char *certificate, struct err *err)
{
    const char *argv[] = {"openssl",
                          "req",
                          "-x509",
                          "-newkey",
                          "ec",
                          "-pkeyopt",
                          "ec_paramgen_curve:P-384",
                          "-nodes",
                          "-sha384",
                          "-days",
                          "3650",
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

static int make_server(const struct up *up, char *ca_key, char *ca, struct err *err)
{
    char host[256] = "localhost";
    (void)gethostname(host, sizeof host - 1);
    char *key = up_path(up, up->var, "tls/server.key"), *request = up_path(up, up->var, "tls/server.csr");
    char *certificate = up_path(up, up->var, "tls/server.crt"), *extensions = up_path(up, up->var, "tls/server.ext");
    struct str text = str_printf(
        up->arena,
        "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\n"
        "subjectAltName=DNS:localhost,DNS:%s,IP:127.0.0.1,IP:::1\n",
        host);
    const char *ask[] = {"openssl", "req",   "-new",          "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384",
                         "-nodes",  "-subj", "/CN=localhost", "-keyout", key,  "-out",     request,
                         NULL};
    const char *sign[] = {"openssl",   "x509", "-req",   "-sha384", "-days",           "397",      "-in",      request,
                          "-CA",       ca,     "-CAkey", ca_key,    "-CAcreateserial", "-extfile", extensions, "-out",
                          certificate, NULL};
    if (up_write_file(extensions, text, 0600, err) < 0 || up_run(up, ask, NULL, err) < 0 ||
        up_run(up, sign, NULL, err) < 0)
        return -1;
    struct str parts[3];
    char *files[] = {certificate, ca, key};
    struct strbuf bundle = {.arena = up->arena};
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        _cleanup_(cleanup_close) int fd = open(files[i], O_RDONLY | O_CLOEXEC);
        parts[i] = read_all(fd, up->arena);
        strbuf_add(&bundle, parts[i]);
    }
    return up_write_file(up_path(up, up->var, "tls/server.pem"), strbuf_str(&bundle), 0600, err);
}

int up_certificates(const struct up *up, struct err *err)
{
    char *ca = up_path(up, up->var, "tls/ca.crt"), *ca_key = up_path(up, up->var, "tls/ca.key");
    bool fresh = !certificate_lasts(up, ca);
    if (fresh && make_ca(up, ca_key, ca, err) < 0)
        return -1;
    if (!fresh && access(up_path(up, up->var, "tls/server.pem"), F_OK) == 0 &&
        certificate_lasts(up, up_path(up, up->var, "tls/server.crt")))
        return 0;
    return make_server(up, ca_key, ca, err);
}

int up_haproxy_config(const struct up *up, struct err *err)
{
    struct str text =
        str_printf(up->arena,
                   "# Written by `kartei up` at every start; change settings, not this file.\n"
                   "global\n"
                   "    log stderr format raw local0 notice\n"
                   "    maxconn 4000\n"
                   "    ssl-default-bind-ciphers ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256:"
                   "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256\n"
                   "    ssl-default-bind-ciphersuites TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256\n"
                   "    ssl-default-bind-curves secp384r1:prime256v1\n"
                   "    ssl-default-bind-options ssl-min-ver TLSv1.2 no-tls-tickets\n"
                   "    tune.ssl.default-dh-param 3072\n"
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
                   "frontend https\n"
                   "    bind %s ssl crt %s/tls/server.pem alpn h2,http/1.1\n"
                   "    http-request deny deny_status 400 if { req.hdr_cnt(host) gt 1 }\n"
                   "    stick-table type ipv6 size 100k expire 1m store http_req_rate(10s),conn_cur\n"
                   "    http-request track-sc0 src\n"
                   "    http-request deny deny_status 429 if { sc_http_req_rate(0) gt %s } !{ src 127.0.0.0/8 ::1 }\n"
                   "    http-request set-header X-Forwarded-For %%[src]\n"
                   "    http-request set-header X-Forwarded-Proto https\n"
                   "    http-after-response set-header Strict-Transport-Security \"max-age=63072000; "
                   "includeSubDomains; preload\"\n"
                   "    default_backend api\n"
                   "backend api\n"
                   "    option httpchk\n"
                   "    http-check send meth GET uri /healthz ver HTTP/1.1 hdr Host localhost\n"
                   "    retry-on conn-failure empty-response\n"
                   "    retries 3\n"
                   "    server api unix@%s/api.sock maxconn 512 check inter 2s\n",
                   up->listen, up->var, settings_get("KARTEI_REQUESTS_PER_10S"), up->run);
    return up_write_file(up_path(up, up->var, "haproxy.cfg"), text, 0600, err);
}

/* Only our own system user comes in, as the three roles it plays (store/roles). */
static struct str ident_map(const struct up *up)
{
    static const char *const roles[] = {"kartei_super", "kartei_owner", "kartei_app"};
    struct strbuf map = {.arena = up->arena};
    const struct passwd *user = getpwuid(geteuid());
    for (size_t i = 0; user && i < ARRAY_LEN(roles); i++)
        strbuf_printf(&map, "kartei \"%s\" %s\n", user->pw_name, roles[i]);
    return strbuf_str(&map);
}

int up_database(struct up *up, struct err *err)
{
    char *data = up_path(up, up->var, "pg/data"), *temporary = up_path(up, up->var, "pg/data.tmp");
    const char *initdb[] = {"/usr/lib/postgresql/15/bin/initdb",
                            "--pgdata",
                            temporary,
                            "--auth=peer",
                            "--encoding=UTF8",
                            "--locale=C.UTF-8",
                            "--data-checksums",
                            "--username=kartei_super",
                            NULL};
    const char *clear[] = {"rm", "-rf", temporary, NULL};
    if (access(up_path(up, data, "PG_VERSION"), F_OK) == 0)
        return 0;
    if (!getpwuid(geteuid()))
        return err_set(err, ERR_INVALID,
                       "user id %u has no name in /etc/passwd, and PostgreSQL needs one (libnss-wrapper helps)",
                       (unsigned)geteuid());
    /* In single-user mode, so that the rename below brings cluster and database into being together. */
    const char *create[] = {"sh",
                            "-c",
                            "echo 'create database kartei' | \"$0\" --single -D \"$1\" template1",
                            "/usr/lib/postgresql/15/bin/postgres",
                            temporary,
                            NULL};
    if (up_run(up, clear, NULL, err) < 0 || up_run(up, initdb, NULL, err) < 0 || up_run(up, create, NULL, err) < 0)
        return -1;
    if (up_write_file(up_path(up, temporary, "pg_hba.conf"), STR("local all all peer map=kartei\n"), 0600, err) < 0 ||
        up_write_file(up_path(up, temporary, "pg_ident.conf"), ident_map(up), 0600, err) < 0)
        return -1;
    if (rename(temporary, data) < 0)
        return err_set(err, ERR_INTERNAL, "cannot create %s: %s", data, strerror(errno));
    up->first = true;
    return 0;
}
