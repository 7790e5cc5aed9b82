select org_id from guard_identity_provider($1::uuid);
