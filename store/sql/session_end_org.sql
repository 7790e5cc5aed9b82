delete from sessions where org_id = $1;
