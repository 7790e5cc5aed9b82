select id, key_version from guard_blobs_kept($1::uuid[]);
