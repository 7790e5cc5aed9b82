select r.id, r.connection_id, r.remote_id, r.kind, r.remote_version, r.fetched_at, r.deleted_at, r.contact, r.custody
from records r
where r.org_id = $1 and r.connection_id = $2 and r.deleted_at is null and ($3::uuid is null or r.id < $3)
order by r.id desc limit $4::int;
