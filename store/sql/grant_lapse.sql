-- One that ended by itself makes room for another.
update support_grants set ended_at = expires_at
where org_id = $1 and user_id = $2 and ended_at is null and expires_at <= now();
