insert into blobs (org_id, id, media_type, bytes, content_hash, key_version) values ($1, $2, $3, $4, $5, $6);
