/* Microsoft 365: contacts of a mailbox (Outlook) through Microsoft Graph. */
#ifndef CRM_CONNECTORS_MSGRAPH_MSGRAPH_H
#define CRM_CONNECTORS_MSGRAPH_MSGRAPH_H

#include "crm-connectors/connector.h"

extern const struct crm_connector crm_msgraph;

#endif
