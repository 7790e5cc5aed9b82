-- What the index says of keys, in one look, so that a run that is being emptied is seen before or after, never between: the page where
-- a key would lie in each run, and what is fresh of it, up to $4 postings of those that still hold.
select p.body, k.key, null::bigint
from match_runs r cross join unnest($3::bigint[]) k (key)
cross join lateral (select q.body from match_pages q where q.org_id = $1 and q.run = r.run and q.last_key >= k.key
  order by q.last_key, q.last_number limit 1) p
where r.org_id = $1 and r.kind = $2::smallint
union all
select null, k.key, f.number
from unnest($3::bigint[]) k (key)
cross join lateral (select g.number from match_fresh g join match_subjects s on s.org_id = $1 and s.number = g.number
  where g.org_id = $1 and g.kind = $2::smallint and g.key = k.key limit $4::int) f;
