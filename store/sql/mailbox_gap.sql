update mailboxes set gap_at = now() where org_id = $1 and id = $2;
