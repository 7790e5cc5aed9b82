insert into identities (org_id, id, provider_id, user_id, subject_hash) values ($1, $2, $3, $4, $5) on conflict do nothing;
