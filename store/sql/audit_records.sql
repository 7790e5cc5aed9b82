-- A file that was fetched is about its connection, and its records are the CRM's.
select case when a.action = 'export.read' then 'record' else a.kind end, r.id, count(*), min(a.at), max(a.at)
from audit a cross join lateral unnest(case when a.action = 'export.read' then a.records else a.records || a.subject_id end) as r (id)
where a.org_id = $1 and r.id is not null
  and ($2::uuid is null or a.session_id = $2) and ($3::uuid is null or a.token_id = $3) and ($4::uuid is null or a.grant_id = $4)
  and ($5::bytea is null or a.address_hash = $5) and ($6::uuid is null or a.user_id = $6)
  and ($7::uuid is null or a.subject_id = $7 or a.records @> array[$7::uuid])
  and a.action like coalesce($8::text, '%.read')
  and ($9::bigint = 0 or a.at >= timestamptz 'epoch' + $9::bigint * interval '1 millisecond')
  and ($10::bigint = 0 or a.at < timestamptz 'epoch' + $10::bigint * interval '1 millisecond')
  and ($11::bigint = 0 or a.seq < $11)
group by 1, 2 order by 4, 1, 2 limit $12;
