/* See signature.h. */
#include "base/jose/signature.h"

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

enum { RSA_LEAST_BITS = 2048, RSA_MOST_BITS = 8192, RSA_EXPONENT_MOST = 8, PEM_MAX = 16 * 1024, COORDINATE = 32 };

const char *const jose_alg_words[] = {"RS256", "PS256", "ES256", NULL};

static const unsigned char *bytes_of(struct str s)
{
    return (const unsigned char *)(s.p ? s.p : "");
}

/* ---- Public keys ---- */

static EVP_PKEY *key_from(const char *type, OSSL_PARAM_BLD *build)
{
    EVP_PKEY *key = NULL;
    OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(build);
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    if (!params || !ctx || EVP_PKEY_fromdata_init(ctx) != 1 ||
        EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
        key = NULL;
    EVP_PKEY_CTX_free(ctx);
    OSSL_PARAM_free(params);
    return key;
}

static EVP_PKEY *rsa_public(const struct jose_key *key)
{
    EVP_PKEY *made = NULL;
    if (key->n.n > RSA_MOST_BITS / 8 || key->e.n == 0 || key->e.n > RSA_EXPONENT_MOST)
        return NULL;
    BIGNUM *n = BN_bin2bn(bytes_of(key->n), (int)key->n.n, NULL), *e = BN_bin2bn(bytes_of(key->e), (int)key->e.n, NULL);
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    bool sound = n && e && build && BN_num_bits(n) >= RSA_LEAST_BITS && BN_is_odd(n) && BN_is_odd(e) && !BN_is_one(e);
    if (sound && OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n) == 1 &&
        OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e) == 1)
        made = key_from("RSA", build);
    OSSL_PARAM_BLD_free(build);
    BN_free(n);
    BN_free(e);
    return made;
}

/* OpenSSL refuses points that are not on the curve. */
static EVP_PKEY *ec_public(const struct jose_key *key)
{
    EVP_PKEY *made = NULL;
    unsigned char point[1 + 2 * COORDINATE] = {POINT_CONVERSION_UNCOMPRESSED};
    if (key->x.n != COORDINATE || key->y.n != COORDINATE)
        return NULL;
    memcpy(point + 1, key->x.p, COORDINATE);
    memcpy(point + 1 + COORDINATE, key->y.p, COORDINATE);
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    if (build && OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) == 1 &&
        OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point) == 1)
        made = key_from("EC", build);
    OSSL_PARAM_BLD_free(build);
    return made;
}

/* R and S side by side (RFC 7518 section 3.4) as the DER that OpenSSL reads; *ret_der is OpenSSL's. */
static int der_of(struct str raw, unsigned char **ret_der)
{
    *ret_der = NULL;
    if (raw.n != 2 * (size_t)COORDINATE)
        return -1;
    ECDSA_SIG *sig = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(bytes_of(raw), COORDINATE, NULL),
           *s = BN_bin2bn(bytes_of(raw) + COORDINATE, COORDINATE, NULL);
    if (!sig || !r || !s || ECDSA_SIG_set0(sig, r, s) != 1) {
        BN_free(r);
        BN_free(s);
        ECDSA_SIG_free(sig);
        return -1;
    }
    int n = i2d_ECDSA_SIG(sig, ret_der);
    ECDSA_SIG_free(sig);
    return n;
}

static bool padding_set(enum jose_alg alg, EVP_PKEY_CTX *ctx)
{
    if (alg != JOSE_PS256)
        return true; /* PKCS #1 v1.5 is what RSA begins with */
    return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) == 1 &&
           EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) == 1 &&
           EVP_PKEY_CTX_set_rsa_mgf1_md(ctx, EVP_sha256()) == 1;
}

bool jose_verify(enum jose_alg alg, const struct jose_key *key, struct str data, struct str signature)
{
    unsigned char *der = NULL;
    const unsigned char *sig = bytes_of(signature);
    size_t n = signature.n;
    if (key->ec != (alg == JOSE_ES256))
        return false;
    EVP_PKEY *public = key->ec ? ec_public(key) : rsa_public(key);
    if (public && key->ec) {
        int length = der_of(signature, &der);
        sig = der;
        n = length > 0 ? (size_t)length : 0;
    }
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    EVP_PKEY_CTX *with = NULL;
    bool good = public && ctx && n > 0 && EVP_DigestVerifyInit(ctx, &with, EVP_sha256(), NULL, public) == 1 &&
                padding_set(alg, with) && EVP_DigestVerify(ctx, sig, n, bytes_of(data), data.n) == 1;
    EVP_MD_CTX_free(ctx);
    EVP_PKEY_free(public);
    OPENSSL_free(der);
    return good;
}

