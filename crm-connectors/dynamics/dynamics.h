/* Microsoft Dynamics 365: contacts and leads of a Dataverse environment through its Web API, each a connection of its
 * own. */
#ifndef CRM_CONNECTORS_DYNAMICS_DYNAMICS_H
#define CRM_CONNECTORS_DYNAMICS_DYNAMICS_H

#include "crm-connectors/connector.h"

extern const struct crm_connector crm_dynamics, crm_dynamics_lead;

#endif
