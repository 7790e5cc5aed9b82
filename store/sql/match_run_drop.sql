delete from match_runs where org_id = $1 and run = any ($2::bigint[]);
