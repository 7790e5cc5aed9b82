delete from mailbox_subscriptions where org_id = $1 and mailbox_id = $2 and remote_id = $3;
