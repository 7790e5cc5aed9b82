select id, bound, role, uses, used, created_by, created_at, expires_at, revoked_at from invitations where org_id = $1
order by id desc limit 200;
