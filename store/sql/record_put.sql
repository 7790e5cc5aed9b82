insert into records as r (org_id, id, connection_id, remote_hash, remote_id, remote_version, kind, contact)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (org_id, connection_id, remote_hash) do update
set remote_version = $6, kind = $7, contact = $8, fetched_at = now(), deleted_at = null
returning xmax = 0;
