select id, profile, password_hash, role, state, version, created_at from users where org_id = $1
order by id limit 1000;
