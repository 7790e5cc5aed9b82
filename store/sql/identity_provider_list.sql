select id, kind, settings, state, place, keys, keys_at, version, created_at, null::bytea from identity_providers where org_id = $1 order by created_at, id limit 20;
