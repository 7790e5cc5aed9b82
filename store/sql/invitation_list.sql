select id, bound, role, uses_left, expires_at, created_at from invitations where org_id = $1 and expires_at > now()
order by id desc limit 200;
