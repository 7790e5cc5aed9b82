-- The first page behind a key in each run: it may begin before.
select r.run, p.last_key, p.last_number, p.body
from unnest($2::bigint[]) r (run)
cross join lateral (select q.last_key, q.last_number, q.body from match_pages q
  where q.org_id = $1 and q.run = r.run and q.last_key > $3::bigint order by q.last_key, q.last_number limit 1) p;
