/* ID tokens, claim by claim: one good token, and everything that is not it. Keys are made for the run. */
#include "tests/unit/unit.h"

#include "base/crypto.h"
#include "base/jose/jwt.h"
#include "crm-connectors/oidc/provider.h"

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

enum { NOW = 1800000000 };
#define ISSUER "https://id.example/op"
#define CLIENT "kartei"
#define NONCE  "n-0S6_WzA2Mj"
#define TENANT "11112222-3333-4444-8555-666677778888"

struct world {
    struct arena *arena;
    struct str rsa, ec, other; /* private, PEM */
    struct str keys;           /* rsa and ec, public, as a JWK Set */
    struct str modulus;        /* of rsa, bytes: what an attacker would take for an HMAC key */
};

static struct str number_of(struct arena *arena, EVP_PKEY *key, const char *name, int length)
{
    BIGNUM *n = NULL;
    assert_int_equal(EVP_PKEY_get_bn_param(key, name, &n), 1);
    int size = length ? length : BN_num_bytes(n);
    unsigned char *p = arena_alloc(arena, (size_t)size);
    assert_int_equal(BN_bn2binpad(n, p, size), size);
    BN_free(n);
    return (struct str){(const char *)p, (size_t)size};
}

static struct str pem_of(struct arena *arena, EVP_PKEY *key)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *p = NULL;
    assert_int_equal(PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL), 1);
    long n = BIO_get_mem_data(bio, &p);
    struct str pem = str_dup(arena, (struct str){p, (size_t)n});
    BIO_free(bio);
    return pem;
}

static struct world world_made(struct arena *arena)
{
    struct world w = {.arena = arena};
    EVP_PKEY *rsa = EVP_RSA_gen(2048), *ec = EVP_EC_gen("P-256"), *other = EVP_RSA_gen(2048);
    w.rsa = pem_of(arena, rsa);
    w.ec = pem_of(arena, ec);
    w.other = pem_of(arena, other);
    w.modulus = number_of(arena, rsa, OSSL_PKEY_PARAM_RSA_N, 0);
    struct str e = number_of(arena, rsa, OSSL_PKEY_PARAM_RSA_E, 0);
    struct str x = number_of(arena, ec, OSSL_PKEY_PARAM_EC_PUB_X, 32),
               y = number_of(arena, ec, OSSL_PKEY_PARAM_EC_PUB_Y, 32);
    w.keys = str_printf(arena,
                        "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"r\",\"use\":\"sig\",\"n\":\"%.*s\",\"e\":\"%.*s\"},"
                        "{\"kty\":\"EC\",\"kid\":\"e\",\"crv\":\"P-256\",\"x\":\"%.*s\",\"y\":\"%.*s\"}]}",
                        STR_ARG(crypto_base64url(w.modulus, arena)), STR_ARG(crypto_base64url(e, arena)),
                        STR_ARG(crypto_base64url(x, arena)), STR_ARG(crypto_base64url(y, arena)));
    EVP_PKEY_free(rsa);
    EVP_PKEY_free(ec);
    EVP_PKEY_free(other);
    return w;
}

/* Keys are dear: one set for all tests, each with an arena of its own. */
static struct world world_of(struct arena *arena)
{
    static struct world made;
    static struct arena *kept;
    if (!kept)
        made = world_made(kept = arena_new((size_t)1 << 20));
    struct world w = made;
    w.arena = arena;
    return w;
}

static struct str token_of(const struct world *w, const char *claims)
{
    const struct jose_claims signs = {.alg = JOSE_RS256, .kid = STR("r"), .claims = str_c(claims)};
    struct str token;
    struct err err = {0};
    assert_int_equal(jose_jwt_sign(&signs, w->rsa, w->arena, &token, &err), 0);
    return token;
}

static const struct crm_id_rules rules = {.issuer = {ISSUER, sizeof ISSUER - 1},
                                          .client_id = {CLIENT, sizeof CLIENT - 1},
                                          .nonce = {NONCE, sizeof NONCE - 1},
                                          .now_ms = NOW * 1000LL};

static enum crm_id_fault judged(const struct world *w, const char *claims)
{
    struct crm_identity identity;
    return crm_id_token_judge(token_of(w, claims), w->keys, &rules, w->arena, &identity);
}

