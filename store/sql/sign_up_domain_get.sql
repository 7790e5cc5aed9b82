select id, domain, role, created_at from sign_up_domains where org_id = $1 and id = $2;
