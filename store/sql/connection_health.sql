-- Tells the state it had before.
update connections c set state = $3, problem = $4, param = $5, ok_at = case when $3 = 'ok' then now() else c.ok_at end
from (select id, state from connections where org_id = $1 and id = $2 for update) b
where c.org_id = $1 and c.id = b.id
returning b.state is distinct from $3;
