delete from export_entries
where org_id = $1 and connection_id = $2 and record_id = $3 and export_id is null and action = 'create';
