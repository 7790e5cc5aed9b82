insert into export_entries (org_id, id, connection_id, record_id, action, contact) values ($1, $2, $3, $4, $5, $6);
