insert into users (org_id, id, email_hash, profile, password_hash, role, state)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (org_id, email_hash) do nothing;
