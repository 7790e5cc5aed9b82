delete from idempotency
where org_id = $1 and principal = $2 and route = $3 and key_hash = $4 and fingerprint = $5 and status is null;
