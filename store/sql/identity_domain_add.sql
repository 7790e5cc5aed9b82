insert into identity_provider_domains (org_id, provider_id, domain_hash) values ($1, $2, $3) on conflict do nothing;
