/* Shapes of users and lists; see the headers for what the members mean. */
#include "flow/people.h"
#include "flow/shape/rows.h"

const char *const flow_role_words[] = {"reporter", "user", "template_curator", "template_manager", "admin",
                                       "support",  NULL};
static const char *const role_words_given[] = {"reporter",         "user",  "template_curator",
                                               "template_manager", "admin", NULL};
const char *const flow_user_words[] = {"active", "suspended", NULL};
const char *const flow_list_right_words[] = {"editor", "reader", NULL};

#define PASSWORD(t, note) ROW(t, password, STR, .flags = JSON_WRITE_ONLY, .max = 1024, .doc = (note))

static const struct json_field flow_org_rows[] = {
    TEXT(flow_org, id, "UUID."),
    TEXT(flow_org, name, NULL),
};
SHAPE(flow_org, "Organisation");

static const struct json_field flow_user_rows[] = {
    TEXT(flow_user, id, "UUID."),
    TEXT(flow_user, email, NULL),
    TEXT(flow_user, name, NULL),
    WORD(flow_user, role, flow_role_words, NULL),
    WORD(flow_user, state, flow_user_words, NULL),
    TEXT(flow_user, language, "de or en."),
    TEXT(flow_user, theme, "system, light or dark."),
    TEXT(flow_user, created_at, "RFC 3339."),
    WHOLE(flow_user, version, "For If-Match."),
};
SHAPE(flow_user, "User");

static const struct json_field flow_colleague_rows[] = {
    TEXT(flow_colleague, id, "UUID."),
    TEXT(flow_colleague, name, NULL),
};
SHAPE(flow_colleague, "Colleague");

static const struct json_field flow_user_new_rows[] = {
    NEEDED(flow_user_new, email, 254, NULL),
    NEEDED(flow_user_new, name, 200, NULL),
    WORD(flow_user_new, role, role_words_given, "Absent = user."),
    PASSWORD(flow_user_new,
             "At least 15 characters, 8 where a second factor is asked for; absent: sign-in by link only."),
    LIMITED(flow_user_new, language, 2, "de or en; absent = de."),
};
SHAPE(flow_user_new, "UserNew");

static const struct json_field flow_user_change_rows[] = {
    LIMITED(flow_user_change, name, 200, "Absent = unchanged."),
    WORD(flow_user_change, role, role_words_given, "Absent = unchanged."),
    WORD(flow_user_change, state, flow_user_words, "Absent = unchanged."),
    PASSWORD(flow_user_change, "At least 15 characters, 8 where a second factor is asked for; absent = unchanged."),
    LIMITED(flow_user_change, language, 2, "de or en; absent = unchanged."),
};
SHAPE(flow_user_change, "UserChange");

static const struct json_field flow_list_member_rows[] = {
    NEEDED(flow_list_member, user_id, 36, NULL),
    ROW(flow_list_member, right, WORD, .flags = JSON_REQUIRED, .words = flow_list_right_words),
};
SHAPE(flow_list_member, "ListMember");

static const struct json_field flow_folder_rows[] = {
    TEXT(flow_folder, id, "UUID."),
    TEXT(flow_folder, name, NULL),
    TEXT(flow_folder, owner_id, NULL),
    WHOLE(flow_folder, contacts, "Contacts in it that are not in the bin."),
    MANY(flow_folder, members, flow_list_member_shape, NULL),
    TEXT(flow_folder, created_at, "RFC 3339."),
    WHOLE(flow_folder, version, "For If-Match."),
};
SHAPE(flow_folder, "List");

static const struct json_field flow_folder_input_rows[] = {
    LIMITED(flow_folder_input, name, 200, "Absent in a change = unchanged."),
    MANY(flow_folder_input, members, flow_list_member_shape, "Replace the former ones."),
};
SHAPE(flow_folder_input, "ListInput");
