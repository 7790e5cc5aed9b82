insert into org_keys (org_id, version, wrapped_key, master) values ($1, $2, $3, $4);
