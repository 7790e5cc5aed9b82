/* `kartei admin erase-org` and `kartei admin erasures replay`. */
#include "flow/audit/audit.h"
#include "services/admin/admin.h"
#include "store/keep/purge.h"

int admin_erase_org(struct admin *admin, struct err *err)
{
    struct flow_actor actor;
    int64_t files;
    if (admin_actor(admin, &actor, err) < 0 || admin_need(admin->options.confirm, "--confirm", err) < 0)
        return -1;
    if (!str_eq(admin->options.confirm, admin->options.org))
        return err_set(err, ERR_INVALID, "--confirm is not the id of --org: nothing was erased");
    struct flow_deed deed = {.action = "organisation.erase", .kind = "organisation", .subject = &actor.org};
    if (flow_audit(admin->flow, &actor, &deed, err) < 0 || store_org_erase(admin->flow->store, &actor.org, err) < 0 ||
        store_org_files_drop(admin->flow->store, &actor.org, &files, err) < 0)
        return -1;
    (void)printf("Erased: its keys are destroyed, in the memory of what runs too; %lld files are deleted. Backups from "
                 "before still hold its wrapped keys; the erasure list is replayed when one is restored.\n",
                 (long long)files);
    return 0;
}

int admin_erasures_replay(struct admin *admin, struct err *err)
{
    int64_t n;
    if (store_erasures_replay(admin->flow->store, &n, err) < 0)
        return -1;
    (void)printf(admin->options.json ? "{\"removed\":%lld}\n" : "%lld erased ones were there again and are removed\n",
                 (long long)n);
    return 0;
}
