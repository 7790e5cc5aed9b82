update candidates set decided = null, why = null, decided_by = null, decided_at = null where org_id = $1 and id = $2;
