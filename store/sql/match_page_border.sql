-- The last key of the $3rd page of a run, if it has so many.
select last_key from match_pages where org_id = $1 and run = $2 order by last_key, last_number offset $3::int limit 1;
