select version from lists where org_id = $1 and id = $2;
