/* See jwt.h. */
#include "base/jose/jwt.h"

#include "base/crypto.h"
#include "base/json.h"

struct header {
    struct str alg, kid, typ, crit;
};
#define HEADER(member, what)                                                                                           \
    {                                                                                                                  \
        .name = #member, .kind = JSON_##what, .offset = offsetof(struct header, member)                                \
    }
static const struct json_field header_rows[] = {HEADER(alg, STR), HEADER(kid, STR), HEADER(typ, STR),
                                                HEADER(crit, ANY)};
static const struct json_shape header_shape = {"JoseHeader", sizeof(struct header), header_rows, ARRAY_LEN(header_rows),
                                               true};

struct jwk {
    struct str kty, kid, use, alg, crv, n, e, x, y;
    struct json_list key_ops; /* struct str */
};
#define JWK(member, what)                                                                                              \
    {                                                                                                                  \
        .name = #member, .kind = JSON_##what, .offset = offsetof(struct jwk, member)                                   \
    }
static const struct json_field jwk_rows[] = {JWK(kty, STR), JWK(kid, STR),     JWK(use, STR), JWK(alg, STR),
                                             JWK(crv, STR), JWK(n, STR),       JWK(e, STR),   JWK(x, STR),
                                             JWK(y, STR),   JWK(key_ops, STRS)};
static const struct json_shape jwk_shape = {"Jwk", sizeof(struct jwk), jwk_rows, ARRAY_LEN(jwk_rows), true};

static int refuse(struct err *err, const char *what)
{
    return err_set(err, ERR_INVALID, "%s", what);
}

static int read_header(struct str part, struct arena *arena, struct jose_jwt *jwt, struct err *err)
{
    struct str text;
    struct header header;
    if (crypto_base64url_decode(part, arena, &text, err) < 0)
        return refuse(err, "form");
    if (json_read(&header_shape, text, arena, &header, err) < 0)
        return refuse(err, "header");
    if (header.crit.p)
        return refuse(err, "crit");
    if (header.typ.p && !str_eq_nocase(header.typ, STR("JWT")))
        return refuse(err, "typ");
    for (int alg = 0; alg < JOSE_ALGS; alg++)
        if (str_eq(header.alg, str_c(jose_alg_words[alg]))) {
            jwt->alg = (enum jose_alg)alg;
            jwt->kid = header.kid;
            return 0;
        }
    return refuse(err, "alg");
}

int jose_jwt_read(struct str token, struct arena *arena, struct jose_jwt *ret_jwt, struct err *err)
{
    struct jose_jwt jwt = {.kid = STR_NONE};
    struct str rest = token, head, body;
    if (token.n == 0 || token.n > JOSE_TOKEN_MAX || !str_split(&rest, '.', &head) || !str_split(&rest, '.', &body) ||
        str_empty(head) || str_empty(body) || str_empty(rest))
        return refuse(err, "form");
    jwt.text = str_slice(token, 0, head.n + 1 + body.n);
    if (read_header(head, arena, &jwt, err) < 0)
        return -1;
    if (crypto_base64url_decode(body, arena, &jwt.claims, err) < 0 ||
        crypto_base64url_decode(rest, arena, &jwt.signature, err) < 0)
        return refuse(err, "form");
    *ret_jwt = jwt;
    return 0;
}

static bool may_verify(const struct jwk *jwk)
{
    const struct str *ops = jwk->key_ops.items;
    bool any = jwk->key_ops.n == 0;
    for (size_t i = 0; i < jwk->key_ops.n; i++)
        any = any || str_eq(ops[i], STR("verify"));
    return any && (!jwk->use.p || str_eq(jwk->use, STR("sig")));
}

static bool decoded(struct str text, struct arena *arena, struct str *ret_bytes)
{
    struct err ignored;
    return text.p && crypto_base64url_decode(text, arena, ret_bytes, &ignored) == 0;
}

