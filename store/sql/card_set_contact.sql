update cards set contact_id = $4 where org_id = $1 and scan_id = $2 and n = $3;
