delete from sign_ups where org_id = $1 and id = $2 and token_hash = $3 and expires_at > now();
