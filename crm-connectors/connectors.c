/* The list: one word adds a CRM (NEW-CRM.md). */
#include "crm-connectors/address_book.h"
#include "crm-connectors/carddav/carddav.h"
#include "crm-connectors/dynamics/dynamics.h"
#include "crm-connectors/file_drop/file_drop.h"
#include "crm-connectors/hubspot/hubspot.h"
#include "crm-connectors/msgraph/msgraph.h"
#include "crm-connectors/pipedrive/pipedrive.h"
#include "crm-connectors/salesforce/salesforce.h"
#include "crm-connectors/sap_sales/sap_sales.h"
#include "crm-connectors/tryton/tryton.h"

const struct crm_connector *const crm_connectors[] = {&crm_address_book,
                                                      &crm_carddav,
                                                      &crm_dynamics,
                                                      &crm_dynamics_lead,
                                                      &crm_file_drop,
                                                      &crm_hubspot,
                                                      &crm_msgraph,
                                                      &crm_pipedrive,
                                                      &crm_salesforce,
                                                      &crm_salesforce_lead,
                                                      &crm_sap_sales,
                                                      &crm_tryton,
                                                      NULL};

const struct crm_connector *crm_connector_find(struct str kind)
{
    for (size_t i = 0; crm_connectors[i]; i++)
        if (str_eq(str_c(crm_connectors[i]->kind), kind))
            return crm_connectors[i];
    return NULL;
}
