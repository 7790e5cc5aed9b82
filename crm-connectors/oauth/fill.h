/* Addresses of the tables of vendors, with the settings of a connection in their gaps. */
#ifndef CRM_CONNECTORS_OAUTH_FILL_H
#define CRM_CONNECTORS_OAUTH_FILL_H

#include "base/err.h"

/* An address of a table with its settings filled in (see struct crm_oauth). ERR_INVALID with a pointer to the one that
 * is missing. */
int crm_oauth_fill(struct str settings, const char *template, struct arena *arena, struct str *ret_url,
                   struct err *err);

#endif