#define HEAD       "{\"iss\":\"" ISSUER "\",\"sub\":\"u1\","
#define TIMES      "\"exp\":1800000300,\"iat\":1799999990,"
#define TAIL       "\"aud\":\"" CLIENT "\",\"nonce\":\"" NONCE "\"}"
#define SUB(sub)   "{\"iss\":\"" ISSUER "\"," sub TIMES TAIL
#define ISS(iss)   "{" iss "\"sub\":\"u1\"," TIMES TAIL
#define AUD(aud)   HEAD TIMES aud "\"nonce\":\"" NONCE "\"}"
#define NON(nonce) HEAD TIMES "\"aud\":\"" CLIENT "\"" nonce "}"

static const struct {
    const char *claims;
    enum crm_id_fault fault;
} cases[] = {
    {HEAD TIMES TAIL, CRM_ID_GOOD},
    {AUD("\"aud\":[\"" CLIENT "\"],"), CRM_ID_GOOD},
    {AUD("\"aud\":\"" CLIENT "\",\"azp\":\"" CLIENT "\","), CRM_ID_GOOD},
    {HEAD "\"exp\":1799999941,\"iat\":1799999930," TAIL, CRM_ID_GOOD}, /* within the leeway */
    {HEAD "\"exp\":1800000300,\"iat\":1800000060," TAIL, CRM_ID_GOOD},
    /* issuer */
    {ISS(""), CRM_ID_ISS},
    {ISS("\"iss\":\"\","), CRM_ID_ISS},
    {ISS("\"iss\":null,"), CRM_ID_ISS},
    {ISS("\"iss\":\"https://evil.example\","), CRM_ID_ISS},
    {ISS("\"iss\":\"" ISSUER "/\","), CRM_ID_ISS},
    {ISS("\"iss\":\"http://id.example/op\","), CRM_ID_ISS},
    {ISS("\"iss\":\"https://ID.example/op\","), CRM_ID_ISS},
    {ISS("\"iss\":\"https://id.example/op?x=1\","), CRM_ID_ISS},
    {ISS("\"iss\":\"https://id.example.evil.example/op\","), CRM_ID_ISS},
    {ISS("\"iss\":[\"" ISSUER "\"],"), CRM_ID_CLAIMS},
    {ISS("\"iss\":\"" ISSUER "\",\"iss\":\"" ISSUER "\","), CRM_ID_CLAIMS},
    /* audience */
    {AUD(""), CRM_ID_AUD},
    {AUD("\"aud\":null,"), CRM_ID_AUD},
    {AUD("\"aud\":\"\","), CRM_ID_AUD},
    {AUD("\"aud\":\"other\","), CRM_ID_AUD},
    {AUD("\"aud\":\"KARTEI\","), CRM_ID_AUD},
    {AUD("\"aud\":\"" CLIENT " \","), CRM_ID_AUD},
    {AUD("\"aud\":[],"), CRM_ID_AUD},
    {AUD("\"aud\":[\"other\"],"), CRM_ID_AUD},
    {AUD("\"aud\":[\"" CLIENT "\",\"other\"],"), CRM_ID_AUD},
    {AUD("\"aud\":[\"other\",\"" CLIENT "\"],\"azp\":\"" CLIENT "\","), CRM_ID_AUD},
    {AUD("\"aud\":[[\"" CLIENT "\"]],"), CRM_ID_AUD},
    {AUD("\"aud\":{\"" CLIENT "\":1},"), CRM_ID_AUD},
    {AUD("\"aud\":7,"), CRM_ID_AUD},
    {AUD("\"aud\":\"" CLIENT "\",\"azp\":\"other\","), CRM_ID_AZP},
    {AUD("\"aud\":\"" CLIENT "\",\"azp\":\"\","), CRM_ID_AZP},
    /* times */
    {HEAD "\"iat\":1799999990," TAIL, CRM_ID_EXP},
    {HEAD "\"exp\":0,\"iat\":1799999990," TAIL, CRM_ID_EXP},
    {HEAD "\"exp\":-1,\"iat\":1799999990," TAIL, CRM_ID_EXP},
    {HEAD "\"exp\":1799999940,\"iat\":1799999930," TAIL, CRM_ID_EXP},
    {HEAD "\"exp\":1700000000,\"iat\":1699999990," TAIL, CRM_ID_EXP},
    {HEAD "\"exp\":\"1800000300\",\"iat\":1799999990," TAIL, CRM_ID_CLAIMS},
    {HEAD "\"exp\":1e400,\"iat\":1799999990," TAIL, CRM_ID_CLAIMS},
    {HEAD "\"exp\":1800000300," TAIL, CRM_ID_IAT},
    {HEAD "\"exp\":1800000300,\"iat\":1800000061," TAIL, CRM_ID_IAT},
    {HEAD "\"exp\":1800000300,\"iat\":1799999339," TAIL, CRM_ID_IAT},
    {HEAD "\"exp\":1800000300,\"iat\":0," TAIL, CRM_ID_IAT},
    {HEAD TIMES "\"nbf\":1800000061," TAIL, CRM_ID_NBF},
    /* nonce */
    {NON(""), CRM_ID_NONCE},
    {NON(",\"nonce\":null"), CRM_ID_NONCE},
    {NON(",\"nonce\":\"\""), CRM_ID_NONCE},
    {NON(",\"nonce\":\"other\""), CRM_ID_NONCE},
    {NON(",\"nonce\":\"" NONCE " \""), CRM_ID_NONCE},
    {NON(",\"nonce\":\"N-0S6_WzA2Mj\""), CRM_ID_NONCE},
    {NON(",\"nonce\":[\"" NONCE "\"]"), CRM_ID_CLAIMS},
    /* subject */
    {SUB(""), CRM_ID_SUB},
    {SUB("\"sub\":\"\","), CRM_ID_SUB},
    {SUB("\"sub\":null,"), CRM_ID_SUB},
    {SUB("\"sub\":7,"), CRM_ID_CLAIMS},
    {SUB("\"sub\":\"a\\u0000b\","), CRM_ID_CLAIMS},
    {SUB("\"sub\":\"a\\nb\","), CRM_ID_SUB},
    {SUB("\"sub\":\"\\u00e4\","), CRM_ID_SUB},
    {"[]", CRM_ID_CLAIMS},
    {"7", CRM_ID_CLAIMS},
    {"", CRM_ID_FORM},
    {"{", CRM_ID_CLAIMS},
};

