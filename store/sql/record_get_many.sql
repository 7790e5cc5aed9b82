select r.id, r.connection_id, r.remote_id, r.kind, r.remote_version, r.fetched_at, r.deleted_at, r.contact
from unnest($2::uuid[]) with ordinality as w (id, n)
join records r on r.org_id = $1 and r.id = w.id and r.deleted_at is null
order by w.n;
