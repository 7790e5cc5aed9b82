-- The same for so many keys that all pages are fewer; a page is for every key.
select p.body, -1::bigint, null::bigint from match_runs r join match_pages p on p.org_id = r.org_id and p.run = r.run
where r.org_id = $1 and r.kind = $2::smallint
union all
select null, g.key, g.number from match_fresh g join match_subjects s on s.org_id = $1 and s.number = g.number
where g.org_id = $1 and g.kind = $2::smallint;
