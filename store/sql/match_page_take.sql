-- Pages up to a key leave their runs.
delete from match_pages where org_id = $1 and run = any ($2::bigint[]) and last_key <= $3::bigint returning body;
