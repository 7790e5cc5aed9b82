-- Records that began here and that no table from there has shown yet count as seen.
update records r set fetched_at = clock_timestamp()
where r.org_id = $1 and r.connection_id = $2 and r.deleted_at is null
  and exists (select 1 from export_entries m where m.org_id = $1 and m.record_id = r.id and m.action = 'create');
