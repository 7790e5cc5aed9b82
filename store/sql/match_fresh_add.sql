insert into match_fresh (org_id, kind, key, number)
select $1, $2::smallint, w.key, w.number from unnest($3::bigint[], $4::bigint[]) as w (key, number);
