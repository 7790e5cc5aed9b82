/* See id_token.h. */
#include "crm-connectors/oidc/id_token.h"

#include "base/crypto.h"
#include "base/id.h"
#include "base/jose/jwt.h"

enum { SUBJECT_MAX = 255, AT_HASH_BYTES = 16 };

const char *const crm_id_fault_words[] = {"good", "form", "alg", "key", "signature", "claims", "iss",     "aud",
                                          "azp",  "exp",  "iat", "nbf", "nonce",     "sub",    "at_hash", NULL};

struct claims {
    struct str iss, sub, aud, azp, nonce, at_hash, tid, hd, email, name, email_verified, xms_edov;
    int64_t exp, iat, nbf;
    struct json_list amr; /* struct str */
};
#define CLAIM(member, what)                                                                                            \
    {                                                                                                                  \
        .name = #member, .kind = JSON_##what, .offset = offsetof(struct claims, member)                                \
    }
static const struct json_field claim_rows[] = {
    CLAIM(iss, STR),
    CLAIM(sub, STR),
    CLAIM(aud, ANY),
    CLAIM(azp, STR),
    CLAIM(nonce, STR),
    CLAIM(at_hash, STR),
    CLAIM(tid, STR),
    CLAIM(hd, STR),
    CLAIM(email, STR),
    CLAIM(name, STR),
    CLAIM(email_verified, ANY),
    CLAIM(xms_edov, ANY),
    CLAIM(exp, INT),
    CLAIM(iat, INT),
    CLAIM(nbf, INT),
    CLAIM(amr, STRS),
};
static const struct json_shape claims_shape = {"IdTokenClaims", sizeof(struct claims), claim_rows,
                                               ARRAY_LEN(claim_rows), true};

bool crm_id_yes(struct str json)
{
    return str_eq(json, STR("true")) || str_eq(json, STR("\"true\"")) || str_eq(json, STR("1")) ||
           str_eq(json, STR("\"1\""));
}

/* The issuer that is expected, with the token's own tenant where any may be meant; absent when there is none. */
static struct str issuer_for(struct str expected, struct str tenant, struct arena *arena)
{
    ptrdiff_t at = str_find(expected, STR(CRM_OIDC_TENANT), 0);
    struct id id;
    if (at < 0)
        return expected;
    if (!id_parse(tenant, &id) || !str_eq(id_str(&id), tenant))
        return STR_NONE;
    return str_printf(arena, "%.*s%.*s%.*s", (int)at, expected.p, STR_ARG(tenant),
                      STR_ARG(str_slice(expected, (size_t)at + strlen(CRM_OIDC_TENANT), expected.n)));
}

/* The audience is we and nobody else: a text, or a list of one. */
static bool audience_fine(struct str aud, struct str client_id, struct arena *arena)
{
    struct json_list items;
    struct err ignored;
    if (!aud.p)
        return false;
    if (aud.p[0] == '"')
        return str_eq(json_unquote(aud, arena), client_id);
    return json_items(aud, arena, &items, &ignored) == 0 && items.n == 1 &&
           str_eq(json_unquote(*(const struct str *)items.items, arena), client_id);
}

static enum crm_id_fault judge_times(const struct claims *claims, int64_t now_s)
{
    if (claims->exp <= 0 || claims->exp <= now_s - CRM_OIDC_LEEWAY_S)
        return CRM_ID_EXP;
    if (claims->iat <= 0 || claims->iat > now_s + CRM_OIDC_LEEWAY_S ||
        claims->iat < now_s - CRM_OIDC_OLDEST_S - CRM_OIDC_LEEWAY_S)
        return CRM_ID_IAT;
    return claims->nbf > now_s + CRM_OIDC_LEEWAY_S ? CRM_ID_NBF : CRM_ID_GOOD;
}

