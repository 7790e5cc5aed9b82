delete from list_members where org_id = $1 and list_id = $2;
