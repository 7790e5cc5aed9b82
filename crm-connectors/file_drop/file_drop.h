/* File drop: a CRM that stays read-only. What is written waits for a file that a person carries there; a table that a
 * person carries back is the mirror. */
#ifndef CRM_CONNECTORS_FILE_DROP_FILE_DROP_H
#define CRM_CONNECTORS_FILE_DROP_FILE_DROP_H

#include "crm-connectors/connector.h"

#define CRM_FILE_DROP_KIND "file_drop"

extern const struct crm_connector crm_file_drop;

#endif
