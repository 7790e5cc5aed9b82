delete from sign_up_domains where org_id = $1 and id = $2;
