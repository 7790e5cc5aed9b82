/* What the tests of the flows share: a store on a real PostgreSQL, an organisation with an administrator, a reader that
 * says what the test wants, the fake CRM, and workers that run until nothing is due. */
#ifndef TESTS_FLOW_WORLD_H
#define TESTS_FLOW_WORLD_H

#include "flow/connect.h"
#include "flow/contacts.h"
#include "flow/jobs.h"
#include "flow/match.h"
#include "flow/people.h"
#include "flow/preview.h"
#include "flow/scans.h"
#include "flow/states.h"
#include "flow/submit.h"
#include "flow/write.h"
#include "store/job.h"
#include "store/store.h"
#include "tests/flow/fake_crm.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct world {
    struct store *store;
    struct arena *arena;
    struct flow flow;
    struct flow_actor admin, user; /* both of one organisation */
    struct id fake, forgetful;     /* connections */
    struct str reading;            /* what the reader answers next */
    enum err_code reader_dies;     /* … or how it fails */
    int readings;
    struct err err;
};

int world_setup(void **state);
int world_teardown(void **state);

void world_must(const struct world *world, int result, const char *call);
#define MUST(w, call) world_must((w), (call), #call)
#define FAILS(w, code_, call)                                                                                          \
    do {                                                                                                               \
        assert_int_equal((call), -1);                                                                                  \
        assert_string_equal(err_slug((w)->err.code), err_slug(code_));                                                 \
    } while (0)

/* A person nobody else in the tests is like: everything carries the number. */
struct contact world_person(struct world *world, int number);
/* Runs due jobs until none is left; returns how many ran. Delayed ones stay. */
int world_work(struct world *world);
/* Makes all delayed jobs due and all leases run out, as if time had passed; and what is uncertain long ago. */
void world_later(struct world *world);
/* The write-back came to its end that many days ago. */
void world_age(struct world *world, const struct flow_write_back *write_back, int days);
/* As if all companies that were claimed, or made, had been that many minutes ago. */
void world_age_claims(struct world *world, int minutes);
/* For controls: all jobs that wait stand in no line, as before there were lines. */
void world_no_lanes(void);
/* Another organisation on the same store, with a connection "fake" whose CRM takes calls and never answers. */
struct world *world_neighbour(struct world *world);
/* For controls: the write-back is an intent again, as if nobody had noted that it was being sent. */
void world_forget(struct world *world, const struct flow_write_back *write_back);
/* A worker of its own process that runs due jobs until it dies or none is left. True when it died. */
bool world_work_and_die(struct world *world);

/* Another connection, to a fake of that kind; policy confirm. */
struct id world_connect(struct world *world, const char *kind);

/* From now on the connection has this policy (flow/policy.h). */
void world_policy(struct world *world, struct id connection, int policy);

/* A contact that was matched. */
struct flow_contact world_contact(struct world *world, const struct contact *contact);
struct id world_id(struct str text);
/* The input of a dry run that follows all proposals. */
struct flow_preview_new world_wish(struct world *world, const struct flow_contact *contact, struct id connection);
/* The dry run of a contact against a connection: all proposals, an existing record or a new one. */
struct flow_preview world_preview(struct world *world, const struct flow_contact *contact, struct id connection);
struct flow_write_back world_write(struct world *world, const struct flow_contact *contact, struct id connection);
struct flow_write_back world_write_back(struct world *world, const struct flow_write_back *earlier);
#define assert_state(write_back, state_) assert_string_equal(flow_write_back_words[(write_back).state], state_)
/* The contact as the fake CRM has it: its mapped fields. */
struct contact world_mapped(const struct contact *contact);

#endif
