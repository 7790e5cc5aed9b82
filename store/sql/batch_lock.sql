select id from batches where org_id = $1 and id = $2 and state = $3 for share;
