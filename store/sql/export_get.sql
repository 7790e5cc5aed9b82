select id, connection_id, entries, created_at from exports where org_id = $1 and id = $2;
