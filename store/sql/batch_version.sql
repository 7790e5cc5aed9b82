select version from batches where org_id = $1 and id = $2;
