select id, profile from users where org_id = $1 and state = 'active' and role <> 'support' order by id limit 1000;
