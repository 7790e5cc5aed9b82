select org_id, id, user_id, method from guard_pending_sign_in($1::bytea);
