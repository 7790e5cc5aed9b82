select org_id, mailbox_id, secret from guard_mailbox_subscription($1::text);
