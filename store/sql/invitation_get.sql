select id, bound, role, uses_left, expires_at, created_at from invitations where org_id = $1 and id = $2;