static void each_claim_decides(void **state)
{
    struct world w = world_of(*state);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        enum crm_id_fault fault = judged(&w, cases[i].claims);
        if (fault != cases[i].fault)
            fail_msg("%s: %s instead of %s", cases[i].claims, crm_id_fault_words[fault],
                     crm_id_fault_words[cases[i].fault]);
    }
}

static enum crm_id_fault signed_by(const struct world *w, enum jose_alg alg, const char *kid, struct str pem)
{
    const struct jose_claims signs = {.alg = alg, .kid = kid ? str_c(kid) : STR_NONE, .claims = STR(HEAD TIMES TAIL)};
    struct crm_identity identity;
    struct str token;
    struct err err = {0};
    assert_int_equal(jose_jwt_sign(&signs, pem, w->arena, &token, &err), 0);
    return crm_id_token_judge(token, w->keys, &rules, w->arena, &identity);
}

static enum crm_id_fault spelled(const struct world *w, const char *header, struct str signature)
{
    struct crm_identity identity;
    struct arena *arena = w->arena;
    struct str head = crypto_base64url(str_c(header), arena), body = crypto_base64url(STR(HEAD TIMES TAIL), arena);
    struct str token = str_printf(arena, "%.*s.%.*s.%.*s", STR_ARG(head), STR_ARG(body), STR_ARG(signature));
    return crm_id_token_judge(token, w->keys, &rules, arena, &identity);
}

