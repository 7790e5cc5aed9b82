select id, kind, settings, state, place, keys, keys_at, version, created_at, secret from identity_providers where org_id = $1 and id = $2;
