update connections set policy = $4, version = version + 1 where org_id = $1 and id = $2 and version = $3;
