/* See provider.h. */
#include "crm-connectors/oidc/provider.h"

#include "base/jose/jwt.h"
#include "crm-connectors/http.h"
#include "crm-connectors/rest/records.h"

enum { DOCUMENT_MAX = 256 * 1024, SECRET_LIFE_S = 300 };

const struct crm_oidc_kind *crm_oidc_kind_find(struct str name)
{
    for (const struct crm_oidc_kind *kind = crm_oidc_kinds; kind->name; kind++)
        if (str_eq(name, str_c(kind->name)))
            return kind;
    return NULL;
}

#define PLACE(member, what, needed)                                                                                    \
    {                                                                                                                  \
        .name = #member, .kind = JSON_##what, .offset = offsetof(struct crm_oidc_place, member), .flags = (needed)     \
    }
static const struct json_field place_rows[] = {PLACE(issuer, STR, JSON_REQUIRED),
                                               PLACE(authorize, STR, JSON_REQUIRED),
                                               PLACE(token, STR, JSON_REQUIRED),
                                               PLACE(keys, STR, JSON_REQUIRED),
                                               PLACE(userinfo, STR, 0),
                                               PLACE(basic, BOOL, JSON_REQUIRED),
                                               PLACE(says_issuer, BOOL, JSON_REQUIRED)};
const struct json_shape crm_oidc_place_shape = {"IdentityProviderPlace", sizeof(struct crm_oidc_place), place_rows,
                                                ARRAY_LEN(place_rows), false};

/* ---- Issuers ---- */

/* A tenant is a segment of a path: a UUID, a domain, or one of Microsoft's words. */
static bool tenant_fine(struct str tenant)
{
    for (size_t i = 0; i < tenant.n; i++) {
        char c = tenant.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                     (c == '.' && i > 0);
        if (!plain)
            return false;
    }
    return tenant.n > 0 && tenant.n <= 120;
}

int crm_oidc_issuer(const struct crm_oidc_kind *kind, struct str settings, struct arena *arena, struct str *ret_issuer,
                    struct err *err)
{
    struct str given = crm_records_setting(settings, kind->issuer ? "tenant" : "issuer", arena);
    if (!kind->issuer) {
        bool plain = given.p && str_find(given, STR("?"), 0) < 0 && str_find(given, STR("#"), 0) < 0;
        if (!plain || (!str_starts(given, STR("https://")) && !str_starts(given, STR("http://"))))
            return err_field(err, ERR_INVALID, "/settings/issuer", "an https address without ? and #");
        *ret_issuer = given;
        return 0;
    }
    struct str template = str_c(kind->issuer);
    ptrdiff_t at = str_find(template, STR("{tenant}"), 0);
    if (at < 0) {
        *ret_issuer = template;
        return 0;
    }
    if (!tenant_fine(given))
        return err_field(err, ERR_INVALID, "/settings/tenant", "the id of the tenant, its domain, or organizations");
    *ret_issuer = str_printf(arena, "%.*s%.*s%.*s", (int)at, template.p, STR_ARG(given),
                             STR_ARG(str_slice(template, (size_t)at + strlen("{tenant}"), template.n)));
    return 0;
}

/* ---- Discovery ---- */

struct document {
    struct str issuer, authorization_endpoint, token_endpoint, jwks_uri, userinfo_endpoint;
    struct json_list response_types_supported, id_token_signing_alg_values_supported,
        token_endpoint_auth_methods_supported, code_challenge_methods_supported; /* struct str */
    bool authorization_response_iss_parameter_supported;
};
#define DOCUMENT(member, what)                                                                                         \
    {                                                                                                                  \
        .name = #member, .kind = JSON_##what, .offset = offsetof(struct document, member)                              \
    }
