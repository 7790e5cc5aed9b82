delete from match_fresh where ctid = any (array(
  select f.ctid from match_fresh f where f.org_id = $1 and f.kind = $2::smallint limit $3::int))
returning key, number;
