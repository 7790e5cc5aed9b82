update scans set deleted_at = null, version = version + 1
where org_id = $1 and id = $2 and deleted_at is not null and bin_kept(deleted_at) and ($3::bigint = 0 or version = $3);