static const struct json_field document_rows[] = {
    DOCUMENT(issuer, STR),
    DOCUMENT(authorization_endpoint, STR),
    DOCUMENT(token_endpoint, STR),
    DOCUMENT(jwks_uri, STR),
    DOCUMENT(userinfo_endpoint, STR),
    DOCUMENT(response_types_supported, STRS),
    DOCUMENT(id_token_signing_alg_values_supported, STRS),
    DOCUMENT(token_endpoint_auth_methods_supported, STRS),
    DOCUMENT(code_challenge_methods_supported, STRS),
    DOCUMENT(authorization_response_iss_parameter_supported, BOOL),
};
static const struct json_shape document_shape = {"Discovery", sizeof(struct document), document_rows,
                                                 ARRAY_LEN(document_rows), true};

static bool has(const struct json_list *list, const char *word)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(((const struct str *)list->items)[i], str_c(word)))
            return true;
    return false;
}

/* Microsoft's shared endpoints name no tenant but say where it stands: of its own documents only. */
static bool issuer_is(struct str said, struct str asked)
{
    static const char *const shared[] = {"https://login.microsoftonline.com/organizations/v2.0",
                                         "https://login.microsoftonline.com/common/v2.0"};
    if (str_eq(said, asked))
        return true;
    for (size_t i = 0; i < ARRAY_LEN(shared); i++)
        if (str_eq(asked, str_c(shared[i])))
            return str_eq(said, STR("https://login.microsoftonline.com/" CRM_OIDC_TENANT "/v2.0"));
    return false;
}

static int address_fine(struct str url, const char *what, const char *allow, struct arena *arena, struct err *err)
{
    struct crm_target target;
    struct err why;
    if (!url.p)
        return err_set(err, ERR_INVALID, "%s is missing", what);
    if (crm_egress_url(url, allow, arena, &target, &why) < 0)
        return err_set(err, ERR_INVALID, "%s: %s", what, why.param);
    return 0;
}

static int judge_document(const struct document *said, struct err *err)
{
    const struct json_list *algs = &said->id_token_signing_alg_values_supported;
    bool signs = false;
    for (int i = 0; i < JOSE_ALGS; i++)
        signs = signs || has(algs, jose_alg_words[i]);
    if (!has(&said->response_types_supported, "code"))
        return err_set(err, ERR_INVALID, "%s", "it has no authorization code flow");
    if (!signs)
        return err_set(err, ERR_INVALID, "%s", "it signs with none of RS256, PS256, ES256");
    if (said->code_challenge_methods_supported.n && !has(&said->code_challenge_methods_supported, "S256"))
        return err_set(err, ERR_INVALID, "%s", "it has no PKCE with S256");
    return 0;
}

int crm_oidc_read_place(struct str text, struct str issuer, const char *allow, struct arena *arena,
                        struct crm_oidc_place *ret_place, struct err *err)
{
    struct document said;
    struct err why;
    if (json_read(&document_shape, text, arena, &said, &why) < 0)
        return err_set(err, ERR_INVALID, "%s", "its description is no JSON as OpenID Connect Discovery has it");
    if (!issuer_is(said.issuer, issuer))
        return err_set(err, ERR_INVALID, "%s", "it calls itself by another issuer");
    if (address_fine(said.authorization_endpoint, "authorization_endpoint", allow, arena, err) < 0 ||
        address_fine(said.token_endpoint, "token_endpoint", allow, arena, err) < 0 ||
        address_fine(said.jwks_uri, "jwks_uri", allow, arena, err) < 0 ||
        (said.userinfo_endpoint.p &&
         address_fine(said.userinfo_endpoint, "userinfo_endpoint", allow, arena, err) < 0) ||
        judge_document(&said, err) < 0)
        return -1;
    const struct json_list *ways = &said.token_endpoint_auth_methods_supported;
    bool basic = ways->n == 0 || has(ways, "client_secret_basic"); /* Discovery section 3: the default */
    if (!basic && !has(ways, "client_secret_post"))
        return err_set(err, ERR_INVALID, "%s", "it takes no client secret");
    *ret_place = (struct crm_oidc_place){.issuer = said.issuer,
                                         .authorize = said.authorization_endpoint,
                                         .token = said.token_endpoint,
                                         .keys = said.jwks_uri,
                                         .userinfo = said.userinfo_endpoint,
                                         .basic = basic,
                                         .says_issuer = said.authorization_response_iss_parameter_supported};
    return 0;
}

