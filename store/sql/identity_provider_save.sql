update identity_providers set settings = $4, secret = $5, state = $6, place = $7, keys = $8,
  keys_at = case when $8::text is null then null when keys is distinct from $8 then now() else keys_at end, version = version + 1
where org_id = $1 and id = $2 and version = $3;
