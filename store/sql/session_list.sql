-- The living sessions of a user, last used first.
select id, created_at, seen_at, method, client from sessions
where org_id = $1 and user_id = $2 and expires_at > now() and seen_at > now() - $3::bigint * interval '1 millisecond'
order by seen_at desc limit 200;
