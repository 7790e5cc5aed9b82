-- Takes a code of this step, once: no row when it or a later one was taken already.
update second_factors set last_step = $3, confirmed_at = coalesce(confirmed_at, now())
where org_id = $1 and user_id = $2 and last_step < $3;
