select org_id, secret from guard_mailbox_subscription($1::uuid, $2::text);
