select id <> $2 from users where org_id = $1 and role = 'admin' and state = 'active' order by id for no key update;
