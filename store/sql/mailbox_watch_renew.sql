update mailboxes set watched_until = now() + $4::bigint * interval '1 millisecond'
where org_id = $1 and id = $2 and watcher = $3;
