delete from cards where org_id = $1 and scan_id = $2;
