update match_runs set size = size + $3::bigint where org_id = $1 and run = $2;
