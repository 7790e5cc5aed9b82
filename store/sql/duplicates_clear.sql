delete from duplicate_pairs where org_id = $1 and decided is null;
