select r.id, r.connection_id, r.remote_id, r.kind, r.remote_version, r.fetched_at, r.deleted_at, r.contact, r.custody
from records r where r.org_id = $1 and r.connection_id = $2 and r.remote_hash = $3;
