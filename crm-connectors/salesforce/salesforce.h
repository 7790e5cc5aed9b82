/* Salesforce: contacts and leads of an org through the REST API, each a connection of its own. */
#ifndef CRM_CONNECTORS_SALESFORCE_SALESFORCE_H
#define CRM_CONNECTORS_SALESFORCE_SALESFORCE_H

#include "crm-connectors/connector.h"

extern const struct crm_connector crm_salesforce, crm_salesforce_lead;

#endif
