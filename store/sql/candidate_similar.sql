-- What people decided, of the latest thousand of each kind, where the same comparisons spoke for it: by word, or by writing to the record.
with own as (select speaks_for from candidates where org_id = $1 and id = $2),
said as (
  (select k.speaks_for, k.decided = 'same' as same, k.decided_by as by, k.decided_at as at from candidates k
   where k.org_id = $1 and k.decided is not null and k.id <> $2 order by k.decided_at desc limit 1000)
  union all
  (select k.speaks_for, true, w.user_id, w.created_at
   from write_backs w join candidates k on k.org_id = $1 and k.contact_id = w.contact_id and k.record_id = w.record_id
   where w.org_id = $1 and w.state = 'written' and w.user_id is not null and k.decided is null and k.id <> $2 order by w.id desc limit 1000))
select count(*) filter (where s.same), count(*) filter (where not s.same), (array_agg(s.by order by s.at desc))[1], max(s.at)
from said s, own o where o.speaks_for <> '{}' and s.speaks_for @> o.speaks_for and s.speaks_for <@ o.speaks_for;
