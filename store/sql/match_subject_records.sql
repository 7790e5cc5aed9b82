select m.number, m.subject_id from match_subjects m where m.org_id = $1 and m.kind = 2 and m.number = any ($2::bigint[]);
