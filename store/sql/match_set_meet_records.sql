select m.subject_id, m.shared from guard_match_meet($1, 2::smallint, $2::bigint[], $3::int, $4::int) with ordinality as m (subject_id, shared, n)
order by m.n;
