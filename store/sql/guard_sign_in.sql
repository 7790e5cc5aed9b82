select org_id, user_id, password_hash, state from guard_sign_in($1::bytea);
