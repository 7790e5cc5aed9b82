-- Whether there are so many postings that a run is worth its while.
select count(*) from (select from match_fresh f where f.org_id = $1 and f.kind = $2::smallint limit $3::int) n;
