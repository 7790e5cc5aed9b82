update connections set secret = $3 where org_id = $1 and id = $2;
