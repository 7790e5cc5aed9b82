select k.version, k.master, k.created_at, k.version = o.key_version, k.emptied_at
from org_keys k join orgs o on o.org_id = k.org_id where k.org_id = $1 order by k.version;