static void only_the_providers_keys_sign(void **state)
{
    struct world w = world_of(*state);
    assert_int_equal(signed_by(&w, JOSE_RS256, "r", w.rsa), CRM_ID_GOOD);
    assert_int_equal(signed_by(&w, JOSE_ES256, "e", w.ec), CRM_ID_GOOD);
    assert_int_equal(signed_by(&w, JOSE_RS256, NULL, w.rsa), CRM_ID_GOOD); /* the one RSA key is meant */
    assert_int_equal(signed_by(&w, JOSE_RS256, "r", w.other), CRM_ID_SIGNATURE);
    assert_int_equal(signed_by(&w, JOSE_RS256, NULL, w.other), CRM_ID_SIGNATURE);
    assert_int_equal(signed_by(&w, JOSE_RS256, "unknown", w.rsa), CRM_ID_KEY);
    assert_int_equal(signed_by(&w, JOSE_RS256, "", w.rsa), CRM_ID_KEY);
    assert_int_equal(signed_by(&w, JOSE_RS256, "e", w.rsa), CRM_ID_KEY); /* a key of the other kind */
    assert_int_equal(signed_by(&w, JOSE_ES256, "r", w.ec), CRM_ID_KEY);
    assert_int_equal(spelled(&w, "{\"alg\":\"none\"}", STR("")), CRM_ID_FORM);
    assert_int_equal(spelled(&w, "{\"alg\":\"none\"}", STR("AAAA")), CRM_ID_ALG);
    assert_int_equal(spelled(&w, "{\"alg\":\"nOnE\",\"kid\":\"r\"}", STR("AAAA")), CRM_ID_ALG);
    assert_int_equal(spelled(&w, "{\"alg\":\"RS256\",\"kid\":\"r\"}", STR("AAAA")), CRM_ID_SIGNATURE);
    assert_int_equal(spelled(&w, "{\"alg\":\"PS256\",\"kid\":\"r\"}", STR("AAAA")), CRM_ID_SIGNATURE);
    assert_int_equal(spelled(&w, "{\"alg\":\"ES256\",\"kid\":\"e\"}", STR("AAAA")), CRM_ID_SIGNATURE);
    assert_int_equal(spelled(&w, "{\"alg\":\"EdDSA\",\"kid\":\"r\"}", STR("AAAA")), CRM_ID_ALG);
    assert_int_equal(spelled(&w, "{\"alg\":\"RS256\",\"kid\":\"r\",\"crit\":[\"x\"]}", STR("AAAA")), CRM_ID_FORM);
    assert_int_equal(spelled(&w, "{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"kid\":\"r\"}", STR("AAAA")), CRM_ID_FORM);
}

/* RFC 8725 section 2.1: the public key as the secret of an HMAC. */
static void a_public_key_is_no_secret(void **state)
{
    struct world w = world_of(*state);
    struct crypto_key key;
    memcpy(key.b, w.modulus.p, sizeof key.b);
    struct str head = crypto_base64url(STR("{\"alg\":\"HS256\",\"kid\":\"r\"}"), *state);
    struct str text =
        str_printf(*state, "%.*s.%.*s", STR_ARG(head), STR_ARG(crypto_base64url(STR(HEAD TIMES TAIL), *state)));
    struct crypto_hash mac = crypto_hmac(&key, text);
    struct str token =
        str_printf(*state, "%.*s.%.*s", STR_ARG(text), STR_ARG(crypto_base64url(crypto_hash_str(&mac), *state)));
    struct crm_identity identity;
    assert_int_equal(crm_id_token_judge(token, w.keys, &rules, *state, &identity), CRM_ID_ALG);
}

static void a_key_in_the_token_is_not_believed(void **state)
{
    struct world w = world_of(*state);
    struct str jwk = str_slice(w.keys, strlen("{\"keys\":["), w.keys.n - 2);
    struct str header = str_printf(*state, "{\"alg\":\"RS256\",\"jwk\":%.*s,\"jku\":\"https://evil.example/\"}",
                                   (int)str_find(jwk, STR("},{"), 0) + 1, jwk.p);
    struct str head = crypto_base64url(header, *state), signature;
    struct str text =
        str_printf(*state, "%.*s.%.*s", STR_ARG(head), STR_ARG(crypto_base64url(STR(HEAD TIMES TAIL), *state)));
    struct err err = {0};
    struct crm_identity identity;
    assert_int_equal(jose_sign(JOSE_RS256, w.rsa, text, *state, &signature, &err), 0);
    struct str token = str_printf(*state, "%.*s.%.*s", STR_ARG(text), STR_ARG(crypto_base64url(signature, *state)));
    assert_int_equal(crm_id_token_judge(token, STR("{\"keys\":[]}"), &rules, *state, &identity), CRM_ID_KEY);
}

