select org_id, user_id from guard_login_link($1::bytea);
