/* A company that a person has made in the CRM. Its name is claimed first, in a transaction of its own; what an attempt
 * whose answer got lost has made is found by that name (or the marker), before anything is sent again. See preview.h.
 */
#include "contact/text.h"
#include "flow/common.h"
#include "flow/crm/policy.h"
#include "flow/merge/company.h"
#include "store/crm/company.h"

enum { IN_FLIGHT_MS = 2 * 60 * 1000 }; /* an attempt that began longer ago has ended, whatever became of it */

/* What counts as one name while companies are made: as most CRMs compare. */
static struct store_company claimed_name(const struct flow_crm *crm, struct str name)
{
    struct str one = contact_text_squeeze(contact_text_nfc(name, crm->arena), crm->arena);
    return (struct store_company){crm->row.id, contact_text_lower(one, crm->arena)};
}

bool flow_company_can_make(const struct flow_crm *crm)
{
    struct err refused;
    return crm->connector->make_company && crm->mapping.company && flow_permit_write(crm->row.policy, &refused) == 0;
}

bool flow_company_made(struct flow_crm *crm, const struct flow_company *company)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    const struct store_company wanted = claimed_name(crm, company->name);
    struct store_company_claim claim = {.remote_id = STR_NONE};
    struct err ignored;
    return store_begin(crm->flow->store, &crm->org, &tx, &ignored) == 0 &&
           store_company_get(tx, &wanted, crm->arena, &claim, &ignored) == 0 && claim.remote_id.p &&
           str_eq(claim.remote_id, company->id);
}

/* Takes the name; *ret_claim has a remote_id already when somebody has just made it. */
static int name_claim(const struct flow_crm *crm, const struct flow_actor *actor, struct str name,
                      struct store_company_claim *ret_claim, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    const struct store_company company = claimed_name(crm, name);
    if (flow_begin(crm->flow, actor, &tx, err) < 0)
        return -1;
    if (store_company_take(tx, &company, flow_crm_lag_ms(crm) + IN_FLIGHT_MS, ret_claim, err) == 0)
        return store_commit(&tx, err);
    if (err->code != ERR_CONFLICT || store_company_get(tx, &company, crm->arena, ret_claim, err) < 0)
        return -1;
    if (ret_claim->remote_id.p)
        return 0;
    return err_set(
        err, ERR_BUSY, "%s",
        flow_say(actor, "this company is being made, or its answer got lost; we look for it in three minutes",
                 "diese Firma wird gerade angelegt, oder die Antwort ging verloren; in drei Minuten sehen wir nach"));
}

static void name_drop(const struct flow_crm *crm, const struct flow_actor *actor,
                      const struct store_company_claim *claim)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct err ignored; /* then it lapses by itself */
    if (flow_begin(crm->flow, actor, &tx, &ignored) == 0 && store_company_drop(tx, &claim->id, &ignored) == 0)
        (void)store_commit(&tx, &ignored);
}

static int name_settle(const struct flow_crm *crm, const struct flow_actor *actor,
                       const struct store_company_claim *claim, const struct crm_result *result, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    const struct crm_company *company = result->companies.items;
    const struct flow_deed deed = {.action = "connection.make_company", .kind = "connection", .subject = &crm->row.id};
    if (flow_begin(crm->flow, actor, &tx, err) < 0 || store_company_made(tx, &claim->id, company->id, err) < 0)
        return -1;
    if (result->outcome == CRM_CREATED)
        flow_tell(tx, actor, &deed);
    return store_commit(&tx, err);
}

/* Whether this failure leaves open what the CRM did. */
static bool unknown(const struct crm_result *result, bool asked, const struct err *why)
{
    if (!asked)
        return why->code != ERR_INVALID && why->code != ERR_HOST_REFUSED;
    return why->code == ERR_CRM_UNCERTAIN || (why->code == ERR_CRM_DOWN && !result->not_sent);
}

static int company_make(struct flow_crm *crm, const struct flow_actor *actor, struct str name,
                        const struct store_company_claim *claim, struct str *ret_id, struct err *err)
{
    struct crm_result result = {.outcome = CRM_UNCERTAIN};
    int r = crm->connector->make_company(&crm->lent, id_str(&claim->marker), name, crm->arena, &result, err);
    bool asked = r == 0;
    flow_crm_note(crm, &result, asked ? NULL : err);
    if (asked)
        r = flow_crm_judge(&result, err);
    if (r == 0 && result.companies.n != 1)
        r = err_set(err, ERR_CONFLICT, "%s",
                    flow_say(actor, "the CRM has several companies of this name by now",
                             "das CRM hat inzwischen mehrere Firmen dieses Namens"));
    if (r == 0) {
        *ret_id = ((const struct crm_company *)result.companies.items)->id;
        return name_settle(crm, actor, claim, &result, err);
    }
    if (!unknown(&result, asked, err))
        name_drop(crm, actor, claim);
    return -1;
}

int flow_company_make(const struct flow *flow, const struct flow_actor *actor, const struct flow_company_new *input,
                      struct arena *arena, struct flow_company *ret_company, struct err *err)
{
    _cleanup_(flow_crm_close) struct flow_crm crm = {.flow = NULL};
    struct str name = contact_text_squeeze(input->name, arena);
    struct store_company_claim claim = {.remote_id = STR_NONE};
    if (flow_crm_open(flow, &actor->org, &input->connection, &crm, err) < 0 ||
        flow_permit_write(crm.row.policy, err) < 0)
        return -1;
    if (!flow_company_can_make(&crm))
        return err_set(err, ERR_NOT_FOUND, "%s", "companies");
    if (name.n < FLOW_COMPANY_SHORTEST || name.n > FLOW_COMPANY_LONGEST)
        return err_field(err, ERR_INVALID, "/name", "%d to %d bytes", FLOW_COMPANY_SHORTEST, FLOW_COMPANY_LONGEST);
    crm.calls_for = "write";
    if (name_claim(&crm, actor, name, &claim, err) < 0)
        return -1;
    struct str id = claim.remote_id;
    if (!id.p && company_make(&crm, actor, name, &claim, &id, err) < 0)
        return -1;
    *ret_company = (struct flow_company){.id = str_dup(arena, id), .name = name, .place = STR_NONE};
    return 0;
}
