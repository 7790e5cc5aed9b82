insert into oauth_begun (org_id, id, state_hash, session_id, user_id, connection_id, connection_version, trip, expires_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, now() + $9::bigint * interval '1 millisecond');
