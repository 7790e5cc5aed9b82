-- About how many pages there are, and postings beside them; $3 is the least number of postings on a full page.
select coalesce(sum(size / $3::int + 1), 0)::bigint from match_runs where org_id = $1 and kind = $2::smallint;
