/* See oauth.h. */
#include "crm-connectors/oauth/oauth.h"

#include "base/crypto.h"
#include "crm-connectors/fault.h"
#include "crm-connectors/oauth/assertion.h"
#include "crm-connectors/oauth/fill.h"
#include "crm-connectors/rest/records.h"

enum { TOKEN_MAX = 8 * 1024, ANSWER_MAX = 64 * 1024, SCOPES_MAX = 64 };

struct str crm_oauth_challenge(struct str verifier, struct arena *arena)
{
    struct crypto_hash hash = crypto_sha256(verifier);
    return crypto_base64url(crypto_hash_str(&hash), arena);
}

/* "{login}/oauth" with the setting filled in, "{login=https://…}/oauth" also without. */
int crm_oauth_fill(struct str settings, const char *template, struct arena *arena, struct str *ret_url, struct err *err)
{
    struct strbuf out = {.arena = arena};
    struct str rest = str_c(template);
    for (ptrdiff_t open; (open = str_find(rest, STR("{"), 0)) >= 0;) {
        ptrdiff_t close = str_find(rest, STR("}"), (size_t)open);
        struct str otherwise = str_slice(rest, (size_t)open + 1, (size_t)close), name;
        (void)str_split(&otherwise, '=', &name);
        struct str value = crm_records_setting(settings, str_z(arena, name), arena);
        value = str_empty(value) ? otherwise : value;
        char pointer[64];
        (void)snprintf(pointer, sizeof pointer, "/settings/%.*s", STR_ARG(name));
        if (str_empty(value))
            return err_field(err, ERR_INVALID, pointer, "this is needed to connect");
        strbuf_add(&out, str_slice(rest, 0, (size_t)open));
        if (str_starts(value, STR("https://")) || str_starts(value, STR("http://")))
            strbuf_add(&out, str_ends(value, STR("/")) ? str_slice(value, 0, value.n - 1) : value);
        else
            crm_rest_escape(&out, value);
        rest = str_slice(rest, (size_t)close + 1, rest.n);
    }
    strbuf_add(&out, rest);
    *ret_url = strbuf_str(&out);
    return 0;
}

static int fill(const struct crm_oauth_client *client, const char *template, struct str *ret_url, struct err *err)
{
    return crm_oauth_fill(client->settings, template, client->arena, ret_url, err);
}

static void add_parameter(struct strbuf *form, const char *name, struct str value)
{
    if (!value.p)
        return;
    strbuf_printf(form, "%s%s=", form->n ? "&" : "", name);
    crm_rest_escape(form, value);
}

struct str crm_oauth_scope(const struct crm_oauth_client *client, size_t n)
{
    struct str name;
    struct err ignored;
    return fill(client, client->oauth->scopes[n].name, &name, &ignored) < 0 ? str_c(client->oauth->scopes[n].name)
                                                                            : name;
}

/* Scopes may hold settings, too: "{url}/user_impersonation". */
static int scopes_of(const struct crm_oauth_client *client, struct str *ret_scopes, struct err *err)
{
    struct strbuf out = {.arena = client->arena};
    struct str one;
    for (size_t i = 0; i < client->oauth->n_scopes; i++) {
        if (fill(client, client->oauth->scopes[i].name, &one, err) < 0)
            return -1;
        strbuf_printf(&out, "%s%.*s", i ? " " : "", STR_ARG(one));
    }
    *ret_scopes = out.n ? strbuf_str(&out) : STR_NONE;
    return 0;
}

const char *const crm_grant_words[] = {"code", "key", "client", "jwt", NULL};

enum crm_grant crm_oauth_grant(const struct crm_oauth *oauth, struct str settings, struct arena *arena)
{
    struct str word = crm_records_setting(settings, CRM_OAUTH_GRANT, arena);
    for (size_t i = 0; crm_grant_words[i]; i++)
        if (oauth->grants & 1U << i && str_eq(word, str_c(crm_grant_words[i])))
            return (enum crm_grant)(1U << i);
    if (str_empty(crm_records_setting(settings, "client_id", arena)))
        return CRM_GRANT_KEY;
    return oauth->grants & CRM_GRANT_CODE ? CRM_GRANT_CODE : CRM_GRANT_CLIENT;
}

static int client_id(const struct crm_oauth_client *client, struct str *ret_id, struct err *err)
{
    *ret_id = crm_records_setting(client->settings, "client_id", client->arena);
    return str_empty(*ret_id) ? err_field(err, ERR_INVALID, "/settings/client_id", "the client id of the app") : 0;
}

