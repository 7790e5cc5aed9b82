insert into mailbox_messages (org_id, mailbox_id, hash, remote_id) values ($1, $2, $3, $4) on conflict do nothing returning 1;
