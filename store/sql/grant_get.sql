select id, user_id, granted_by, area, reason, created_at, expires_at, ended_at, ended_by from support_grants
where org_id = $1 and id = $2;
