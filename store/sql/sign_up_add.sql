insert into sign_ups (org_id, id, profile, invitation_id, role, expires_at)
values ($1, $2, $3, $4, $5, now() + $6::bigint * interval '1 millisecond');
