/* What the last test of a connection found. */
#ifndef STORE_CRM_TEST_H
#define STORE_CRM_TEST_H

#include "store/store.h"

struct store_test {
    int64_t at;        /* set when it is put */
    struct id user;    /* who started it */
    struct str result; /* JSON; sealed at rest */
};
/* In place of the one before. ERR_NOT_FOUND: the connection is gone. */
int store_test_put(struct store_tx *tx, const struct id *connection, const struct store_test *test, struct err *err);
/* ERR_NOT_FOUND: never tested. */
int store_test_get(struct store_tx *tx, const struct id *connection, struct arena *arena, struct store_test *ret_test,
                   struct err *err);

#endif
