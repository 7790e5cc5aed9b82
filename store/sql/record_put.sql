insert into records as r (org_id, id, connection_id, remote_hash, remote_id, remote_version, kind, contact, custody)
select $1, w.id, $2, w.remote_hash, w.remote_id, w.remote_version, w.kind, w.contact, w.custody
from unnest($3::uuid[], $4::bytea[], $5::bytea[], $6::bytea[], $7::text[], $8::bytea[], $9::bytea[])
  as w (id, remote_hash, remote_id, remote_version, kind, contact, custody)
on conflict (org_id, connection_id, remote_hash) do update
set remote_version = excluded.remote_version, kind = excluded.kind, contact = excluded.contact,
  custody = coalesce(excluded.custody, r.custody), fetched_at = now(), deleted_at = null
returning xmax = 0;
