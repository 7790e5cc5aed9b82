/* What a self-test found, as it is kept: facts and no sentences, so that everybody reads it in a language of their own.
 * Inside of flow. */
#ifndef FLOW_CONNECTION_FOUND_H
#define FLOW_CONNECTION_FOUND_H

#include "flow/crm/crm.h"
#include "flow/self_test.h"

/* How a question to the CRM ended. */
enum self_test_told {
    SELF_TEST_UNSAID,  /* there is no way to ask it */
    SELF_TEST_ASKED,   /* it answered */
    SELF_TEST_REFUSED, /* it did not; `words` are its own */
    SELF_TEST_LEFT,    /* it was not asked: it took too long, or no longer answered */
};
/* How far writing was tried. */
enum self_test_write {
    SELF_WRITE_NO_SANDBOX,
    SELF_WRITE_POLICY,
    SELF_WRITE_CREATE,
    SELF_WRITE_CHANGE,
    SELF_WRITE_REMOVE
};
/* Nobody has it: ".invalid" is reserved (RFC 2606). */
#define SELF_TEST_NOBODY "self-test@kartei.invalid"
struct self_test_field {
    struct str theirs, label;
    int64_t misfit; /* enum crm_misfit */
};
struct self_test_rule {
    struct str name;
    int64_t mode; /* enum crm_rule_mode */
};
struct self_test {
    struct str problem, param; /* slug and parameter of base/errors.def; absent = it works */
    struct str version;        /* of the API; absent = it has none */
    struct str user, organisation;
    bool sandbox;
    int64_t quota_left, quota_limit; /* -1 = not said */
    int fields, rules, query, write; /* enum self_test_told */
    struct str fields_words, rules_words, query_words, write_words;
    int64_t fields_n;         /* of the mapping */
    struct json_list missing; /* struct self_test_field: which of them cannot be read or written as they should */
    bool rules_off;
    struct json_list rule_list; /* struct self_test_rule */
    int64_t query_ms, query_requests;
    int64_t write_at; /* enum self_test_write */
    bool write_left;  /* a record of the test may still be there */
};
extern const struct json_shape self_test_shape;

/* How a question ended that was asked: `r` as connectors give it, *failure where it is -1. SELF_TEST_ASKED, or
 * SELF_TEST_REFUSED with the CRM's words and *failure as a person should see it. */
int flow_self_told(const struct flow_crm *crm, int r, const struct crm_result *result, struct err *failure,
                   struct str *ret_words);
/* Makes a record of nobody, changes it and takes it back, where that is allowed: a sandbox, by a policy that writes. */
void flow_self_write(struct flow_crm *crm, struct self_test *found);

/* The same as steps, in the actor's language: struct flow_test_step. */
struct json_list flow_self_test_steps(const struct flow_actor *actor, const struct self_test *found,
                                      struct arena *arena);

#endif
