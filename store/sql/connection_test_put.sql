insert into connection_tests (org_id, connection_id, user_id, result)
select $1, c.id, $3, $4 from connections c where c.org_id = $1 and c.id = $2
on conflict (org_id, connection_id) do update set at = now(), user_id = excluded.user_id, result = excluded.result
returning at;
