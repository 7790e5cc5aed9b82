delete from match_sets where org_id = $1 and shard = org_shard($1) and kind = $2::smallint and subject_id = any ($3::uuid[]);
