/* The table of CRMs of the programs under test: the built-in book and Dynamics 365 as it is shipped, but that the
 * page of its consent stands where the settings say and not at login.microsoftonline.com. It takes the place of
 * crm-connectors/connectors.c when a program is linked with it. */
#include "crm-connectors/address_book.h"
#include "crm-connectors/dynamics/dynamics.h"
#include "crm-connectors/oauth/oauth.h"

static struct crm_oauth oauth;
static struct crm_connector here;
const struct crm_connector *const crm_connectors[] = {&crm_address_book, &here, NULL};

static __attribute__((constructor)) void move_consent(void)
{
    here = crm_dynamics;
    oauth = *crm_dynamics.oauth;
    oauth.authorize = "{url}/authorize";
    oauth.token = "{url}/token";
    oauth.revoke = "{url}/revoke";
    here.oauth = &oauth;
}

const struct crm_connector *crm_connector_find(struct str kind)
{
    for (size_t i = 0; crm_connectors[i]; i++)
        if (str_eq(str_c(crm_connectors[i]->kind), kind))
            return crm_connectors[i];
    return NULL;
}
