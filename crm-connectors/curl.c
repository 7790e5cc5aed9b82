/* HTTP requests to foreign servers and streams to mail servers through libcurl; see http.h and stream.h. No other file
 * knows libcurl. */
#include "crm-connectors/http.h"

#include "base/clock.h"
#include "base/crypto.h"
#include "base/limits.h"
#include "base/wiping.h"
#include "crm-connectors/stream.h"

#include <arpa/inet.h>
#include <assert.h>
#include <curl/curl.h>
#include <poll.h>
#include <pthread.h>
#include <unistd.h>

enum { CONNECT_MS = 5000, TOTAL_MS = 30000, HEADER_BYTES = 64 * 1024, HEADER_COUNT = 200, DAY_MS = 86400000 };

struct crm_http {
    CURL *curl;
    char *allow, *only, *ca_file;
    int connect_ms, total_ms;
    struct crm_names names;
    struct crm_told told;
    struct crm_http_use use;
};

/* One request under way. */
struct transfer {
    struct crm_http *http;
    struct arena *arena;
    const struct crm_request *request;
    struct strbuf body;
    struct crm_header *headers;
    size_t header_count, header_bytes, ceiling;
    bool too_large, headers_whole, cut; /* cut: there was no room for more of it in request->into */
};

static pthread_once_t curl_once = PTHREAD_ONCE_INIT;

static void start_curl(void)
{
    /* Mails pass through its buffers. */
    if (curl_global_init_mem(CURL_GLOBAL_DEFAULT, malloc, wiping_free, wiping_realloc, strdup, calloc) != CURLE_OK)
        abort();
}

static char *copy(const char *text)
{
    return text && *text ? strdup(text) : NULL;
}

int crm_http_new(const struct crm_http_options *options, struct crm_http **ret_http, struct err *err)
{
    static const struct crm_http_options defaults = {0};
    if (!options)
        options = &defaults;
    if (!crm_egress_list_valid(options->allow_private) || !crm_egress_list_valid(options->only))
        return err_set(err, ERR_INVALID, "a list of hosts needs host:port pairs");
    if (options->ca_file && *options->ca_file && access(options->ca_file, R_OK) != 0)
        return err_set(err, ERR_INVALID, "the file of certificate authorities cannot be read");
    pthread_once(&curl_once, start_curl);
    struct crm_http *http = calloc(1, sizeof *http);
    if (!http || !(http->curl = curl_easy_init()))
        abort(); /* out of memory ends the process */
    http->allow = copy(options->allow_private);
    http->only = copy(options->only);
    http->ca_file = copy(options->ca_file);
    http->connect_ms = options->connect_ms ? options->connect_ms : CONNECT_MS;
    http->total_ms = options->total_ms ? options->total_ms : TOTAL_MS;
    http->names = (struct crm_names){.resolve = options->resolve ? options->resolve : crm_egress_resolve,
                                     .self = options->resolve_self,
                                     .timeout_ms = http->connect_ms};
    http->told = options->told;
    *ret_http = http;
    return 0;
}

void crm_http_freep(struct crm_http **http)
{
    if (!*http)
        return;
    curl_easy_cleanup((*http)->curl);
    if ((*http)->told.end)
        (*http)->told.end((*http)->told.self);
    free((*http)->allow);
    free((*http)->only);
    free((*http)->ca_file);
    free(*http);
    *http = NULL;
}

/* As much as there is room for; then the transfer is given up, which is no failure. */
static size_t take_into(struct transfer *transfer, const char *data, size_t n)
{
    struct crm_into *into = transfer->request->into;
    size_t left = into->room - into->n, taken = n < left ? n : left;
    memcpy(into->p + into->n, data, taken);
    into->n += taken;
    transfer->cut = taken < n;
    return taken;
}

