select k.version, k.wrapped_key, k.master, o.wrapped_index_key, o.master
from orgs o join org_keys k on k.org_id = o.org_id and k.version = coalesce(nullif($2::bigint, 0), o.key_version)
where o.org_id = $1;
