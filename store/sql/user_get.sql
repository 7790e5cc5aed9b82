select id, profile, password_hash, role, state, version, created_at from users where org_id = $1 and id = $2;
