insert into oauth_tokens (org_id, connection_id) values ($1, $2) on conflict do nothing;