static size_t take_body(char *data, size_t size, size_t n, void *self)
{
    struct transfer *transfer = self;
    size_t bytes = size * n;
    long status = 0;
    if (transfer->request->into &&
        curl_easy_getinfo(transfer->http->curl, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK && status >= 200 &&
        status < 300)
        return take_into(transfer, data, bytes);
    if (bytes > transfer->ceiling - transfer->body.n) {
        transfer->too_large = true;
        return 0;
    }
    strbuf_add(&transfer->body, (struct str){data, bytes});
    return bytes;
}

/* One header line; a status line begins a new answer, whose headers replace those of an interim one. */
static size_t take_header(char *data, size_t size, size_t n, void *self)
{
    struct transfer *transfer = self;
    struct str line = str_trim((struct str){data, size * n});
    transfer->header_bytes += size * n;
    if (transfer->header_bytes > HEADER_BYTES || transfer->header_count == HEADER_COUNT) {
        transfer->too_large = true;
        return 0;
    }
    ptrdiff_t colon = str_find(line, STR(":"), 0);
    transfer->headers_whole = line.n == 0; /* the empty line behind the last one */
    if (str_starts(line, STR("HTTP/")))
        transfer->header_count = 0;
    else if (colon > 0)
        transfer->headers[transfer->header_count++] = (struct crm_header){
            str_dup(transfer->arena, str_trim(str_slice(line, 0, (size_t)colon))),
            str_dup(transfer->arena, str_trim(str_slice(line, (size_t)colon + 1, line.n))),
        };
    return size * n;
}

/* The one gate: who is not on the list is not even looked up; who gets through is told of. *ret_pin as of
 * crm_egress_pin(). */
static int pass_gate(const struct crm_http *http, const struct crm_target *target, struct arena *arena,
                     struct str *ret_pin, struct err *err)
{
    if (!crm_egress_listed(http->only, target->host, target->port)) {
        (void)err_set(err, ERR_HOST_REFUSED, "it is not on the list of hosts for this");
        return err_detail(err, "%.*s:%u is not on the list \"%s\"", STR_ARG(target->host), (unsigned)target->port,
                          http->only ? http->only : "");
    }
    if (crm_egress_pin(&http->names, target, arena, ret_pin, err) < 0)
        return -1;
    if (http->told.host)
        http->told.host(http->told.self, target->host);
    return 0;
}

/* The second wall: whatever curl wants to connect to is checked once more, as it is. */
static curl_socket_t open_socket(void *self, curlsocktype purpose _unused_, struct curl_sockaddr *where)
{
    const struct crm_target *target = self;
    struct crm_address address = {0};
    const void *raw = &where->addr;
    if (where->family == AF_INET) {
        address.family = 4;
        memcpy(address.b, &((const struct sockaddr_in *)raw)->sin_addr, 4);
    } else if (where->family == AF_INET6) {
        address.family = 6;
        memcpy(address.b, &((const struct sockaddr_in6 *)raw)->sin6_addr, 16);
    }
    if (address.family == 0 || (!target->allowed && !crm_egress_public(&address)))
        return CURL_SOCKET_BAD;
    return socket(where->family, where->socktype | SOCK_CLOEXEC, where->protocol);
}

static int check_headers(const struct crm_request *request, struct err *err)
{
    const struct crm_header *headers = request->headers.items;
    for (size_t i = 0; i < request->headers.n; i++)
        if (!crm_egress_one_line(headers[i].value))
            return err_set(err, ERR_INVALID, "a header with a line break");
    return 0;
}

static struct curl_slist *append(struct curl_slist *list, struct str line, struct arena *arena)
{
    struct curl_slist *longer = curl_slist_append(list, str_z(arena, line));
    if (!longer)
        abort();
    return longer;
}

static struct curl_slist *request_headers(const struct crm_request *request, struct arena *arena)
{
    /* No "Expect: 100-continue", and no type that curl invents for a body. */
    struct curl_slist *list = append(append(NULL, STR("Expect:"), arena), STR("User-Agent: Kartei"), arena);
    const struct crm_header *headers = request->headers.items;
    for (size_t i = 0; i < request->headers.n; i++) {
        assert(crm_egress_one_line(headers[i].name));
        list =
            append(list, str_printf(arena, "%.*s: %.*s", STR_ARG(headers[i].name), STR_ARG(headers[i].value)), arena);
    }
    if (!request->user.p)
        return list;
    struct str pair = str_printf(arena, "%.*s:%.*s", STR_ARG(request->user), STR_ARG(request->password));
    struct str code = crypto_base64(pair, arena);
    return append(list, str_printf(arena, "Authorization: Basic %.*s", STR_ARG(code)), arena);
}

static void set_rules(CURL *curl, const struct crm_http *http, const struct crm_target *target)
{
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)http->connect_ms);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)http->total_ms);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, target);
    /* The system's directory of authorities stays trusted beside this file. */
    if (http->ca_file)
        curl_easy_setopt(curl, CURLOPT_CAINFO, http->ca_file);
}

