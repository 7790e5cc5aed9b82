/* HubSpot: contacts of a portal through the CRM API. */
#ifndef CRM_CONNECTORS_HUBSPOT_HUBSPOT_H
#define CRM_CONNECTORS_HUBSPOT_HUBSPOT_H

#include "crm-connectors/connector.h"

extern const struct crm_connector crm_hubspot;

#endif
