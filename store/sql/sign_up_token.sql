update sign_ups set token_hash = $3 where org_id = $1 and id = $2 and expires_at > now();
