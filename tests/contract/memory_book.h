/* An address book in memory with the manners that struct crm_book asks for; so the suite runs over that entry too. */
#ifndef TESTS_CONTRACT_MEMORY_BOOK_H
#define TESTS_CONTRACT_MEMORY_BOOK_H

#include "crm-connectors/connector.h"

struct memory_book;
struct memory_book *memory_book_new(void);
void memory_book_freep(struct memory_book **book);
const struct crm_book *memory_book_lend(struct memory_book *book);

#endif