/* A key of the set as numbers, where it is one for signatures by `alg`. */
static bool key_of(struct str text, enum jose_alg alg, struct arena *arena, struct jwk *ret_jwk,
                   struct jose_key *ret_key)
{
    struct err ignored;
    bool ec = alg == JOSE_ES256;
    if (json_read(&jwk_shape, text, arena, ret_jwk, &ignored) < 0 || !may_verify(ret_jwk))
        return false;
    if (ret_jwk->alg.p && !str_eq(ret_jwk->alg, str_c(jose_alg_words[alg])))
        return false;
    *ret_key = (struct jose_key){.ec = ec};
    if (ec)
        return str_eq(ret_jwk->kty, STR("EC")) && str_eq(ret_jwk->crv, STR("P-256")) &&
               decoded(ret_jwk->x, arena, &ret_key->x) && decoded(ret_jwk->y, arena, &ret_key->y);
    return str_eq(ret_jwk->kty, STR("RSA")) && decoded(ret_jwk->n, arena, &ret_key->n) &&
           decoded(ret_jwk->e, arena, &ret_key->e);
}

static struct json_list items_of(struct str keys, struct arena *arena)
{
    struct json_list items = {0};
    struct str list;
    struct err ignored;
    if (json_member(keys, "keys", arena, &list, &ignored) < 0 || !list.p ||
        json_items(list, arena, &items, &ignored) < 0)
        return (struct json_list){0};
    items.n = items.n > JOSE_KEYS_MAX ? JOSE_KEYS_MAX : items.n;
    return items;
}

enum jose_verdict jose_jwt_verify(const struct jose_jwt *jwt, struct str keys, struct arena *arena, struct str *ret_key)
{
    struct json_list items = items_of(keys, arena);
    const struct str *all = items.items;
    struct jose_key key, found = {0};
    struct jwk jwk;
    size_t n = 0, at = 0;
    for (size_t i = 0; i < items.n; i++) {
        if (!key_of(all[i], jwt->alg, arena, &jwk, &key) || (jwt->kid.p && !str_eq(jwk.kid, jwt->kid)))
            continue;
        found = key;
        at = i;
        n++;
    }
    if (n != 1) /* of two keys with one name nobody knows which is meant */
        return JOSE_NO_KEY;
    if (!jose_verify(jwt->alg, &found, jwt->text, jwt->signature))
        return JOSE_BAD;
    *ret_key = all[at];
    return JOSE_GOOD;
}

size_t jose_keys_usable(struct str keys, struct arena *arena)
{
    struct json_list items = items_of(keys, arena);
    struct jose_key key;
    struct jwk jwk;
    size_t n = 0;
    for (size_t i = 0; i < items.n; i++) {
        bool usable = false;
        for (int alg = 0; alg < JOSE_ALGS && !usable; alg++)
            usable = key_of(((const struct str *)items.items)[i], (enum jose_alg)alg, arena, &jwk, &key);
        n += usable;
    }
    return n;
}

int jose_jwt_sign(const struct jose_claims *claims, struct str pem, struct arena *arena, struct str *ret_token,
                  struct err *err)
{
    struct strbuf head = {.arena = arena};
    struct str signature;
    strbuf_printf(&head, "{\"alg\":\"%s\"", jose_alg_words[claims->alg]);
    if (claims->kid.p) {
        strbuf_add_c(&head, ",\"kid\":");
        json_quote(&head, claims->kid);
    }
    strbuf_add_c(&head, ",\"typ\":\"JWT\"}");
    struct str first = crypto_base64url(strbuf_str(&head), arena), second = crypto_base64url(claims->claims, arena);
    struct str text = str_printf(arena, "%.*s.%.*s", STR_ARG(first), STR_ARG(second));
    if (jose_sign(claims->alg, pem, text, arena, &signature, err) < 0)
        return -1;
    struct str tail = crypto_base64url(signature, arena);
    *ret_token = str_printf(arena, "%.*s.%.*s", STR_ARG(text), STR_ARG(tail));
    return 0;
}
