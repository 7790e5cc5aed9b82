update identity_providers set keys_at = now()
where org_id = $1 and id = $2 and (keys_at is null or keys_at < now() - $3::bigint * interval '1 millisecond');