static void set_request(CURL *curl, const struct crm_request *request)
{
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request->method);
    if (request->body.p) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.n);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body.p);
    }
    /* curl repeats a request when a kept connection turns out dead; what changes something is never repeated. */
    if (request->changes)
        curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, 1L);
}

/* What a failed transfer means for a request that may have changed something. */
static int transfer_failed(const struct transfer *transfer, CURLcode code, struct err *err)
{
    curl_off_t begun = 0;
    curl_easy_getinfo(transfer->http->curl, CURLINFO_PRETRANSFER_TIME_T, &begun);
    if (transfer->too_large)
        err_set(err, ERR_TOO_LARGE, "%zu MB", transfer->ceiling / (1024 * 1024));
    else if (begun > 0)
        err_set(err, ERR_CRM_UNCERTAIN, "%s", "");
    else if (code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CONNECT_ERROR)
        err_set(err, ERR_CRM_DOWN, "its certificate or encryption is not trusted");
    else
        err_set(err, ERR_CRM_DOWN, "no connection");
    return err_detail(err, "curl %d: %s", (int)code, curl_easy_strerror(code));
}

static int perform(struct transfer *transfer, const struct crm_target *target, struct str pin, struct err *err)
{
    CURL *curl = transfer->http->curl;
    curl_easy_reset(curl);
    set_rules(curl, transfer->http, target);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, target->tls ? "https" : "http");
    set_request(curl, transfer->request);
    struct curl_slist *headers = request_headers(transfer->request, transfer->arena);
    struct curl_slist *pins = pin.p ? append(NULL, pin, transfer->arena) : NULL;
    curl_easy_setopt(curl, CURLOPT_URL, str_z(transfer->arena, target->url));
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_RESOLVE, pins);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, transfer);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, transfer);
    CURLcode code = curl_easy_perform(curl);
    if (code == CURLE_WRITE_ERROR && transfer->cut)
        code = CURLE_OK;
    if (code == CURLE_OK && !transfer->headers_whole)
        code = CURLE_PARTIAL_FILE; /* curl takes a connection that ends in the headers for an answer */
    int rc = code == CURLE_OK ? 0 : transfer_failed(transfer, code, err);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, NULL);
    curl_easy_setopt(curl, CURLOPT_RESOLVE, NULL);
    for (struct curl_slist *line = headers; line; line = line->next) /* it held the credentials */
        crypto_wipe(line->data, strlen(line->data));
    curl_slist_free_all(headers);
    curl_slist_free_all(pins);
    return rc;
}

static void use_up(struct crm_http *http, int64_t ms)
{
    http->use.requests++;
    http->use.total_ms += ms;
    http->use.slowest_ms = ms > http->use.slowest_ms ? ms : http->use.slowest_ms;
}

struct crm_http_use crm_http_use(const struct crm_http *http)
{
    return http->use;
}

