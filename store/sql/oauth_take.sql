delete from oauth_begun where org_id = $1 and state_hash = $2 and session_id = $3 and expires_at > now()
returning id, user_id, connection_id, connection_version, trip;
