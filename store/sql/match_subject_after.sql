select m.number from match_subjects m where m.org_id = $1 and m.number > $2::bigint order by m.number limit $3::int;
