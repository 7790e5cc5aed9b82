select remote_id, secret, expires_at, renew_at from mailbox_subscriptions where org_id = $1 and mailbox_id = $2;
