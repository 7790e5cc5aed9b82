select org_id, id from guard_sign_up($1::bytea);
