update mailbox_subscriptions set expires_at = to_timestamp($4::bigint / 1000.0), renew_at = to_timestamp($5::bigint / 1000.0)
where org_id = $1 and mailbox_id = $2 and remote_id = $3;
