select org_id, id from guard_identity_domain($1::bytea);
