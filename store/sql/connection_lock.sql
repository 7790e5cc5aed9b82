select version from connections where org_id = $1 and id = $2 for update;
