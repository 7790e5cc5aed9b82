insert into mailbox_subscriptions (org_id, mailbox_id, remote_id, secret, expires_at, renew_at)
values ($1, $2, $3, $4, to_timestamp($5::bigint / 1000.0), to_timestamp($6::bigint / 1000.0))
on conflict (org_id, mailbox_id) do update set remote_id = excluded.remote_id, secret = excluded.secret,
  expires_at = excluded.expires_at, renew_at = excluded.renew_at, made_at = now();
