/* The employer of a contact where the CRM keeps employers as records of their own: the only one of the name is linked;
 * of several, and where none has the name, a person chooses. Companies are never made. */
#ifndef FLOW_MERGE_COMPANY_H
#define FLOW_MERGE_COMPANY_H

#include "flow/crm/crm.h"
#include "flow/plan.h"

/* Puts the company that a person chose into the plan: its id, and the CRM's own spelling of its name. The CRM is asked
 * whether it has it. ERR_INVALID with a pointer: no such company, or the connection links none; ERR_CRM_*. */
int flow_company_choose(struct flow_crm *crm, const struct flow_company *choice, struct flow_plan *plan,
                        struct err *err);

/* What a person has to be asked after the rehearsal `said` so; NULL: nothing. The CRM is asked for names alike when it
 * has none of the name; that it does not answer only leaves the list empty. */
struct flow_company_question *flow_company_ask(struct flow_crm *crm, const struct flow_plan *plan,
                                               const struct crm_result *said, struct arena *arena);

/* Companies of the CRM whose name contains the text: struct flow_company. ERR_NOT_FOUND where it has no such records,
 * ERR_CRM_*. */
int flow_company_find(struct flow_crm *crm, struct str text, struct arena *arena, struct json_list *ret_companies,
                      struct err *err);

#endif
