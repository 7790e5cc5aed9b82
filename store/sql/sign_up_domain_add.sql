insert into sign_up_domains (org_id, id, domain_hash, domain, role, created_by) values ($1, $2, $3, $4, $5, $6)
on conflict (org_id, domain_hash) do nothing;
