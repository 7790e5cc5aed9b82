-- Shares a lock with connection_lock: no batch for a connection that goes.
insert into batches (org_id, id, connection_id, user_id, state)
select $1, $2, c.id, $4, 'sampling' from (select id from connections where org_id = $1 and id = $3 for share) c;
