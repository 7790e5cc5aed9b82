select m.number from match_subjects m where m.org_id = $1 and m.number = any ($2::bigint[]) order by m.number;
