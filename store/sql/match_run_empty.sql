-- From now on these runs are emptied into that one.
update match_runs set "into" = $3 where org_id = $1 and run = any ($2::bigint[]);
