/* Shapes of identity providers; see flow/oidc.h for what the members mean. */
#include "flow/oidc.h"
#include "flow/shape/rows.h"

const char *const flow_provider_kinds[] = {"microsoft", "google", "apple", "oidc", NULL};
const char *const flow_provider_states[] = {"draft", "on", "off", NULL};

static const struct json_field flow_provider_settings_rows[] = {
    NEEDED(flow_provider_settings, name, 100, "What people see before they are known."),
    LIMITED(flow_provider_settings, issuer, 500, "Of the kind oidc: as in its discovery document."),
    LIMITED(flow_provider_settings, tenant, 120, "Of the kind microsoft: UUID, domain, organizations or common."),
    LIMITED(flow_provider_settings, client_id, 300, "As the provider gave it; not needed for a draft."),
    LIMITED(flow_provider_settings, team_id, 40, "Of the kind apple."),
    LIMITED(flow_provider_settings, key_id, 40, "Of the kind apple."),
    ROW(flow_provider_settings, domains, STRS, .max = FLOW_OIDC_DOMAINS,
        .doc = "E-mail domains whose people may be joined to a user here."),
    YES(flow_provider_settings, sign_up, "Who is of these domains and has no user becomes one."),
    YES(flow_provider_settings, vouches,
        "Its addresses are believed without email_verified; refused where anybody can have an account."),
    YES(flow_provider_settings, second_factor, "Several factors there (amr mfa) count as the second factor here."),
};
SHAPE(flow_provider_settings, "IdentityProviderSettings");

static const struct json_field flow_provider_rows[] = {
    TEXT(flow_provider, id, "UUID."),
    WORD(flow_provider, kind, flow_provider_kinds, NULL),
    PART(flow_provider, settings, flow_provider_settings_shape, NULL),
    YES(flow_provider, has_secret, "A secret is kept; it is never given out."),
    TEXT(flow_provider, redirect_uri, "To be registered there, exactly so."),
    TEXT(flow_provider, sign_in_url, "Leads straight to this provider."),
    WORD(flow_provider, state, flow_provider_states, "draft: not tested since it was changed."),
    TEXT(flow_provider, tested_at, "RFC 3339, of its keys; null = not tested."),
    TEXTS(flow_provider, hosts, "host:port: whom Kartei contacts for it."),
    TEXT(flow_provider, created_at, "RFC 3339."),
    WHOLE(flow_provider, version, "For If-Match."),
};
SHAPE(flow_provider, "IdentityProvider");

static const struct json_field flow_provider_input_rows[] = {
    WORD(flow_provider_input, kind, flow_provider_kinds, "Of a new one; it stays."),
    WORD(flow_provider_input, state, flow_provider_states, "on or off, in a change; on needs a test that went well."),
    MAYBE(flow_provider_input, settings, flow_provider_settings_shape, "As a whole; absent = unchanged."),
    ROW(flow_provider_input, secret, ANY, .flags = JSON_WRITE_ONLY, .max = 16 * 1024,
        .doc = "Object with client_secret, or private_key (PEM, Apple's .p8 file); absent = unchanged."),
};
SHAPE(flow_provider_input, "IdentityProviderInput");

static const struct json_field flow_provider_test_rows[] = {
    YES(flow_provider_test, ok, "Endpoints and keys are kept, and it may be switched on."),
    MANY(flow_provider_test, steps, flow_test_step_shape, "address, reach, keys, sign-in, up to the first that fails."),
    PART(flow_provider_test, provider, flow_provider_shape, NULL),
};
SHAPE(flow_provider_test, "IdentityProviderTest");