static void only_yes_is_yes(void **state)
{
    static const struct {
        const char *json;
        bool yes;
    } spellings[] = {
        {"true", true},    {"\"true\"", true},   {"1", true},        {"\"1\"", true},
        {"false", false},  {"\"false\"", false}, {"0", false},       {"null", false},
        {"[true]", false}, {"{}", false},        {"\"yes\"", false}, {"2", false},
    };
    struct world w = world_of(*state);
    struct crm_identity identity;
    for (size_t i = 0; i < ARRAY_LEN(spellings); i++) {
        struct str claims = str_printf(*state, HEAD TIMES "\"email_verified\":%s,\"xms_edov\":%s," TAIL,
                                       spellings[i].json, spellings[i].json);
        assert_int_equal(crm_id_token_judge(token_of(&w, claims.p), w.keys, &rules, *state, &identity), CRM_ID_GOOD);
        assert_int_equal(identity.email_verified, spellings[i].yes);
        assert_int_equal(identity.email_domain_owned, spellings[i].yes);
    }
}

/* RFC 7518 section 3.3: 2048 bits or more; the signature itself is right. */
static void a_short_key_signs_nothing(void **state)
{
    static const unsigned bits[] = {1024, 2048};
    for (size_t i = 0; i < ARRAY_LEN(bits); i++) {
        EVP_PKEY *key = EVP_RSA_gen(bits[i]);
        EVP_MD_CTX *ctx = EVP_MD_CTX_new();
        unsigned char signature[512];
        size_t n = sizeof signature;
        assert_int_equal(EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, key), 1);
        assert_int_equal(EVP_DigestSign(ctx, signature, &n, (const unsigned char *)"data", 4), 1);
        const struct jose_key public = {.n = number_of(*state, key, OSSL_PKEY_PARAM_RSA_N, 0),
                                        .e = number_of(*state, key, OSSL_PKEY_PARAM_RSA_E, 0)};
        assert_int_equal(jose_verify(JOSE_RS256, &public, STR("data"), (struct str){(const char *)signature, n}),
                         bits[i] >= 2048);
        EVP_MD_CTX_free(ctx);
        EVP_PKEY_free(key);
    }
}

static void an_access_token_has_to_fit(void **state)
{
    struct world w = world_of(*state);
    struct crm_id_rules with = rules;
    struct crm_identity identity;
    with.access = STR("access-token");
    struct crypto_hash hash = crypto_sha256(with.access);
    struct str half = crypto_base64url(str_slice(crypto_hash_str(&hash), 0, 16), *state);
    struct str good = str_printf(*state, HEAD TIMES "\"at_hash\":\"%.*s\"," TAIL, STR_ARG(half));
    assert_int_equal(crm_id_token_judge(token_of(&w, good.p), w.keys, &with, *state, &identity), CRM_ID_GOOD);
    with.access = STR("another-token");
    assert_int_equal(crm_id_token_judge(token_of(&w, good.p), w.keys, &with, *state, &identity), CRM_ID_AT_HASH);
}

