select id, media_type, bytes, content_hash, key_version from blobs where org_id = $1 and id = $2;
