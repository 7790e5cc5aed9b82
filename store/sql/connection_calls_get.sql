select failures, retry_at, quota_left, quota_limit, quota_at from connection_calls where org_id = $1 and connection_id = $2;
