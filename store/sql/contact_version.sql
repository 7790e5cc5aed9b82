select version, deleted_at is not null, state from contacts where org_id = $1 and id = $2 and bin_kept(deleted_at);
