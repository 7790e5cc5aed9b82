select count(*) from recovery_codes where org_id = $1 and user_id = $2 and used_at is null;
