/* Shapes of signing up; see flow/sign_up.h for what the members mean. */
#include "flow/rights.h"
#include "flow/shape/rows.h"
#include "flow/sign_up.h"

const char *const flow_invitation_words[] = {"open", "used", "expired", "revoked", NULL};

static const struct json_field flow_sign_up_domain_rows[] = {
    TEXT(flow_sign_up_domain, id, "UUID."),
    TEXT(flow_sign_up_domain, domain, "Exactly this one, none below it."),
    WORD(flow_sign_up_domain, role, flow_role_words, "What they become."),
    TEXT(flow_sign_up_domain, sign_up_url, "The organisation's address to sign up, to be handed out."),
    TEXT(flow_sign_up_domain, created_at, "RFC 3339."),
};
SHAPE(flow_sign_up_domain, "SignUpDomain");

static const struct json_field flow_sign_up_domain_new_rows[] = {
    NEEDED(flow_sign_up_domain_new, domain, 253, "Of the organisation; public mail providers are refused."),
    WORD(flow_sign_up_domain_new, role, flow_role_words, "Neither admin nor support; absent = user."),
};
SHAPE(flow_sign_up_domain_new, "SignUpDomainNew");

static const struct json_field flow_invitation_rows[] = {
    TEXT(flow_invitation, id, "UUID."),
    TEXT(flow_invitation, email, "Only this address; absent = any."),
    TEXT(flow_invitation, domain, "Only addresses of this domain; absent = any."),
    WORD(flow_invitation, role, flow_role_words, "What they become."),
    WORD(flow_invitation, state, flow_invitation_words, NULL),
    WHOLE(flow_invitation, uses, "How many may join by it."),
    WHOLE(flow_invitation, used, "How many have."),
    TEXT(flow_invitation, redeem_url, "Where the code is typed."),
    TEXT(flow_invitation, created_by, "Name of the administrator."),
    TEXT(flow_invitation, created_at, "RFC 3339."),
    TEXT(flow_invitation, expires_at, "RFC 3339."),
    YES(flow_invitation, mailed, "In the answer that makes it: the code is on its way to the address."),
    ROW(flow_invitation, code, STR, .flags = JSON_OMIT,
        .doc = "Only in the answer that makes it. It is not shown again."),
};
SHAPE(flow_invitation, "Invitation");

static const struct json_field flow_invitation_new_rows[] = {
    LIMITED(flow_invitation_new, email, 254, "The code is good for this address alone, and is mailed there."),
    LIMITED(flow_invitation_new, domain, 253,
            "Good for addresses of this domain alone; absent with email = for anybody."),
    WORD(flow_invitation_new, role, flow_role_words, "Neither admin nor support; absent = user."),
    WHOLE(flow_invitation_new, uses, "1 to 1000; absent = once. Once, where the address is named."),
    WHOLE(flow_invitation_new, days, "Until it ends, 1 to 90; absent = 7."),
};
SHAPE(flow_invitation_new, "InvitationNew");
