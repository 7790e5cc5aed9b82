-- $3: how long nobody shall call (ms); 0: the call succeeded; -1: a failure, and the pauses grow from 2 s to 5 min, not all
-- alike. $4, $5: what the vendor said is left, and of how much; -1: nothing.
insert into connection_calls as c (org_id, connection_id, failures, retry_at, quota_left, quota_limit, quota_at)
select $1, $2, ($3 < 0)::int,
  case when $3 > 0 then now() + $3 * interval '1 millisecond' when $3 < 0 then now() + (1.5 + random()) * interval '1 second' end,
  nullif($4, -1), nullif($5, -1), case when $4 >= 0 then now() end
from connections where org_id = $1 and id = $2
on conflict (org_id, connection_id) do update set
  failures = case when $3 < 0 then c.failures + 1 when $3 = 0 then 0 else c.failures end,
  retry_at = case when $3 > 0 then greatest(c.retry_at, excluded.retry_at)
    when $3 < 0 then now() + least(300, 2 * power(2, least(c.failures, 10))) * (0.75 + random() / 2) * interval '1 second' end,
  quota_left = coalesce(excluded.quota_left, c.quota_left), quota_limit = coalesce(excluded.quota_limit, c.quota_limit),
  quota_at = coalesce(excluded.quota_at, c.quota_at);
