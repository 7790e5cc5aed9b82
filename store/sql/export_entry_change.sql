update export_entries set contact = $3 where org_id = $1 and id = $2 and export_id is null;
