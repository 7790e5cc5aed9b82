update blobs set key_version = $4 where org_id = $1 and id = $2 and key_version = $3;
