select version from duplicate_pairs where org_id = $1 and id = $2;
