insert into mailboxes (org_id, id, owner_id, list_id, excluded) values ($1, $2, $3, $4, $5);
