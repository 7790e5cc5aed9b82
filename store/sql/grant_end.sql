update support_grants set ended_at = now(), ended_by = $3
where org_id = $1 and id = $2 and ended_at is null and expires_at > now();
