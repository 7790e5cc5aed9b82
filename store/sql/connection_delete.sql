delete from connections where org_id = $1 and id = $2 and version = $3;
