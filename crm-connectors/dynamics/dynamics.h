/* Microsoft Dynamics 365: contacts of a Dataverse environment through its Web API. */
#ifndef CRM_CONNECTORS_DYNAMICS_DYNAMICS_H
#define CRM_CONNECTORS_DYNAMICS_DYNAMICS_H

#include "crm-connectors/connector.h"

extern const struct crm_connector crm_dynamics;

#endif
