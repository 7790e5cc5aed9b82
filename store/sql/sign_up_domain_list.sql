select id, domain, role, created_at from sign_up_domains where org_id = $1 order by id limit 200;