bool crm_oauth_code_formed(struct str code)
{
    enum { MOST = 4096 };
    for (size_t i = 0; i < code.n; i++)
        if (code.p[i] <= 0x20 || code.p[i] > 0x7e)
            return false;
    return code.n > 0 && code.n <= MOST;
}

int crm_oauth_consent(const struct crm_oauth_client *client, const struct crm_oauth_trip *trip, struct str *ret_url,
                      struct err *err)
{
    struct strbuf query = {.arena = client->arena};
    struct str page, id, scopes;
    if (fill(client, client->oauth->authorize, &page, err) < 0 || client_id(client, &id, err) < 0 ||
        scopes_of(client, &scopes, err) < 0)
        return -1;
    add_parameter(&query, "response_type", STR("code"));
    add_parameter(&query, "client_id", id);
    add_parameter(&query, "redirect_uri", trip->redirect_uri);
    add_parameter(&query, "scope", scopes);
    add_parameter(&query, "state", trip->state);
    if (client->oauth->pkce) {
        add_parameter(&query, "code_challenge", crm_oauth_challenge(trip->verifier, client->arena));
        add_parameter(&query, "code_challenge_method", STR("S256"));
    }
    strbuf_add_c(&query, client->oauth->extra ? client->oauth->extra : "");
    *ret_url = str_printf(client->arena, "%.*s?%.*s", STR_ARG(page), STR_ARG(strbuf_str(&query)));
    return 0;
}

int crm_oauth_admin_consent(const struct crm_oauth_client *client, const struct crm_oauth_trip *trip,
                            struct str *ret_url, struct err *err)
{
    struct strbuf query = {.arena = client->arena};
    struct str page, id, scopes, resource = str_c(client->oauth->resource ? client->oauth->resource : ""), first;
    *ret_url = STR_NONE;
    if (!client->oauth->admin)
        return 0;
    if (fill(client, client->oauth->admin, &page, err) < 0 || client_id(client, &id, err) < 0 ||
        scopes_of(client, &scopes, err) < 0)
        return -1;
    (void)str_split(&resource, ' ', &first);
    struct strbuf named = {.arena = client->arena};
    for (struct str one; str_split(&scopes, ' ', &one);) /* what every sign-in has belongs to no resource */
        strbuf_printf(&named, "%s%.*s%.*s", named.n ? " " : "",
                      STR_ARG(str_eq(one, STR("offline_access")) ? STR("") : first), STR_ARG(one));
    add_parameter(&query, "client_id", id);
    add_parameter(&query, "redirect_uri", trip->redirect_uri);
    add_parameter(&query, "scope", strbuf_str(&named));
    add_parameter(&query, "state", trip->state);
    *ret_url = str_printf(client->arena, "%.*s?%.*s", STR_ARG(page), STR_ARG(strbuf_str(&query)));
    return 0;
}

/* Texts that go into a header: visible ASCII, so that no answer can add lines. */
static bool token_fine(struct str token)
{
    for (size_t i = 0; i < token.n; i++)
        if (token.p[i] <= ' ' || token.p[i] > '~')
            return false;
    return token.n > 0 && token.n <= TOKEN_MAX;
}

/* "https://host" of the API when its host ends in one of the vendor's names. */
static bool base_fine(const char *hosts, struct str base)
{
    struct str rest = str_c(hosts), suffix;
    if (!str_starts(base, STR("https://")))
        return false;
    struct str host = str_slice(base, strlen("https://"), base.n);
    for (size_t i = 0; i < host.n; i++)
        if (!((host.p[i] >= 'a' && host.p[i] <= 'z') || (host.p[i] >= 'A' && host.p[i] <= 'Z') ||
              (host.p[i] >= '0' && host.p[i] <= '9') || host.p[i] == '.' || host.p[i] == '-'))
            return false;
    while (str_split(&rest, ' ', &suffix))
        if (suffix.n > 0 && host.n > suffix.n && str_ends(host, suffix))
            return true;
    return false;
}

enum member { ACCESS, REFRESH, TYPE, EXPIRES, SCOPE, ID_TOKEN, BASE, MEMBERS };

