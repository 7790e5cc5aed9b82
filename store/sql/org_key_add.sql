insert into org_keys (org_id, version, wrapped_key) values ($1, $2, $3);
