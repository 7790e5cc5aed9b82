/* What the tests on a real database share: a store on $KARTEI_TEST_DB with keys and files in $KARTEI_TEST_DIR, and an
 * organisation with a bit of everything in it. */
#ifndef TESTS_DB_FIXTURE_H
#define TESTS_DB_FIXTURE_H

#include "store/candidate.h"
#include "store/connection.h"
#include "store/contact.h"
#include "store/idempotency.h"
#include "store/job.h"
#include "store/journal.h"
#include "store/list.h"
#include "store/match/index.h"
#include "store/match/rules.h"
#include "store/record.h"
#include "store/scan.h"
#include "store/session.h"
#include "store/sign_in/door.h"
#include "store/sign_in/factor.h"
#include "store/sign_in/invitation.h"
#include "store/sign_in/sign_up.h"
#include "store/write_back.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct fixture {
    struct store *store;
    struct arena *arena;
    struct id org, user, list, fair, blob, scan, contact, connection, record, candidate, write_back;
    struct err err;
};

/* The call works, or the test fails with what the store said. */
void fixture_must(const struct fixture *f, int result, const char *call);
#define MUST(f, call) fixture_must((f), (call), #call)
/* The call fails with that error. */
#define FAILS(f, code_, call)                                                                                          \
    do {                                                                                                               \
        assert_int_equal((call), -1);                                                                                  \
        assert_string_equal(err_slug((f)->err.code), err_slug(code_));                                                 \
    } while (0)

/* Opens the store and makes an organisation with an administrator, a list, a scan with a card, a contact, a connection
 * with a record that is its candidate. Every text about people contains `word`. */
void fixture_open(struct fixture *f, const char *word);
/* Adds to it a session, a link, a preview, a write-back, a job, a kept answer, journal entries: a row in every table.
 */
void fixture_fill(struct fixture *f, const char *word);
void fixture_close(struct fixture *f);
/* For cmocka: *state is a struct fixture. */
int fixture_setup(void **state);
int fixture_teardown(void **state);

struct store_tx *fixture_begin(struct fixture *f);
void fixture_commit(struct fixture *f, struct store_tx *tx);
/* Runs SQL as somebody who got hold of the database itself: past row level security. */
void fixture_super(struct fixture *f, const char *sql);
/* Another contact of the same list. */
struct id fixture_contact(struct fixture *f, const char *family_name);

#endif
