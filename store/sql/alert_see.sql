update alerts set seen_by = $3, seen_at = now(), version = version + 1 where org_id = $1 and id = $2 and seen_at is null;
