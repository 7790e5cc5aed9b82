select id from jobs where org_id = $1 and id = $2;
