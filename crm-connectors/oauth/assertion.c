/* See assertion.h. */
#include "crm-connectors/oauth/assertion.h"

#include "base/crypto.h"
#include "base/jose/jwt.h"
#include "crm-connectors/rest/records.h"

enum { LIFE_S = 180 }; /* the longest that Salesforce takes */

static struct str claims(const struct crm_oauth_client *client, struct str issuer, struct str subject,
                         struct str audience)
{
    struct strbuf out = {.arena = client->arena};
    strbuf_add_c(&out, "{\"iss\":");
    json_quote(&out, issuer);
    strbuf_add_c(&out, ",\"sub\":");
    json_quote(&out, subject);
    strbuf_add_c(&out, ",\"aud\":");
    json_quote(&out, audience);
    strbuf_add_c(&out, ",\"jti\":");
    json_quote(&out, crypto_token(client->arena));
    strbuf_printf(&out, ",\"exp\":%lld}", (long long)client->now_ms / 1000 + LIFE_S);
    return strbuf_str(&out);
}

int crm_oauth_assertion(const struct crm_oauth_client *client, struct str issuer, struct str audience,
                        struct str *ret_assertion, struct err *err)
{
    struct arena *arena = client->arena;
    struct str subject = crm_records_setting(client->settings, CRM_OAUTH_SUBJECT, arena);
    struct str key = crm_records_setting(client->secret, CRM_OAUTH_SIGNER, arena);
    if (!subject.p)
        return err_field(err, ERR_INVALID, "/settings/" CRM_OAUTH_SUBJECT, "whom the app speaks for");
    const struct jose_claims signs = {.alg = JOSE_RS256, .claims = claims(client, issuer, subject, audience)};
    if (!key.p || jose_jwt_sign(&signs, key, arena, ret_assertion, err) < 0)
        return err_field(err, ERR_INVALID, "/secret/" CRM_OAUTH_SIGNER,
                         "an RSA key of 2048 bits or more as PEM, not encrypted");
    return 0;
}
