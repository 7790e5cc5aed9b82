insert into invitations (org_id, id, code_hash, bound, role, uses, expires_at, created_by)
values ($1, $2, $3, $4, $5, $6::int, now() + $7::bigint * interval '1 millisecond', $8);
