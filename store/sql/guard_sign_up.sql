select org_id, id, wants_code from guard_sign_up($1::bytea, $2::bytea, $3::bytea);
