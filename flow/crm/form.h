/* The form of a connection as it is filled in: judged before anything is kept or sent. */
#ifndef FLOW_CRM_FORM_H
#define FLOW_CRM_FORM_H

#include "crm-connectors/connector.h"
#include "flow/connect.h"
#include "store/connection.h"

/* The connector's fields, and which grant is used where a vendor has several. */
struct crm_form flow_form_of(const struct crm_connector *connector, struct arena *arena);

/* What people are told of the kind: its form, what it can take back, how access is granted. */
struct flow_connector flow_connector_view(const struct flow *flow, const struct crm_connector *connector,
                                          struct arena *arena);

/* ERR_NOT_FOUND for kinds of mailboxes, which have paths and rights of their own (flow/mailbox.h). */
int flow_form_need_crm(struct str kind, struct err *err);

/* Puts settings and secret of `row` into the form of its kind: only its fields, the required ones, addresses that may
 * be contacted. ERR_INVALID, ERR_HOST_REFUSED with a pointer. */
int flow_form_check(const struct flow *flow, struct store_connection *row, struct arena *arena, struct err *err);

/* Only the addresses, of the form and of the provider that they make. ERR_INVALID, ERR_HOST_REFUSED with a pointer. */
int flow_form_check_addresses(const struct flow *flow, const struct store_connection *row, struct arena *arena,
                              struct err *err);

/* Stored secrets go nowhere new: another address needs them again. `row` is as stored, `settings` what is asked for.
 * ERR_INVALID with the pointer "/secret/…". */
int flow_form_secret_stays(const struct flow *flow, const struct store_connection *row, struct str settings,
                           struct arena *arena, struct err *err);

/* Whether tokens that were granted to `before` may serve `after`: same provider, same app, same addresses. */
bool flow_form_same_parties(const struct flow *flow, const struct store_connection *before,
                            const struct store_connection *after, struct arena *arena);

#endif
