insert into pending_sign_ins (org_id, id, user_id, token_hash, method, expires_at)
values ($1, $2, $3, $4, $5, now() + $6::bigint * interval '1 millisecond');
