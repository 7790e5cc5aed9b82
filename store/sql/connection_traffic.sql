select c.paused_at, c.paused_by, coalesce(k.failures, 0), k.retry_at, k.quota_left, k.quota_limit, k.quota_at,
  (select count(*) from write_backs w where w.org_id = $1 and w.connection_id = c.id and w.state in ('intent', 'sending', 'waiting', 'undoing')),
  (select count(*) from write_backs w where w.org_id = $1 and w.connection_id = c.id and w.state = 'uncertain')
from connections c left join connection_calls k on k.org_id = $1 and k.connection_id = c.id
where c.org_id = $1 and c.id = $2;
