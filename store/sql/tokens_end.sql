update oauth_tokens set access = null, refresh = null, ended = true, expires_at = null, renew_at = null, retry_at = null
where org_id = $1 and connection_id = $2;
