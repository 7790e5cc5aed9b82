insert into lists (org_id, id, owner_id, name) values ($1, $2, $3, $4);
