/* Shapes of rights, tokens and support grants; see the headers for what the members mean. */
#include "flow/rights.h"
#include "flow/shape/rows.h"
#include "flow/support.h"
#include "flow/token.h"

const char *const flow_token_words[] = {"active", "expired", "revoked", NULL};
const char *const flow_support_words[] = {"active", "expired", "revoked", NULL};
const char *const flow_support_area_words[] = {"configuration", "content", NULL};

#define HOW "any, own, or absent: nothing."
static const struct json_field flow_right_rows[] = {
    TEXT(flow_right, resource, NULL),
    TEXT(flow_right, action, NULL),
    TEXT(flow_right, reporter, HOW),
    TEXT(flow_right, user, HOW),
    TEXT(flow_right, template_curator, HOW),
    TEXT(flow_right, template_manager, HOW),
    TEXT(flow_right, admin, HOW),
    TEXT(flow_right, support, HOW),
    TEXT(flow_right, support_content, "As support; a grant for the content gives these."),
};
SHAPE(flow_right, "Right");

static const struct json_field flow_token_rows[] = {
    TEXT(flow_token, id, "UUID."),
    TEXT(flow_token, name, NULL),
    TEXT(flow_token, user_id, "In whose name it acts."),
    TEXT(flow_token, user_name, NULL),
    TEXTS(flow_token, scopes, NULL),
    WORD(flow_token, state, flow_token_words, NULL),
    TEXT(flow_token, created_at, "RFC 3339."),
    TEXT(flow_token, expires_at, "RFC 3339."),
    TEXT(flow_token, used_at, "Last use, to the minute; absent before the first."),
    TEXT(flow_token, used_from, "Address of the last use."),
    ROW(flow_token, token, STR, .flags = JSON_OMIT, .doc = "Only in the answer that makes it. It is not shown again."),
};
SHAPE(flow_token, "Token");

static const struct json_field flow_token_new_rows[] = {
    NEEDED(flow_token_new, name, 200, "What it is for."),
    ROW(flow_token_new, scopes, STRS, .flags = JSON_REQUIRED, .max = 32, .doc = "Of GET /v1/scopes."),
    ROW(flow_token_new, days, INT, .flags = JSON_REQUIRED, .doc = "Until it ends, 1 to 365."),
};
SHAPE(flow_token_new, "TokenNew");

static const struct json_field flow_token_return_rows[] = {
    ROW(flow_token_return, token, STR, .flags = JSON_REQUIRED | JSON_WRITE_ONLY, .max = 200, .doc = "The whole token."),
};
SHAPE(flow_token_return, "TokenReturn");

static const struct json_field flow_support_grant_rows[] = {
    TEXT(flow_support_grant, id, "UUID."),
    TEXT(flow_support_grant, user_id, "The account of support."),
    TEXT(flow_support_grant, name, NULL),
    TEXT(flow_support_grant, email, NULL),
    WORD(flow_support_grant, area, flow_support_area_words,
         "configuration: how things are set up; content: contacts and scans, too."),
    TEXT(flow_support_grant, reason, NULL),
    TEXT(flow_support_grant, granted_by, "Name of the administrator."),
    TEXT(flow_support_grant, created_at, "RFC 3339."),
    TEXT(flow_support_grant, expires_at, "RFC 3339."),
    TEXT(flow_support_grant, ended_at, "RFC 3339; absent unless somebody ended it."),
    TEXT(flow_support_grant, ended_by, "Name of who ended it."),
    WORD(flow_support_grant, state, flow_support_words, NULL),
};
SHAPE(flow_support_grant, "SupportGrant");

static const struct json_field flow_support_new_rows[] = {
    NEEDED(flow_support_new, email, 254, "Of the person of support."),
    NEEDED(flow_support_new, name, 200, NULL),
    NEEDED(flow_support_new, reason, 500, "Why; it stands in the audit trail."),
    WORD(flow_support_new, area, flow_support_area_words, "Absent = configuration."),
    ROW(flow_support_new, hours, INT, .flags = JSON_REQUIRED, .doc = "Until it ends, 1 to 168."),
};
SHAPE(flow_support_new, "SupportGrantNew");
