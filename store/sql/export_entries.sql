-- "ours": the record began here, its id is our marker.
select e.id, e.record_id, r.remote_id, e.contact,
  exists (select 1 from export_entries m where m.org_id = $1 and m.record_id = e.record_id and m.action = 'create') as ours
from export_entries e join records r on r.org_id = $1 and r.id = e.record_id
where e.org_id = $1 and e.export_id = $2 order by e.id;
