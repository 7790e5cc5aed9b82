select org_id, role from guard_sign_up_domain($1::bytea);
