update candidates set decided = $3, why = $4, decided_by = $5, decided_at = now() where org_id = $1 and id = $2;
