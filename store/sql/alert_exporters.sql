-- Records that one user has taken away in files.
select a.user_id, (array_agg(a.session_id order by a.seq desc))[1], (array_agg(a.token_id order by a.seq desc))[1], null::bytea,
  sum(cardinality(a.records))::bigint, min(a.seq), max(a.seq), min(a.at), max(a.at)
from audit a
where a.org_id = $1 and a.action in ('export.read', 'subject.export') and a.user_id is not null
  and a.at > now() - $2::bigint * interval '1 millisecond'
group by a.user_id having sum(cardinality(a.records)) >= $3;