static bool read_tokens(const struct crm_oauth_client *client, struct str body, struct crm_tokens *ret_tokens)
{
    const struct crm_oauth *oauth = client->oauth;
    const char *names[MEMBERS] = {"access_token", "refresh_token", "token_type", "expires_in", "scope", "id_token", ""};
    struct str m[MEMBERS];
    struct err ignored;
    int64_t seconds = oauth->lifetime_s;
    names[BASE] = oauth->base_member ? oauth->base_member : "";
    if (json_members(body, names, MEMBERS, client->arena, m, &ignored) < 0 || !token_fine(m[ACCESS]))
        return false;
    if ((m[REFRESH].p && !token_fine(m[REFRESH])) || (m[TYPE].p && !str_eq_nocase(m[TYPE], STR("bearer"))) ||
        (oauth->typed && !m[TYPE].p))
        return false;
    if (m[EXPIRES].p && !str_to_int(m[EXPIRES], 1, 366 * 24 * 3600, &seconds))
        return false;
    if (oauth->base_member && m[BASE].p && str_ends(m[BASE], STR("/")))
        m[BASE].n--;
    if (oauth->base_member && m[BASE].p && !base_fine(oauth->base_hosts, m[BASE]))
        return false;
    *ret_tokens = (struct crm_tokens){.access = m[ACCESS],
                                      .refresh = m[REFRESH],
                                      .scope = m[SCOPE],
                                      .id_token = m[ID_TOKEN],
                                      .base = oauth->base_member ? m[BASE] : STR_NONE,
                                      .expires_at_ms = client->now_ms + seconds * 1000};
    return true;
}

static bool one_of(struct str word, const char *const *words)
{
    for (; *words; words++)
        if (str_eq_nocase(word, str_c(*words)))
            return true;
    return false;
}

/* A refusal that gives no reason we know, from somebody who is no web page: some providers answer a used refresh token
 * with an empty 400. */
static bool no_word(const struct crm_answer *answer)
{
    struct str body = str_trim(answer->body);
    return (answer->status == 400 || answer->status == 401 || answer->status == 403) && !str_starts(body, STR("<"));
}

/* Refusals by their word (RFC 6749 section 5.2 and what vendors add), never by the status alone: a proxy's 400 must not
 * end a connection. */
static void judge(const struct crm_oauth_client *client, const struct crm_answer *answer, struct crm_result *ret)
{
    static const char *const final[] = {"invalid_grant",
                                        "invalid_client",
                                        "invalid_client_id",
                                        "invalid_client_credentials",
                                        "unauthorized_client",
                                        "inactive_user",
                                        "inactive_org",
                                        "interaction_required",
                                        "access_denied",
                                        "consent_required",
                                        "BAD_REFRESH_TOKEN",
                                        "BAD_AUTH_CODE",
                                        "BAD_CLIENT_ID",
                                        "BAD_CLIENT_SECRET",
                                        "BAD_REDIRECT_URI",
                                        "MISMATCH_REDIRECT_URI_AUTH_CODE",
                                        NULL};
    static const char *const wrong[] = {"invalid_request",       "invalid_scope",  "unsupported_grant_type",
                                        "redirect_uri_mismatch", "invalid_target", NULL};
    static const char *const names[] = {"error", "error_description", "status", "message"};
    struct str m[ARRAY_LEN(names)] = {{0}};
    struct err ignored;
    (void)json_members(answer->body, names, ARRAY_LEN(names), client->arena, m, &ignored);
    *ret = (struct crm_result){.outcome = CRM_DOWN, .not_sent = true};
    ret->retry_after_ms = crm_answer_retry_after(answer, client->now_ms);
    ret->sentence = crm_fault_sentence(m[1].p ? m[1] : m[3], client->arena);
    ret->error = m[0].p ? m[0] : one_of(m[2], final) ? m[2] : STR_NONE;
    if (answer->status >= 500)
        return;
    if (answer->status == 429 || str_eq(m[0], STR("rate_limit_exceeded")))
        ret->outcome = CRM_QUOTA;
    else if (one_of(m[0], final) || one_of(m[2], final))
        ret->outcome = CRM_REAUTHORISE;
    else if (one_of(m[0], wrong) || no_word(answer))
        ret->outcome = CRM_REJECTED;
}

