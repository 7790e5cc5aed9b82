/* From settings to what every use case is lent: store and flow, for the programs that need them. */
#ifndef SERVICES_WIRING_H
#define SERVICES_WIRING_H

#include "crm-connectors/submission/submission.h"
#include "flow/flow.h"
#include "store/store.h"

struct wiring {
    struct arena *arena; /* lent; outlives the wiring */
    struct store *store;
    struct crm_http_options egress;
    struct crm_submission mail; /* .from is absent when no mail is sent */
    struct flow flow;           /* .reader is left to the worker */
};

/* Opens what KARTEI_DATABASE_URL, KARTEI_MASTER_KEY_FILE, KARTEI_VAR, the egress and the mail settings name. Errors:
 * those of store_open(), ERR_INVALID with the setting's name. */
int wiring_open(struct wiring *wiring, struct arena *arena, struct err *err);
/* For `_cleanup_(wiring_close) struct wiring wiring = {0}`. */
void wiring_close(struct wiring *wiring);

#endif
