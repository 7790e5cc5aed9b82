select id from guard_blobs_known($1::uuid[]) as id;
