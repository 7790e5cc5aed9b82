update recovery_codes set used_at = now() where org_id = $1 and user_id = $2 and code_hash = $3 and used_at is null;
