select id, user_id, name, scopes, created_at, expires_at, used_at, used_from, ended_at from api_tokens
where org_id = $1 and id = $2;
