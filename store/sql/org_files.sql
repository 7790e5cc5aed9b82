select id, key_version from blobs where org_id = $1 order by id;
