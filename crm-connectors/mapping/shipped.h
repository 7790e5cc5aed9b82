/* Descriptions of fields for CRMs that have none of their own to ask for: they follow from the connector's places. */
#ifndef CRM_CONNECTORS_MAPPING_SHIPPED_H
#define CRM_CONNECTORS_MAPPING_SHIPPED_H

#include "crm-connectors/connector.h"

/* struct crm_field, one for each place that the connector has; no lengths. */
struct json_list crm_fields_shipped(const struct crm_connector *connector, struct arena *arena);
/* The connector's fields(), or what follows from its places where it has none. */
int crm_fields(const struct crm_connector *connector, struct crm_lent *lent, struct arena *arena,
               struct crm_result *ret, struct json_list *ret_fields, struct err *err);

#endif