int crm_http_send(struct crm_http *http, const struct crm_request *request, struct arena *arena,
                  struct crm_answer *ret_answer, struct err *err)
{
    struct crm_target target;
    struct str pin;
    if (check_headers(request, err) < 0 || crm_egress_url(request->url, http->allow, arena, &target, err) < 0)
        return -1;
    if (pass_gate(http, &target, arena, &pin, err) < 0)
        return -1;
    struct transfer transfer = {
        .http = http,
        .arena = arena,
        .request = request,
        .body = {.arena = arena},
        .headers = arena_array(arena, HEADER_COUNT, sizeof(struct crm_header)),
        .ceiling = request->ceiling ? request->ceiling : LIMIT_HTTP_ANSWER,
    };
    if (request->into)
        request->into->n = 0;
    int64_t begun = clock_mono_ms();
    int r = perform(&transfer, &target, pin, err);
    use_up(http, clock_mono_ms() - begun);
    if (r < 0)
        return -1;
    long status = 0;
    curl_easy_getinfo(http->curl, CURLINFO_RESPONSE_CODE, &status);
    *ret_answer =
        (struct crm_answer){(int)status, {transfer.headers, transfer.header_count}, strbuf_str(&transfer.body)};
    return 0;
}

int64_t crm_answer_retry_after(const struct crm_answer *answer, int64_t now_ms)
{
    struct str value = crm_answer_header(answer, "Retry-After");
    if (str_empty(value) || value.n > 60)
        return 0;
    char text[64] = "";
    memcpy(text, value.p, value.n);
    char *end = NULL;
    double seconds = strtod(text, &end);
    double wait = 0;
    if (*end == '\0' && end != text)
        wait = seconds * 1000;
    else if (curl_getdate(text, NULL) > 0)
        wait = (double)curl_getdate(text, NULL) * 1000 - (double)now_ms;
    if (!(wait > 0))
        return 0;
    return wait > DAY_MS ? DAY_MS : (int64_t)wait;
}

/* ---- Streams ---- */

struct crm_stream {
    CURL *curl;
    struct crm_target target; /* its texts live in `arena` */
    struct arena *arena;
    curl_socket_t socket;
};

static int stream_failed(CURLcode code, struct err *err)
{
    if (code == CURLE_LOGIN_DENIED)
        err_set(err, ERR_CRM_REAUTHORISE, "mailbox");
    else if (code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CONNECT_ERROR)
        err_set(err, ERR_CRM_DOWN, "its certificate or encryption is not trusted");
    else if (code == CURLE_USE_SSL_FAILED)
        err_set(err, ERR_CRM_DOWN, "it offers no encryption");
    else if (code == CURLE_AGAIN)
        err_set(err, ERR_CRM_DOWN, "it cannot sign anybody in at present");
    else
        err_set(err, ERR_CRM_DOWN, "no connection");
    return err_detail(err, "curl %d: %s", (int)code, curl_easy_strerror(code));
}

/* "A002 NO [UNAVAILABLE] …": the server cannot tell at present whether the credentials are right (RFC 5530). */
static size_t note_answer(char *p, size_t size, size_t n, void *busy)
{
    static const char *const codes[] = {" NO [UNAVAILABLE]", " NO [INUSE]", " NO [LIMIT]", " NO [SERVERBUG]"};
    struct str line = {p, size * n};
    for (size_t i = 0; i < ARRAY_LEN(codes); i++)
        for (size_t at = 1; at < line.n && at < 16; at++) /* behind the tag */
            *(bool *)busy |= str_eq_nocase(str_slice(line, at, at + strlen(codes[i])), str_c(codes[i]));
    return size * n;
}

static void set_sign_in(CURL *curl, const struct crm_stream_to *to, struct arena *arena)
{
    curl_easy_setopt(curl, CURLOPT_USERNAME, str_z(arena, to->user));
    if (to->token.p)
        curl_easy_setopt(curl, CURLOPT_XOAUTH2_BEARER, str_z(arena, to->token));
    else
        curl_easy_setopt(curl, CURLOPT_PASSWORD, str_z(arena, to->password));
}

static void stream_free(struct crm_stream *stream)
{
    curl_easy_cleanup(stream->curl);
    arena_free(stream->arena);
    free(stream);
}

