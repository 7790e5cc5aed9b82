-- Records that began here, newest first.
select r.id from records r
where r.org_id = $1 and r.connection_id = $2 and r.deleted_at is null
  and exists (select 1 from export_entries m where m.org_id = $1 and m.record_id = r.id and m.action = 'create')
order by r.id desc limit $3::int;
