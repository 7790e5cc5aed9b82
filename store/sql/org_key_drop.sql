delete from org_keys k using orgs o where k.org_id = $1 and k.version = $2 and o.org_id = k.org_id and o.key_version > k.version;