/* Core section 3.1.3.6: the left half of the hash of the token that came along. */
static bool access_fits(struct str at_hash, struct str access, struct arena *arena)
{
    if (!at_hash.p || !access.p)
        return true;
    struct crypto_hash hash = crypto_sha256(access);
    return str_eq(at_hash, crypto_base64url(str_slice(crypto_hash_str(&hash), 0, AT_HASH_BYTES), arena));
}

static bool subject_fine(struct str sub)
{
    for (size_t i = 0; i < sub.n; i++)
        if (sub.p[i] < ' ' || sub.p[i] > '~')
            return false;
    return sub.n > 0 && sub.n <= SUBJECT_MAX;
}

static enum crm_id_fault judge_claims(const struct claims *claims, const struct crm_id_rules *rules,
                                      struct arena *arena)
{
    struct str issuer = issuer_for(rules->issuer, claims->tid, arena);
    if (!issuer.p || !claims->iss.p || !str_eq(claims->iss, issuer))
        return CRM_ID_ISS;
    if (!audience_fine(claims->aud, rules->client_id, arena))
        return CRM_ID_AUD;
    if (claims->azp.p && !str_eq(claims->azp, rules->client_id))
        return CRM_ID_AZP;
    enum crm_id_fault fault = judge_times(claims, rules->now_ms / 1000);
    if (fault != CRM_ID_GOOD)
        return fault;
    if (!claims->nonce.p || str_empty(rules->nonce) || !crypto_equal(claims->nonce, rules->nonce))
        return CRM_ID_NONCE;
    if (!subject_fine(claims->sub))
        return CRM_ID_SUB;
    return access_fits(claims->at_hash, rules->access, arena) ? CRM_ID_GOOD : CRM_ID_AT_HASH;
}

static enum crm_id_fault fault_of_form(const struct err *err)
{
    return strcmp(err->param, "alg") == 0 ? CRM_ID_ALG : CRM_ID_FORM;
}

/* Microsoft's shared key set says of each key for which issuer it signs. */
static bool key_is_issuers(struct str key, const struct claims *claims, struct arena *arena)
{
    struct str issuer;
    struct err ignored;
    if (json_member(key, "issuer", arena, &issuer, &ignored) < 0)
        return false;
    return !issuer.p || str_eq(issuer_for(json_unquote(issuer, arena), claims->tid, arena), claims->iss);
}

static bool holds(const struct json_list *list, struct str word)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(((const struct str *)list->items)[i], word))
            return true;
    return false;
}

enum crm_id_fault crm_id_token_judge(struct str token, struct str keys, const struct crm_id_rules *rules,
                                     struct arena *arena, struct crm_identity *ret_identity)
{
    struct jose_jwt jwt;
    struct claims claims;
    struct str key;
    struct err why;
    if (jose_jwt_read(token, arena, &jwt, &why) < 0)
        return fault_of_form(&why);
    enum jose_verdict verdict = jose_jwt_verify(&jwt, keys, arena, &key);
    if (verdict != JOSE_GOOD)
        return verdict == JOSE_NO_KEY ? CRM_ID_KEY : CRM_ID_SIGNATURE;
    if (json_read(&claims_shape, jwt.claims, arena, &claims, &why) < 0)
        return CRM_ID_CLAIMS;
    enum crm_id_fault fault = judge_claims(&claims, rules, arena);
    if (fault != CRM_ID_GOOD)
        return fault;
    if (!key_is_issuers(key, &claims, arena))
        return CRM_ID_KEY;
    *ret_identity = (struct crm_identity){
        .issuer = claims.iss,
        .subject = claims.sub,
        .email = claims.email,
        .name = claims.name,
        .email_verified = crm_id_yes(claims.email_verified),
        .email_domain_owned = crm_id_yes(claims.xms_edov),
        .tenant = claims.tid.p ? claims.tid : claims.hd,
        .several_factors = holds(&claims.amr, STR("mfa")),
    };
    return CRM_ID_GOOD;
}
