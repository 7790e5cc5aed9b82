-- Takes the key when it is new, has run out, or its first one died half a minute ago. $7 = life in ms.
insert into idempotency as i (org_id, id, principal, route, key_hash, fingerprint, locked_until, expires_at)
values ($1, $2, $3, $4, $5, $6, now() + interval '30 seconds', now() + $7::bigint * interval '1 millisecond')
on conflict (org_id, principal, route, key_hash) do update
set id = excluded.id, fingerprint = excluded.fingerprint, status = null, head = null, body = null,
  locked_until = excluded.locked_until, expires_at = excluded.expires_at
where (i.status is null and i.locked_until < now()) or i.expires_at < now()
returning id;