/* `access` absent = nobody in particular asks. */
static int fetch(struct crm_http *http, struct str url, struct str access, struct arena *arena, struct str *ret_body,
                 struct err *err)
{
    struct crm_header headers[] = {{STR("Accept"), STR("application/json")},
                                   {STR("Authorization"), str_printf(arena, "Bearer %.*s", STR_ARG(access))}};
    struct crm_request request = {
        .method = "GET", .url = url, .headers = {headers, access.p ? 2 : 1}, .ceiling = DOCUMENT_MAX};
    struct crm_answer answer;
    if (crm_http_send(http, &request, arena, &answer, err) < 0)
        return -1;
    if (answer.status != 200)
        return err_set(err, ERR_CRM_DOWN, "it answers with status %d", answer.status);
    *ret_body = answer.body;
    return 0;
}

int crm_oidc_discover(struct crm_http *http, struct str issuer, const char *allow, struct arena *arena,
                      struct crm_oidc_place *ret_place, struct err *err)
{
    struct str base = str_ends(issuer, STR("/")) ? str_slice(issuer, 0, issuer.n - 1) : issuer, body;
    struct str url = str_printf(arena, "%.*s/.well-known/openid-configuration", STR_ARG(base));
    if (fetch(http, url, STR_NONE, arena, &body, err) < 0)
        return -1;
    return crm_oidc_read_place(body, issuer, allow, arena, ret_place, err);
}

int crm_oidc_fetch_keys(struct crm_http *http, struct str url, struct arena *arena, struct str *ret_keys,
                        struct err *err)
{
    struct str body, keys;
    struct err why;
    if (fetch(http, url, STR_NONE, arena, &body, err) < 0)
        return -1;
    if (json_canonical(body, arena, &keys, &why) < 0 || jose_keys_usable(keys, arena) == 0)
        return err_set(err, ERR_INVALID, "%s", "its key set has no key for signatures");
    *ret_keys = keys;
    return 0;
}

struct userinfo {
    struct str sub, email, name, email_verified;
};
#define USERINFO(member, what)                                                                                         \
    {                                                                                                                  \
        .name = #member, .kind = JSON_##what, .offset = offsetof(struct userinfo, member)                              \
    }
static const struct json_field userinfo_rows[] = {USERINFO(sub, STR), USERINFO(email, STR), USERINFO(name, STR),
                                                  USERINFO(email_verified, ANY)};
static const struct json_shape userinfo_shape = {"UserInfo", sizeof(struct userinfo), userinfo_rows,
                                                 ARRAY_LEN(userinfo_rows), true};

int crm_oidc_ask_userinfo(struct crm_http *http, struct str url, struct str access, struct arena *arena,
                          struct crm_identity *identity, struct err *err)
{
    struct str body;
    struct userinfo said;
    struct err why;
    if (fetch(http, url, access, arena, &body, err) < 0)
        return -1;
    if (json_read(&userinfo_shape, body, arena, &said, &why) < 0 || !said.sub.p ||
        !str_eq(said.sub, identity->subject)) /* section 5.3.2: it may have been put in another's place */
        return err_set(err, ERR_INVALID, "%s", "its userinfo is of somebody else");
    if (!identity->email.p) {
        identity->email = said.email;
        identity->email_verified = crm_id_yes(said.email_verified);
    }
    if (!identity->name.p)
        identity->name = said.name;
    return 0;
}

/* ---- As OAuth's client ---- */

char *crm_oidc_extra(const struct crm_oidc_kind *kind, struct str nonce, struct arena *arena)
{
    struct str extra =
        str_printf(arena, "&nonce=%.*s%s", STR_ARG(nonce), kind->form_post ? "&response_mode=form_post" : "");
    return str_z(arena, extra);
}

