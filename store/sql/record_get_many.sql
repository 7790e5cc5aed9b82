-- "offset 0" keeps the lookup one by one; see match_key_meet_records.
select r.id, r.connection_id, r.remote_id, r.kind, r.remote_version, r.fetched_at, r.deleted_at, r.contact, r.custody
from unnest($2::uuid[]) with ordinality as w (id, n)
cross join lateral (
  select * from records r where r.org_id = $1 and r.id = w.id and r.deleted_at is null offset 0) r
order by w.n;
