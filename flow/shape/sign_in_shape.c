/* Shapes of sessions and sign-in; see the headers for what the members mean. */
#include "flow/second_factor.h"
#include "flow/shape/rows.h"
#include "flow/sign_in.h"

static const struct json_field flow_session_user_rows[] = {
    TEXT(flow_session_user, id, "UUID."),           TEXT(flow_session_user, name, NULL),
    TEXT(flow_session_user, email, NULL),           TEXT(flow_session_user, role, "user or admin."),
    TEXT(flow_session_user, language, "de or en."), TEXT(flow_session_user, theme, "system, light or dark."),
};
SHAPE(flow_session_user, "SessionUser");

static const struct json_field flow_session_org_rows[] = {
    TEXT(flow_session_org, id, "UUID."),
    TEXT(flow_session_org, name, NULL),
};
SHAPE(flow_session_org, "SessionOrganisation");

static const struct json_field flow_session_rows[] = {
    PART(flow_session, user, flow_session_user_shape, NULL),
    PART(flow_session, org, flow_session_org_shape, NULL),
    TEXT(flow_session, csrf, "To be sent as X-CSRF-Token with every change."),
    TEXT(flow_session, expires_at, "RFC 3339."),
};
SHAPE(flow_session, "Session");

static const struct json_field flow_password_sign_in_rows[] = {
    NEEDED(flow_password_sign_in, email, 254, NULL),
    ROW(flow_password_sign_in, password, STR, .flags = JSON_REQUIRED | JSON_WRITE_ONLY, .max = 1024),
    ROW(flow_password_sign_in, code, STR, .flags = JSON_WRITE_ONLY, .max = 40,
        .doc = "Of the authenticator app, or a recovery code; where a second factor is asked for."),
};
SHAPE(flow_password_sign_in, "SignIn");

static const struct json_field flow_session_change_rows[] = {
    LIMITED(flow_session_change, language, 2, "de or en; absent = unchanged."),
    LIMITED(flow_session_change, theme, 10, "system, light or dark; absent = unchanged."),
    ROW(flow_session_change, password_now, STR, .flags = JSON_WRITE_ONLY, .max = 1024,
        .doc = "The present one, needed for a new one."),
    ROW(flow_session_change, password, STR, .flags = JSON_WRITE_ONLY, .max = 1024,
        .doc = "At least 15 characters, 8 with a second factor; ends all sessions; absent = unchanged."),
};
SHAPE(flow_session_change, "SessionChange");

static const struct json_field flow_session_entry_rows[] = {
    TEXT(flow_session_entry, id, "UUID."),
    TEXT(flow_session_entry, created_at, "RFC 3339."),
    TEXT(flow_session_entry, seen_at, "RFC 3339; to the minute."),
    TEXT(flow_session_entry, method, "How it began: password, link, password+totp …"),
    TEXT(flow_session_entry, client, "What the browser called itself."),
    YES(flow_session_entry, current, "The one that asks."),
};
SHAPE(flow_session_entry, "SessionEntry");

static const struct json_field flow_factor_rows[] = {
    YES(flow_factor, enrolled, "It is asked for at each sign-in."),
    YES(flow_factor, required, "The organisation wants one of this role."),
    WHOLE(flow_factor, recovery_left, "Recovery codes not yet used."),
};
SHAPE(flow_factor, "SecondFactor");

static const struct json_field flow_enrolment_rows[] = {
    TEXT(flow_enrolment, secret, "Base32, for typing; shown once."),
    TEXT(flow_enrolment, uri, "otpauth://totp/…"),
    TEXT(flow_enrolment, qr, "SVG of it."),
};
SHAPE(flow_enrolment, "Enrolment");

static const struct json_field flow_code_rows[] = {
    ROW(flow_code, code, STR, .flags = JSON_REQUIRED | JSON_WRITE_ONLY, .max = 40,
        .doc = "Blanks and hyphens do not matter."),
};
SHAPE(flow_code, "Code");

static const struct json_field flow_reset_rows[] = {
    NEEDED(flow_reset, reason, 200, "Why; it stands in the audit trail."),
};
SHAPE(flow_reset, "SecondFactorReset");

static const struct json_field flow_recovery_rows[] = {
    TEXTS(flow_recovery, codes, "Each works once; shown once."),
};
SHAPE(flow_recovery, "RecoveryCodes");

static const struct json_field flow_sign_in_policy_rows[] = {
    TEXTS(flow_sign_in_policy, second_factor_roles, "Names of roles; accounts of support are always asked."),
    ROW(flow_sign_in_policy, version, INT, .flags = JSON_READ_ONLY, .doc = "For If-Match."),
};
SHAPE(flow_sign_in_policy, "SignInPolicy");