/* ---- Signing ---- */

/* The inside of "-----BEGIN [RSA ]PRIVATE KEY-----" as base64 without line ends; absent when there is none. */
static struct str pem_inside(struct str pem, struct arena *arena)
{
    static const char *const names[] = {"PRIVATE KEY-----", "RSA PRIVATE KEY-----"};
    struct strbuf out = {.arena = arena};
    for (size_t i = 0; i < ARRAY_LEN(names) && pem.n <= PEM_MAX; i++) {
        struct str open = str_printf(arena, "-----BEGIN %s", names[i]),
                   close = str_printf(arena, "-----END %s", names[i]);
        ptrdiff_t begin = str_find(pem, open, 0);
        ptrdiff_t end = begin < 0 ? -1 : str_find(pem, close, (size_t)begin + open.n);
        for (size_t at = (size_t)begin + open.n; end >= 0 && at < (size_t)end; at++)
            if (pem.p[at] > ' ')
                strbuf_add_char(&out, pem.p[at]);
        if (out.n)
            return strbuf_str(&out);
    }
    return STR_NONE;
}

static bool suits(EVP_PKEY *key, enum jose_alg alg)
{
    char group[32] = "";
    if (alg == JOSE_RS256)
        return EVP_PKEY_is_a(key, "RSA") && EVP_PKEY_get_bits(key) >= RSA_LEAST_BITS;
    return alg == JOSE_ES256 && EVP_PKEY_is_a(key, "EC") &&
           EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof group, NULL) == 1 &&
           strcmp(group, "prime256v1") == 0;
}

static EVP_PKEY *private_key(struct str pem, enum jose_alg alg, struct arena *arena)
{
    struct str text = pem_inside(pem, arena);
    if (str_empty(text) || text.n % 4 != 0)
        return NULL;
    unsigned char *der = arena_array(arena, text.n, 1);
    const unsigned char *at = der;
    int n = EVP_DecodeBlock(der, bytes_of(text), (int)text.n);
    EVP_PKEY *key = n > 0 ? d2i_AutoPrivateKey(NULL, &at, n) : NULL;
    if (key && suits(key, alg))
        return key;
    EVP_PKEY_free(key);
    return NULL;
}

/* OpenSSL's DER of a signature as R and S of 32 bytes each. */
static bool raw_of(const unsigned char *der, size_t n, struct arena *arena, struct str *ret_raw)
{
    unsigned char *raw = arena_array(arena, 2 * (size_t)COORDINATE, 1);
    ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &der, (long)n);
    bool good = sig && BN_bn2binpad(ECDSA_SIG_get0_r(sig), raw, COORDINATE) == COORDINATE &&
                BN_bn2binpad(ECDSA_SIG_get0_s(sig), raw + COORDINATE, COORDINATE) == COORDINATE;
    ECDSA_SIG_free(sig);
    *ret_raw = (struct str){(const char *)raw, 2 * (size_t)COORDINATE};
    return good;
}

int jose_sign(enum jose_alg alg, struct str pem, struct str data, struct arena *arena, struct str *ret_signature,
              struct err *err)
{
    EVP_PKEY *key = private_key(pem, alg, arena);
    if (!key)
        return err_set(err, ERR_INVALID, "%s", "no private key");
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    size_t n = (size_t)EVP_PKEY_get_size(key);
    unsigned char *signature = arena_array(arena, n, 1);
    struct str made = STR_NONE;
    bool good = ctx && EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, key) == 1 &&
                EVP_DigestSign(ctx, signature, &n, bytes_of(data), data.n) == 1;
    if (good && alg == JOSE_ES256)
        good = raw_of(signature, n, arena, &made);
    else
        made = (struct str){(const char *)signature, n};
    EVP_MD_CTX_free(ctx);
    EVP_PKEY_free(key);
    if (!good) /* a key whose numbers do not fit together */
        return err_set(err, ERR_INVALID, "%s", "the key cannot sign");
    *ret_signature = made;
    return 0;
}