static void a_tenant_stands_for_itself_only(void **state)
{
#define MICROSOFT    "https://login.microsoftonline.com/"
#define MS(iss, tid) "{\"iss\":\"" MICROSOFT iss "/v2.0\"," tid "\"sub\":\"u1\"," TIMES TAIL
    static const struct {
        const char *claims;
        enum crm_id_fault fault;
    } tenants[] = {
        {MS(TENANT, "\"tid\":\"" TENANT "\","), CRM_ID_GOOD},
        {MS(TENANT, ""), CRM_ID_ISS},
        {MS(TENANT, "\"tid\":\"21112222-3333-4444-8555-666677778888\","), CRM_ID_ISS},
        {MS("{tenantid}", "\"tid\":\"{tenantid}\","), CRM_ID_ISS},
        {MS("evil", "\"tid\":\"evil\","), CRM_ID_ISS},
        {MS("x/../" TENANT, "\"tid\":\"x/../" TENANT "\","), CRM_ID_ISS},
        {MS("AAAA2222-3333-4444-8555-666677778888", "\"tid\":\"AAAA2222-3333-4444-8555-666677778888\","), CRM_ID_ISS},
    };
    struct world w = world_of(*state);
    struct crm_id_rules with = rules;
    struct crm_identity identity;
    with.issuer = STR(MICROSOFT CRM_OIDC_TENANT "/v2.0");
    for (size_t i = 0; i < ARRAY_LEN(tenants); i++)
        assert_int_equal(crm_id_token_judge(token_of(&w, tenants[i].claims), w.keys, &with, *state, &identity),
                         tenants[i].fault);
    /* A shared key set says whose key it is. */
    ptrdiff_t at = str_find(w.keys, STR("\"use\":\"sig\","), 0);
    const char *const issuers[] = {MICROSOFT CRM_OIDC_TENANT "/v2.0", MICROSOFT TENANT "/v2.0",
                                   MICROSOFT "9188040d-6c67-4c5b-b112-36a304b66dad/v2.0"};
    for (size_t i = 0; i < ARRAY_LEN(issuers); i++) {
        struct str keys = str_printf(*state, "%.*s\"issuer\":\"%s\",%.*s", (int)at, w.keys.p, issuers[i],
                                     STR_ARG(str_slice(w.keys, (size_t)at, w.keys.n)));
        assert_int_equal(crm_id_token_judge(token_of(&w, tenants[0].claims), keys, &with, *state, &identity),
                         i < 2 ? CRM_ID_GOOD : CRM_ID_KEY);
    }
}

static void an_address_is_believed_by_the_kinds_rule(void **state)
{
    static const struct {
        const char *kind;
        struct crm_identity identity;
        bool fine;
    } people[] = {
        {"oidc", {.email = {"a@x.example", 11}}, false},
        {"oidc", {.email = {"a@x.example", 11}, .email_verified = true}, true},
        {"oidc", {.email_verified = true}, false},
        {"apple", {.email = {"a@x.example", 11}, .email_verified = true}, true},
        {"microsoft", {.email = {"a@x.example", 11}, .email_verified = true}, false}, /* nOAuth */
        {"microsoft", {.email = {"a@x.example", 11}, .email_domain_owned = true}, true},
        {"google", {.email = {"a@x.example", 11}, .email_verified = true}, false},
        {"google", {.email = {"a@x.example", 11}, .email_verified = true, .tenant = {"x.example", 9}}, true},
        {"google", {.email = {"a@x.example", 11}, .email_verified = true, .tenant = {"y.example", 9}}, false},
        {"google", {.email = {"a@gmail.com", 11}, .email_verified = true}, true},
        {"google", {.email = {"a@gmail.com", 11}}, false},
        {"google", {.email = {"a@gmail.com@x.example", 21}, .email_verified = true}, false},
    };
    for (size_t i = 0; i < ARRAY_LEN(people); i++)
        assert_int_equal(crm_oidc_mail_fine(crm_oidc_kind_find(str_c(people[i].kind)), &people[i].identity, *state),
                         people[i].fine);
}

#define DOC(issuer, authorize, token, keys, more)                                                                      \
    "{\"issuer\":\"" issuer "\",\"authorization_endpoint\":\"" authorize "\",\"token_endpoint\":\"" token              \
    "\",\"jwks_uri\":\"" keys "\"" more "}"
#define SAYS ",\"response_types_supported\":[\"code\"],\"id_token_signing_alg_values_supported\":[\"RS256\"]"
#define AT   "https://id.example"

