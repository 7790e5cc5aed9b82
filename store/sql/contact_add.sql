insert into contacts (org_id, id, list_id, owner_id, scan_id, card, state, contact, reading, mailbox_id, suggested_at, fair_id)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, case when $10::uuid is not null then now() end, $11);
