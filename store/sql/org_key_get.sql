-- Who asks for the present version (0) is about to seal, and holds a lock that a change of the key waits for: store/keys/rotate.c.
select k.version, k.wrapped_key, k.master, o.wrapped_index_key, o.master,
  case when $2::bigint = 0 then pg_advisory_xact_lock_shared(hashtextextended('seal ' || $1::uuid::text, 0)) end is null
from orgs o join org_keys k on k.org_id = o.org_id and k.version = coalesce(nullif($2::bigint, 0), o.key_version)
where o.org_id = $1;
