select version from users where org_id = $1 and id = $2 for update;
