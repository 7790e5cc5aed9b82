insert into mailbox_messages (org_id, mailbox_id, hash, remote_id, id) values ($1, $2, $3, $4, $5) on conflict do nothing returning 1;
