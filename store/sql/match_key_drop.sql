delete from match_keys where org_id = $1 and kind = $2 and subject_id = $3;
