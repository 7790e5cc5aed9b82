select id from blobs where org_id = $1 and key_version <> $2 order by id limit $3::int;
