insert into sign_up_domains (org_id, domain_hash, domain, role) values ($1, $2, $3, $4) on conflict (org_id, domain_hash) do nothing;
