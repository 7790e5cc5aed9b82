select org_id, user_id, wants_code from guard_login_link($1::bytea, $2::bytea, $3::bytea);
