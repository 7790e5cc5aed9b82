select org_id, id, provider_id, provider_version, browser_hash, trip from guard_oidc_take($1::bytea);
