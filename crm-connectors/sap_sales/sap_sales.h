/* SAP Sales Cloud Version 2: contact persons through its REST API. */
#ifndef CRM_CONNECTORS_SAP_SALES_SAP_SALES_H
#define CRM_CONNECTORS_SAP_SALES_SAP_SALES_H

#include "crm-connectors/connector.h"

extern const struct crm_connector crm_sap_sales;

#endif