static int stream_connect(struct crm_stream *stream, struct crm_http *http, const struct crm_stream_to *to,
                          struct err *err)
{
    _cleanup_(arena_freep) struct arena *secret = arena_new_wiping(LIMIT_ARENA_REQUEST);
    CURL *curl = stream->curl;
    struct str pin;
    if (pass_gate(http, &stream->target, secret, &pin, err) < 0)
        return -1;
    struct curl_slist *pins = pin.p ? append(NULL, pin, secret) : NULL;
    set_rules(curl, http, &stream->target);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, crm_mail_scheme(&to->at));
    curl_easy_setopt(curl, CURLOPT_USE_SSL, (long)CURLUSESSL_ALL);
    curl_easy_setopt(curl, CURLOPT_URL, str_z(secret, stream->target.url));
    curl_easy_setopt(curl, CURLOPT_RESOLVE, pins);
    curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L);
    bool busy = false;
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, note_answer);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, &busy);
    set_sign_in(curl, to, secret);
    CURLcode code = curl_easy_perform(curl);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, NULL);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, NULL);
    if (code == CURLE_LOGIN_DENIED && busy)
        code = CURLE_AGAIN;
    if (code == CURLE_OK)
        code = curl_easy_getinfo(curl, CURLINFO_ACTIVESOCKET, &stream->socket);
    curl_easy_setopt(curl, CURLOPT_RESOLVE, NULL);
    curl_slist_free_all(pins);
    return code == CURLE_OK ? 0 : stream_failed(code, err);
}

int crm_stream_open(struct crm_http *http, const struct crm_stream_to *to, struct crm_stream **ret_stream,
                    struct err *err)
{
    struct crm_stream *stream = calloc(1, sizeof *stream);
    if (!stream || !(stream->curl = curl_easy_init()))
        abort(); /* out of memory ends the process */
    stream->arena = arena_new(LIMIT_JSON_BYTES);
    if (crm_egress_mail(&to->at, http->allow, stream->arena, &stream->target, err) < 0 ||
        stream_connect(stream, http, to, err) < 0) {
        stream_free(stream);
        return -1;
    }
    *ret_stream = stream;
    return 0;
}

void crm_stream_freep(struct crm_stream **stream)
{
    if (*stream)
        stream_free(*stream);
    *stream = NULL;
}

/* True when the socket is ready; false when the time is up or `wake_fd` is readable. */
static bool stream_ready(const struct crm_stream *stream, short events, int64_t until, int wake_fd)
{
    struct pollfd fds[] = {{.fd = stream->socket, .events = events}, {.fd = wake_fd, .events = POLLIN}};
    int64_t left = until - clock_mono_ms();
    return left > 0 && poll(fds, ARRAY_LEN(fds), left > INT32_MAX ? INT32_MAX : (int)left) > 0 && fds[0].revents != 0;
}

int crm_stream_send(struct crm_stream *stream, const char *p, size_t n, int timeout_ms, struct err *err)
{
    int64_t until = clock_mono_ms() + timeout_ms;
    while (n > 0) {
        size_t sent = 0;
        CURLcode code = curl_easy_send(stream->curl, p, n, &sent);
        if (code == CURLE_AGAIN && stream_ready(stream, POLLOUT, until, -1))
            continue;
        if (code != CURLE_OK)
            return stream_failed(code, err);
        p += sent;
        n -= sent;
    }
    return 0;
}

int crm_stream_receive(struct crm_stream *stream, char *p, size_t n, const struct crm_patience *patience, size_t *ret_n,
                       struct err *err)
{
    int64_t until = clock_mono_ms() + patience->timeout_ms;
    for (;;) {
        size_t got = 0;
        CURLcode code = curl_easy_recv(stream->curl, p, n, &got);
        if (code == CURLE_OK && got > 0) {
            *ret_n = got;
            return 0;
        }
        if (code != CURLE_AGAIN)
            return stream_failed(code == CURLE_OK ? CURLE_GOT_NOTHING : code, err);
        if (!stream_ready(stream, POLLIN, until, patience->wake_fd)) {
            *ret_n = 0;
            return 0;
        }
    }
}