struct crm_oauth crm_oidc_oauth(const struct crm_oidc_kind *kind, const struct crm_oidc_place *place, const char *extra,
                                struct arena *arena)
{
    struct crm_scope *scope = arena_one(arena, struct crm_scope);
    scope->name = kind->scopes;
    return (struct crm_oauth){.authorize = str_z(arena, place->authorize),
                              .token = str_z(arena, place->token),
                              .scopes = scope,
                              .n_scopes = 1,
                              .grants = CRM_GRANT_CODE,
                              .pkce = true,
                              .basic = place->basic && !kind->signed_secret,
                              .typed = true,
                              .lifetime_s = 60,
                              .extra = extra};
}

static int apple_secret(const struct crm_oauth_client *client, struct str issuer, struct str *ret_secret,
                        struct err *err)
{
    static const char *const names[] = {"team_id", "key_id", "client_id"};
    struct arena *arena = client->arena;
    struct str m[ARRAY_LEN(names)], key = crm_records_setting(client->secret, "private_key", arena), token;
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        char pointer[40];
        (void)snprintf(pointer, sizeof pointer, "/settings/%s", names[i]);
        m[i] = crm_records_setting(client->settings, names[i], arena);
        if (!m[i].p)
            return err_field(err, ERR_INVALID, pointer, "this is needed to connect");
    }
    struct strbuf claims = {.arena = arena}, out = {.arena = arena};
    strbuf_add_c(&claims, "{\"iss\":");
    json_quote(&claims, m[0]);
    strbuf_add_c(&claims, ",\"sub\":");
    json_quote(&claims, m[2]);
    strbuf_add_c(&claims, ",\"aud\":");
    json_quote(&claims, issuer);
    long long now = client->now_ms / 1000;
    strbuf_printf(&claims, ",\"iat\":%lld,\"exp\":%lld}", now, now + SECRET_LIFE_S);
    const struct jose_claims signs = {.alg = JOSE_ES256, .kid = m[1], .claims = strbuf_str(&claims)};
    if (!key.p || jose_jwt_sign(&signs, key, arena, &token, err) < 0)
        return err_field(err, ERR_INVALID, "/secret/private_key", "the text of the .p8 file");
    strbuf_add_c(&out, "{\"client_secret\":");
    json_quote(&out, token);
    strbuf_add_char(&out, '}');
    *ret_secret = strbuf_str(&out);
    return 0;
}

int crm_oidc_secret(const struct crm_oidc_kind *kind, const struct crm_oauth_client *client, struct str issuer,
                    struct str *ret_secret, struct err *err)
{
    if (kind->signed_secret)
        return apple_secret(client, issuer, ret_secret, err);
    if (!crm_records_setting(client->secret, "client_secret", client->arena).p)
        return err_field(err, ERR_INVALID, "/secret/client_secret", "this is needed to connect");
    *ret_secret = client->secret;
    return 0;
}

/* ---- Whose address it is ---- */

/* What stands behind the last @, in lower case. */
static struct str domain_of(struct str email, struct arena *arena)
{
    size_t at = email.n;
    while (at > 0 && email.p[at - 1] != '@')
        at--;
    return at ? str_lower(arena, str_slice(email, at, email.n)) : STR("");
}

bool crm_oidc_mail_fine(const struct crm_oidc_kind *kind, const struct crm_identity *identity, struct arena *arena)
{
    if (str_empty(identity->email))
        return false;
    struct str domain = domain_of(identity->email, arena);
    switch (kind->mail) {
    case CRM_OIDC_MAIL_MICROSOFT:
        return identity->email_domain_owned;
    case CRM_OIDC_MAIL_GOOGLE: /* others' addresses may have changed hands since Google saw them */
        return identity->email_verified && (str_eq(domain, STR("gmail.com")) || str_eq(domain, STR("googlemail.com")) ||
                                            (identity->tenant.p && str_eq_nocase(domain, identity->tenant)));
    case CRM_OIDC_MAIL_VERIFIED:
    default:
        return identity->email_verified;
    }
}
