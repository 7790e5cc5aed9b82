/* Pipedrive: persons of a company through its API. */
#ifndef CRM_CONNECTORS_PIPEDRIVE_PIPEDRIVE_H
#define CRM_CONNECTORS_PIPEDRIVE_PIPEDRIVE_H

#include "crm-connectors/connector.h"

extern const struct crm_connector crm_pipedrive;

#endif
