select id, fingerprint, status is null, coalesce(status, 0), head, body from idempotency
where org_id = $1 and principal = $2 and route = $3 and key_hash = $4;
