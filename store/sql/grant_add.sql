insert into support_grants (org_id, id, user_id, granted_by, area, reason, expires_at)
values ($1, $2, $3, $4, $5, $6, now() + $7::bigint * interval '1 millisecond')
on conflict (org_id, user_id) where ended_at is null do nothing;
