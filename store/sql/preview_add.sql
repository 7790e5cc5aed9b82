insert into previews (org_id, id, contact_id, contact_version, connection_id, record_id, user_id, action, plan, expires_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, now() + $10::bigint * interval '1 millisecond');
