delete from match_subjects where org_id = $1 and kind = $2::smallint and subject_id = any ($3::uuid[]);
