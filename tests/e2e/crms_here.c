/* The table of CRMs of the programs under test: the built-in book, Dynamics 365 and Salesforce as they are shipped, but
 * that the pages of their consent, and Salesforce's API, stand where the settings say and not at the vendors'; and
 * Salesforce's leads without any change, for their form. It takes the place of crm-connectors/connectors.c when a
 * program is linked with it. */
#include "crm-connectors/address_book.h"
#include "crm-connectors/dynamics/dynamics.h"
#include "crm-connectors/oauth/oauth.h"
#include "crm-connectors/rest/records.h"
#include "crm-connectors/salesforce/salesforce.h"

static struct crm_oauth dynamics_oauth, salesforce_oauth;
static struct crm_connector dynamics, salesforce;
const struct crm_connector *const crm_connectors[] = {&crm_address_book, &dynamics, &salesforce, &crm_salesforce_lead,
                                                      NULL};

/* The address that came with the tokens: only a vendor's own is taken from there. */
static struct crm_lent *at_home(struct crm_lent *lent, struct arena *arena)
{
    lent->base = crm_records_setting(lent->settings, "login", arena);
    return lent;
}

static int test(struct crm_lent *lent, struct arena *arena, struct crm_result *ret, struct err *err)
{
    return crm_salesforce.test(at_home(lent, arena), arena, ret, err);
}

static int who(struct crm_lent *lent, struct arena *arena, struct crm_who *ret_who, struct crm_result *ret,
               struct err *err)
{
    return crm_salesforce.who(at_home(lent, arena), arena, ret_who, ret, err);
}

static int fields(struct crm_lent *lent, struct arena *arena, struct crm_result *ret, struct json_list *ret_fields,
                  struct err *err)
{
    return crm_salesforce.fields(at_home(lent, arena), arena, ret, ret_fields, err);
}

static int changes(struct crm_lent *lent, struct str cursor, struct arena *arena, struct crm_page *ret, struct err *err)
{
    return crm_salesforce.changes(at_home(lent, arena), cursor, arena, ret, err);
}

static __attribute__((constructor)) void move_home(void)
{
    dynamics = crm_dynamics;
    dynamics_oauth = *crm_dynamics.oauth;
    dynamics_oauth.authorize = "{url}/authorize";
    dynamics_oauth.token = "{url}/token";
    dynamics_oauth.revoke = "{url}/revoke";
    dynamics.oauth = &dynamics_oauth;
    salesforce = crm_salesforce;
    salesforce_oauth = *crm_salesforce.oauth;
    salesforce_oauth.base_member = NULL;
    salesforce.oauth = &salesforce_oauth;
    salesforce.api = "{login}";
    salesforce.test = test;
    salesforce.who = who;
    salesforce.fields = fields;
    salesforce.changes = changes;
}

const struct crm_connector *crm_connector_find(struct str kind)
{
    for (size_t i = 0; crm_connectors[i]; i++)
        if (str_eq(str_c(crm_connectors[i]->kind), kind))
            return crm_connectors[i];
    return NULL;
}