static void a_description_is_read_strictly(void **state)
{
    static const struct {
        const char *document;
        bool fine;
    } documents[] = {
        {DOC(ISSUER, AT "/a", AT "/t", AT "/k", SAYS), true},
        {DOC(ISSUER "/", AT "/a", AT "/t", AT "/k", SAYS), false},
        {DOC("https://evil.example", AT "/a", AT "/t", AT "/k", SAYS), false},
        {DOC(ISSUER, "http://id.example/a", AT "/t", AT "/k", SAYS), false},
        {DOC(ISSUER, AT "/a", "https://127.0.0.1/t", AT "/k", SAYS), false},
        {DOC(ISSUER, AT "/a", AT "/t", "https://169.254.169.254/k", SAYS), false},
        {DOC(ISSUER, AT "/a", AT "/{url}", AT "/k", SAYS), false},
        {DOC(ISSUER, "javascript:alert(1)", AT "/t", AT "/k", SAYS), false},
        {DOC(ISSUER, AT "/a", AT "/t", AT "/k", ""), false},
        {DOC(ISSUER, AT "/a", AT "/t", AT "/k", SAYS ",\"code_challenge_methods_supported\":[\"plain\"]"), false},
        {DOC(ISSUER, AT "/a", AT "/t", AT "/k", SAYS ",\"code_challenge_methods_supported\":[\"S256\"]"), true},
        {DOC(ISSUER, AT "/a", AT "/t", AT "/k",
             SAYS ",\"token_endpoint_auth_methods_supported\":[\"private_key_jwt\"]"),
         false},
        {DOC(ISSUER, AT "/a", AT "/t", AT "/k",
             ",\"response_types_supported\":[\"code\"],\"id_token_signing_alg_values_supported\":[\"HS256\",\"none\"]"),
         false},
        {DOC(ISSUER, AT "/a", AT "/t", AT "/k",
             ",\"response_types_supported\":[\"id_token\"],\"id_token_signing_alg_values_supported\":[\"RS256\"]"),
         false},
        {"<html>", false},
        {"{}", false},
        {"[]", false},
    };
    for (size_t i = 0; i < ARRAY_LEN(documents); i++) {
        struct crm_oidc_place place;
        struct err err = {0};
        int r = crm_oidc_read_place(str_c(documents[i].document), STR(ISSUER), NULL, *state, &place, &err);
        if ((r == 0) != documents[i].fine)
            fail_msg("%s: %s", documents[i].document, err.param);
    }
}

static void apple_gets_a_signed_secret(void **state)
{
    struct world w = world_of(*state);
    const struct crm_oidc_kind *apple = crm_oidc_kind_find(STR("apple"));
    struct str secret = str_printf(*state, "{\"private_key\":");
    struct strbuf buf = {.arena = *state};
    strbuf_add(&buf, secret);
    json_quote(&buf, w.ec);
    strbuf_add_char(&buf, '}');
    struct crm_oauth_client client = {
        .settings = STR("{\"client_id\":\"com.example.kartei\",\"team_id\":\"TEAM\",\"key_id\":\"e\"}"),
        .secret = strbuf_str(&buf),
        .now_ms = NOW * 1000LL,
        .arena = *state};
    struct jose_jwt jwt;
    struct str made, token, key;
    struct err err = {0};
    assert_int_equal(crm_oidc_secret(apple, &client, STR("https://appleid.apple.com"), &made, &err), 0);
    assert_int_equal(json_member(made, "client_secret", *state, &token, &err), 0);
    assert_int_equal(jose_jwt_read(json_unquote(token, *state), *state, &jwt, &err), 0);
    assert_int_equal(jose_jwt_verify(&jwt, w.keys, *state, &key), JOSE_GOOD);
    assert_text(jwt.kid, "e");
    assert_text(jwt.claims, "{\"iss\":\"TEAM\",\"sub\":\"com.example.kartei\",\"aud\":\"https://appleid.apple.com\","
                            "\"iat\":1800000000,\"exp\":1800000300}");
    client.secret = STR("{\"private_key\":\"-----BEGIN PRIVATE KEY-----\\nAAAA\\n-----END PRIVATE KEY-----\"}");
    assert_int_equal(crm_oidc_secret(apple, &client, STR("https://appleid.apple.com"), &made, &err), -1);
    assert_string_equal(err.pointer, "/secret/private_key");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit_with_arena(each_claim_decides),
        unit_with_arena(only_the_providers_keys_sign),
        unit_with_arena(a_public_key_is_no_secret),
        unit_with_arena(a_key_in_the_token_is_not_believed),
        unit_with_arena(only_yes_is_yes),
        unit_with_arena(a_short_key_signs_nothing),
        unit_with_arena(an_access_token_has_to_fit),
        unit_with_arena(a_tenant_stands_for_itself_only),
        unit_with_arena(an_address_is_believed_by_the_kinds_rule),
        unit_with_arena(a_description_is_read_strictly),
        unit_with_arena(apple_gets_a_signed_secret),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
