/* The employer of a contact where the CRM keeps employers as records of their own: the only one of the name is linked;
 * of several, and where none has the name, a person chooses; a new one is made only when a person says so. */
#ifndef FLOW_MERGE_COMPANY_H
#define FLOW_MERGE_COMPANY_H

#include "flow/crm/crm.h"
#include "flow/plan.h"

enum { FLOW_COMPANY_SHORTEST = 2, FLOW_COMPANY_LONGEST = 200 }; /* bytes of a name that is asked for */

/* Puts the company that a person chose into the plan: its id, and the CRM's own spelling of its name. The CRM is asked
 * whether it has it. ERR_INVALID with a pointer: no such company, or the connection links none; ERR_CRM_*. */
int flow_company_choose(struct flow_crm *crm, const struct flow_company *choice, struct flow_plan *plan,
                        struct err *err);

/* The company that was made from here under this name, by its id: the CRM's search may not see it yet. False: none. */
bool flow_company_made(struct flow_crm *crm, const struct flow_company *company);
/* Whether a new one may be made by this connection. */
bool flow_company_can_make(const struct flow_crm *crm);

/* What a person has to be asked after the rehearsal `said` so; NULL: nothing. The CRM is asked for names alike when it
 * has none of the name; that it does not answer only leaves the list empty. */
struct flow_company_question *flow_company_ask(struct flow_crm *crm, const struct flow_plan *plan,
                                               const struct crm_result *said, struct arena *arena);

/* Companies of the CRM whose name contains the text: struct flow_company. ERR_NOT_FOUND where it has no such records,
 * ERR_CRM_*. */
int flow_company_find(struct flow_crm *crm, struct str text, struct arena *arena, struct json_list *ret_companies,
                      struct err *err);

#endif
