/* From what a server answered to our outcomes: the part that all vendors share. What a vendor does otherwise is decided
 * in its own file, before this is asked. */
#ifndef CRM_CONNECTORS_FAULT_H
#define CRM_CONNECTORS_FAULT_H

#include "crm-connectors/connector.h"

/* What a failed crm_http_send() means. `changes`: the request was a write. Returns 0 with *ret filled, or -1 with the
 * error as it was (nothing could be asked: ERR_HOST_REFUSED, ERR_INVALID). */
int crm_fault_transport(const struct err *failure, bool changes, struct crm_result *ret, struct err *err);
/* Status alone: 401 reauthorise; 403, 400, 3xx, 4xx rejected; 404, 410 gone; 409, 412 conflict; 429 quota; 5xx of a
 * write uncertain, of a read down. Retry-After is taken along. */
void crm_fault_status(const struct crm_answer *answer, bool changes, int64_t now_ms, struct crm_result *ret);
/* The CRM's own words, safe to show: one line, no controls, no markup, at most 300 bytes of valid UTF-8; absent when
 * there are none. */
struct str crm_fault_sentence(struct str text, struct arena *arena);

/* The result of one record, of none, of several. */
void crm_result_records(const struct crm_record *records, size_t n, struct arena *arena, struct crm_result *ret);
/* The last `most` digits of a phone, fewer when it has not got as many; for CRMs that keep numbers as people typed
 * them. */
struct str crm_last_digits(struct str phone, size_t most, struct arena *arena);
/* The same with anything before each: "%1%2%3", for LIKE and its kin. */
struct str crm_digits_pattern(struct str phone, size_t most, struct arena *arena);
/* True when the two share an e-mail address or a phone in canonical form. */
bool crm_shares_value(const struct contact *a, const struct contact *b, struct arena *arena);

#endif