/* One POST of a form with the client's credentials: 1 with the answer of 2xx, 0 with a result, -1 with an error. */
static int ask(const struct crm_oauth_client *client, const char *endpoint, struct strbuf *form,
               struct crm_answer *ret_answer, struct crm_result *ret, struct err *err)
{
    struct crm_header headers[] = {{STR("Accept"), STR("application/json")},
                                   {STR("Content-Type"), STR("application/x-www-form-urlencoded")}};
    struct crm_request request = {
        .method = "POST", .headers = {headers, ARRAY_LEN(headers)}, .changes = true, .ceiling = ANSWER_MAX};
    struct str id, secret = crm_records_setting(client->secret, "client_secret", client->arena);
    struct err failure = {.code = ERR_NONE};
    if (fill(client, endpoint, &request.url, err) < 0 || client_id(client, &id, err) < 0)
        return -1;
    if (client->oauth->basic && secret.p) {
        /* RFC 6749 section 2.3.1: encoded before they become Basic. */
        request.user = crm_rest_escaped(id, client->arena);
        request.password = crm_rest_escaped(secret, client->arena);
    } else {
        add_parameter(form, "client_id", id);
        add_parameter(form, "client_secret", secret);
    }
    request.body = strbuf_str(form);
    if (crm_http_send(client->http, &request, client->arena, ret_answer, &failure) < 0)
        return crm_fault_transport(&failure, false, ret, err) < 0 ? -1 : 0;
    if (ret_answer->status >= 200 && ret_answer->status < 300)
        return 1;
    judge(client, ret_answer, ret);
    return 0;
}

static int ask_tokens(const struct crm_oauth_client *client, struct strbuf *form, struct crm_tokens *ret_tokens,
                      struct crm_result *ret, struct err *err)
{
    struct crm_answer answer;
    int r = ask(client, client->oauth->token, form, &answer, ret, err);
    if (r < 1)
        return r;
    if (read_tokens(client, answer.body, ret_tokens))
        return 1;
    judge(client, &answer, ret); /* some say 200 and refuse in the body */
    return 0;
}

int crm_oauth_redeem(const struct crm_oauth_client *client, const struct crm_oauth_trip *trip,
                     struct crm_tokens *ret_tokens, struct crm_result *ret, struct err *err)
{
    struct strbuf form = {.arena = client->arena};
    add_parameter(&form, "grant_type", STR("authorization_code"));
    add_parameter(&form, "code", trip->code);
    add_parameter(&form, "redirect_uri", trip->redirect_uri);
    if (client->oauth->pkce)
        add_parameter(&form, "code_verifier", trip->verifier);
    return ask_tokens(client, &form, ret_tokens, ret, err);
}

int crm_oauth_refresh(const struct crm_oauth_client *client, struct str refresh_token, struct crm_tokens *ret_tokens,
                      struct crm_result *ret, struct err *err)
{
    struct strbuf form = {.arena = client->arena};
    add_parameter(&form, "grant_type", STR("refresh_token"));
    add_parameter(&form, "refresh_token", refresh_token);
    return ask_tokens(client, &form, ret_tokens, ret, err);
}

static int add_client_credentials(const struct crm_oauth_client *client, struct strbuf *form, struct err *err)
{
    struct str scopes;
    const char *own = client->oauth->client_scope;
    if ((own ? fill(client, own, &scopes, err) : scopes_of(client, &scopes, err)) < 0)
        return -1;
    add_parameter(form, "grant_type", STR("client_credentials"));
    add_parameter(form, "scope", scopes);
    return 0;
}

/* RFC 7523 section 2.1; scopes are what the subject has allowed the app at the vendor. */
static int add_assertion(const struct crm_oauth_client *client, struct strbuf *form, struct err *err)
{
    struct str audience, issuer, assertion;
    if (fill(client, client->oauth->audience, &audience, err) < 0 || client_id(client, &issuer, err) < 0 ||
        crm_oauth_assertion(client, issuer, audience, &assertion, err) < 0)
        return -1;
    add_parameter(form, "grant_type", STR("urn:ietf:params:oauth:grant-type:jwt-bearer"));
    add_parameter(form, "assertion", assertion);
    return 0;
}

int crm_oauth_app(const struct crm_oauth_client *client, struct crm_tokens *ret_tokens, struct crm_result *ret,
                  struct err *err)
{
    struct strbuf form = {.arena = client->arena};
    bool jwt = crm_oauth_grant(client->oauth, client->settings, client->arena) == CRM_GRANT_JWT;
    if ((jwt ? add_assertion(client, &form, err) : add_client_credentials(client, &form, err)) < 0)
        return -1;
    return ask_tokens(client, &form, ret_tokens, ret, err);
}

