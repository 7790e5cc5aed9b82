insert into sessions (org_id, id, user_id, token_hash, expires_at, method, client)
values ($1, $2, $3, $4, now() + $5::bigint * interval '1 millisecond', $6, $7);
