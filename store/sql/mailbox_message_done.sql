insert into mailbox_messages (org_id, mailbox_id, hash) values ($1, $2, $3)
on conflict (org_id, mailbox_id, hash) do update set remote_id = null;
