delete from match_subjects where org_id = $1 and kind = 2 and subject_id in (
  select id from records where org_id = $1 and connection_id = $2);
