insert into contact_presence (org_id, contact_id, user_id) values ($1, $2, $3)
on conflict (org_id, contact_id, user_id) do update set seen_at = now();
