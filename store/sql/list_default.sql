select id from lists where org_id = $1 and owner_id = $2 order by id limit 1;
