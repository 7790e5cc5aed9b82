select domain_hash, domain, role, created_at from sign_up_domains where org_id = $1 order by created_at;
