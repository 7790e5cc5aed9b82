insert into api_tokens (org_id, id, user_id, token_hash, name, scopes, expires_at)
values ($1, $2, $3, $4, $5, $6, now() + $7::bigint * interval '1 millisecond');
