/* The CardDAV connector's two files. */
#ifndef CRM_CONNECTORS_CARDDAV_CARDDAV_H
#define CRM_CONNECTORS_CARDDAV_CARDDAV_H

#include "crm-connectors/carddav/dav.h"

extern const struct crm_connector crm_carddav;
/* As crm_connector.changes. */
int crm_carddav_changes(struct crm_lent *lent, struct str cursor, struct arena *arena, struct crm_page *ret,
                        struct err *err);

#endif