int crm_oauth_revoke(const struct crm_oauth_client *client, struct str token, struct crm_result *ret, struct err *err)
{
    struct strbuf form = {.arena = client->arena};
    struct crm_answer answer;
    if (!client->oauth->revoke || str_empty(token))
        return 1;
    add_parameter(&form, "token", token);
    return ask(client, client->oauth->revoke, &form, &answer, ret, err);
}

/* A scope without the address of what it is for, where the vendor may write that before it. */
static struct str plain_scope(const struct crm_oauth *oauth, struct str scope)
{
    struct str rest = str_c(oauth->resource ? oauth->resource : ""), one;
    while (str_split(&rest, ' ', &one))
        if (one.n && scope.n > one.n && str_eq_nocase(str_slice(scope, 0, one.n), one))
            return str_slice(scope, one.n, scope.n);
    return scope;
}

static bool holds(struct str scopes, struct str wanted)
{
    struct str rest = scopes, one;
    while (str_split(&rest, ' ', &one))
        if (str_eq_nocase(one, wanted))
            return true;
    return false;
}

static void scope_add(struct json_list *list, struct str name)
{
    if (list->n < SCOPES_MAX)
        ((struct str *)list->items)[list->n++] = name;
}

void crm_oauth_compare(const struct crm_oauth_client *client, struct str granted, struct json_list *ret_missing,
                       struct json_list *ret_too_many)
{
    static const char *const silent[] = {"offline_access", "refresh_token", "openid", "profile",
                                         "email",          "oauth",         NULL};
    struct strbuf all = {.arena = client->arena};
    struct str rest, one, asked = STR_NONE;
    struct err ignored;
    *ret_missing = (struct json_list){arena_array(client->arena, SCOPES_MAX, sizeof(struct str)), 0};
    *ret_too_many = (struct json_list){arena_array(client->arena, SCOPES_MAX, sizeof(struct str)), 0};
    if (!granted.p || scopes_of(client, &asked, &ignored) < 0 || !asked.p)
        return;
    rest = granted;
    while (rest.n) { /* some put commas between */
        size_t n = 0;
        while (n < rest.n && rest.p[n] != ' ' && rest.p[n] != ',')
            n++;
        strbuf_add(&all, plain_scope(client->oauth, str_slice(rest, 0, n)));
        strbuf_add_char(&all, ' ');
        rest = str_slice(rest, n + 1 < rest.n ? n + 1 : rest.n, rest.n);
    }
    rest = asked;
    while (str_split(&rest, ' ', &one))
        if (one.n && !one_of(one, silent) && !holds(strbuf_str(&all), one))
            scope_add(ret_missing, one);
    rest = strbuf_str(&all);
    while (str_split(&rest, ' ', &one))
        if (one.n && !one_of(one, silent) && !holds(asked, one))
            scope_add(ret_too_many, one);
}

/* "https://host:port" of an address. */
static struct str origin(struct str url)
{
    ptrdiff_t scheme = str_find(url, STR("://"), 0);
    size_t end = scheme < 0 ? url.n : (size_t)scheme + 3;
    while (end < url.n && url.p[end] != '/' && url.p[end] != '?')
        end++;
    return str_slice(url, 0, end);
}

bool crm_oauth_issued(const struct crm_oauth_client *client, struct str iss)
{
    struct str issuer, page, token;
    struct err ignored;
    if (client->oauth->issuer)
        return fill(client, client->oauth->issuer, &issuer, &ignored) == 0 && iss.p && str_eq(iss, issuer);
    if (!iss.p)
        return true;
    if (fill(client, client->oauth->authorize, &page, &ignored) < 0 ||
        fill(client, client->oauth->token, &token, &ignored) < 0)
        return false;
    return str_eq_nocase(origin(iss), origin(page)) || str_eq_nocase(origin(iss), origin(token));
}

int crm_oauth_parties(const struct crm_oauth_client *client, struct str *ret_parties, struct err *err)
{
    const struct crm_oauth *oauth = client->oauth;
    struct str page, token, id;
    if (fill(client, oauth->authorize ? oauth->authorize : oauth->token, &page, err) < 0 ||
        fill(client, oauth->token, &token, err) < 0 || client_id(client, &id, err) < 0)
        return -1;
    *ret_parties = str_printf(client->arena, "%.*s\n%.*s\n%.*s", STR_ARG(page), STR_ARG(token), STR_ARG(id));
    return 0;
}
