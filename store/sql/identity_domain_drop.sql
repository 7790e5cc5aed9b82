delete from identity_provider_domains where org_id = $1 and provider_id = $2;
