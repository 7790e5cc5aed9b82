select org_id from guard_orgs() as org_id;
