/* The built-in address book's entry in the table. */
#ifndef CRM_CONNECTORS_ADDRESS_BOOK_H
#define CRM_CONNECTORS_ADDRESS_BOOK_H

#include "crm-connectors/connector.h"

extern const struct crm_connector crm_address_book;

#endif
