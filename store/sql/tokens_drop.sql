delete from oauth_tokens where org_id = $1 and connection_id = $2;
