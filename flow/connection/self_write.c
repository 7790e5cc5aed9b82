/* The part of a self-test that writes: only in a sandbox, only where the policy lets anything be written, and a record
 * of nobody that is taken back at once. */
#include "base/clock.h"
#include "flow/connection/found.h"
#include "flow/crm/policy.h"

#define MARK "Kartei self-test" /* what is left of it can be searched by this name */

/* An answer of one step; false: it was not the one that goes on, and what there is to say is kept. */
static bool went(struct flow_crm *crm, struct self_test *found, int r, const struct crm_result *result,
                 struct err *failure)
{
    flow_crm_note(crm, result, r < 0 ? failure : NULL);
    int told = flow_self_told(crm, r, result, failure, &found->write_words);
    if (told == SELF_TEST_REFUSED)
        found->write = told;
    return told == SELF_TEST_ASKED;
}

static bool try_create(struct flow_crm *crm, struct self_test *found, struct crm_record *ret_record)
{
    struct contact_value mail = {.value = STR(SELF_TEST_NOBODY), .kind = CONTACT_WORK};
    const struct contact person = {
        .given_name = STR("Kartei"), .family_name = STR(MARK), .organization = STR(MARK), .emails = {&mail, 1}};
    struct contact mapped = crm_map_only(&crm->mapping.map, &person);
    struct crm_result result;
    struct err failure = {.code = ERR_NONE};
    const struct id marker = id_new();
    found->write_at = SELF_WRITE_CREATE;
    int r = crm->connector->create(&crm->lent, id_str(&marker), &mapped, crm->arena, &result, &failure);
    if (!went(crm, found, r, &result, &failure)) {
        found->write_left = failure.code == ERR_CRM_UNCERTAIN || (failure.code == ERR_CRM_DOWN && !result.not_sent);
        return false;
    }
    found->write_left = true; /* until it is gone again */
    if (result.records.n)
        *ret_record = *(const struct crm_record *)result.records.items;
    return result.records.n > 0;
}

static bool try_change(struct flow_crm *crm, struct self_test *found, struct crm_record *record)
{
    struct contact after = record->contact;
    struct crm_result result;
    struct err failure = {.code = ERR_NONE};
    const struct crm_update update = {
        .remote_id = record->remote_id, .version = record->version, .before = &record->contact, .after = &after};
    after.job_title = STR(MARK);
    after = crm_map_only(&crm->mapping.map, &after);
    found->write_at = SELF_WRITE_CHANGE;
    int r = crm->connector->update(&crm->lent, &update, crm->arena, &result, &failure);
    if (!went(crm, found, r, &result, &failure))
        return false;
    if (result.records.n)
        *record = *(const struct crm_record *)result.records.items;
    return true;
}

static bool try_remove(struct flow_crm *crm, struct self_test *found, const struct crm_record *record)
{
    static const struct contact nobody;
    struct crm_result result;
    struct err failure = {.code = ERR_NONE};
    const struct crm_update update = {
        .remote_id = record->remote_id, .version = record->version, .before = &record->contact, .after = &nobody};
    int r = crm->connector->remove(&crm->lent, &update, crm->arena, &result, &failure);
    flow_crm_note(crm, &result, r < 0 ? &failure : NULL);
    found->write_left = r < 0 || flow_crm_judge(&result, &failure) < 0;
    return !found->write_left;
}

void flow_self_write(struct flow_crm *crm, struct self_test *found)
{
    struct crm_record record;
    struct err refused;
    found->write = SELF_TEST_UNSAID;
    found->write_at = SELF_WRITE_NO_SANDBOX;
    if (!found->sandbox || !crm->connector->remove)
        return;
    found->write_at = SELF_WRITE_POLICY;
    if (flow_permit_write(crm->row.policy, &refused) < 0 || !try_create(crm, found, &record))
        return;
    bool changed = try_change(crm, found, &record);
    if (changed)
        found->write_at = SELF_WRITE_REMOVE;
    if (try_remove(crm, found, &record) && changed)
        found->write = SELF_TEST_ASKED;
}
