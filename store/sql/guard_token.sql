select org_id, id, scopes, used_at, expires_at, user_id, role, profile from guard_token($1);
