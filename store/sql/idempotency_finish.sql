update idempotency set status = $5, head = $6, body = $7
where org_id = $1 and id = $2 and fingerprint = $4 and principal = $3 and status is null;
