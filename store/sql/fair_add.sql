insert into fairs (org_id, id, name, tag, list_id, legal_basis, created_by) values ($1, $2, $3, $4, $5, $6, $7);
