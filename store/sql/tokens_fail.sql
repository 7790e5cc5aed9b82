update oauth_tokens set failures = failures + 1, retry_at = clock_timestamp() + $3::bigint * interval '1 millisecond'
where org_id = $1 and connection_id = $2;
