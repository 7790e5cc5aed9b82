select id, state from users where org_id = $1 and email_hash = $2;
