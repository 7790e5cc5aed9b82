select version from matching_rules where org_id = $1 and id = $2;
