update identities set used_at = now() where org_id = $1 and subject_hash = $2 returning user_id;
