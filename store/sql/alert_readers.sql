-- Different records that one user has read.
select a.user_id, (array_agg(a.session_id order by a.seq desc))[1], (array_agg(a.token_id order by a.seq desc))[1], null::bytea,
  count(distinct r.id), min(a.seq), max(a.seq), min(a.at), max(a.at)
from audit a cross join lateral unnest(a.records || a.subject_id) as r (id)
where a.org_id = $1 and a.action in ('contact.read', 'record.read', 'scan.read') and a.user_id is not null
  and a.at > now() - $2::bigint * interval '1 millisecond'
group by a.user_id having count(distinct r.id) >= $3;
