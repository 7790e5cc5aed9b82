insert into mailbox_messages (org_id, mailbox_id, hash, id) values ($1, $2, $3, $4)
on conflict (org_id, mailbox_id, hash) do update set remote_id = null;
