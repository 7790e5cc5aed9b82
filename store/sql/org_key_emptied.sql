-- Marks a version under which nothing is left; one under which something came to lie again is unmarked.
update org_keys set emptied_at = case when $3 then coalesce(emptied_at, now()) end where org_id = $1 and version = $2
returning coalesce(emptied_at < now() - $4::bigint * interval '1 millisecond', false);
