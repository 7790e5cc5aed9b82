select max(version) + 1 from org_keys where org_id = $1;
