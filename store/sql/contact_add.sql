insert into contacts (org_id, id, list_id, owner_id, scan_id, card, state, contact, reading)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9);
