/* Whom a token speaks for and in which environment: WhoAmI, then the names of what it gives. */
#include "crm-connectors/dynamics/parts.h"

/* Two members of what lies at a path: 1, 0 with a result, -1. */
static int look(const struct crm_rest *rest, struct str path, const char *const *names, struct str ret[2],
                struct crm_result *ret_result, struct err *err)
{
    const struct crm_call call = {.method = "GET", .path = path};
    struct crm_answer answer;
    struct err broken;
    int r = crm_rest_call(rest, &call, &answer, ret_result, err);
    if (r == 1 && json_members(answer.body, names, 2, rest->arena, ret, &broken) < 0) {
        crm_rest_broken(false, ret_result);
        return 0;
    }
    return r;
}

/* A user of the application alone has no mail; who may not read the names is still somebody. */
int crm_dynamics_who(const struct crm_rest *rest, struct crm_who *ret_who, struct crm_result *ret, struct err *err)
{
    static const char *const ids[] = {"UserId", "OrganizationId"}, *const person[] = {"fullname", "domainname"},
                             *const organisation[] = {"name", "organizationid"};
    struct str id[2] = {STR_NONE, STR_NONE}, user[2] = {STR_NONE, STR_NONE}, name[2] = {STR_NONE, STR_NONE};
    struct crm_result denied;
    int r = look(rest, STR("/WhoAmI"), ids, id, ret, err);
    if (r < 1)
        return r;
    *ret = (struct crm_result){.outcome = CRM_FOUND, .not_sent = true};
    struct str path = str_printf(rest->arena, "/systemusers(%.*s)?$select=fullname,domainname", STR_ARG(id[0]));
    if (crm_dynamics_is_guid(id[0]) && look(rest, path, person, user, &denied, err) < 0)
        return -1;
    path = str_printf(rest->arena, "/organizations(%.*s)?$select=name", STR_ARG(id[1]));
    if (crm_dynamics_is_guid(id[1]) && look(rest, path, organisation, name, &denied, err) < 0)
        return -1;
    struct str known = user[0].p && !str_empty(user[1])
                           ? str_printf(rest->arena, "%.*s (%.*s)", STR_ARG(user[0]), STR_ARG(user[1]))
                           : user[0];
    *ret_who = (struct crm_who){.user = known, .organisation = name[0]};
    return 0;
}
