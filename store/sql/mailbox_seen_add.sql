insert into mailbox_seen (org_id, mailbox_id, hash) values ($1, $2, $3) on conflict do nothing returning 1;
