insert into contact_versions (org_id, contact_id, version, id, contact, saved_by) values ($1, $2, $3, $4, $5, $6);
