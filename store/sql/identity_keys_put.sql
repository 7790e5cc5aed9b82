update identity_providers set keys = $3, keys_at = now() where org_id = $1 and id = $2;
