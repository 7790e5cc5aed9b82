select id, connection_id, entries, created_at from exports
where org_id = $1 and connection_id = $2 order by id desc limit $3::int;
