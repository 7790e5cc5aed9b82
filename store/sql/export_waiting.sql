select count(*) from export_entries where org_id = $1 and connection_id = $2 and export_id is null;
