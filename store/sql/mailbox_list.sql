select id, owner_id, list_id, excluded, cursor, since, checked_at, looked, header_only, suggested, version,
  watched_until > now() or exists (
    select from mailbox_subscriptions s where s.org_id = m.org_id and s.mailbox_id = m.id and s.expires_at > now()),
  gap_at, admin_asked_at, admin_given_at,
  (select s.renew_at from mailbox_subscriptions s where s.org_id = m.org_id and s.mailbox_id = m.id)
from mailboxes m where org_id = $1 and ($2::uuid is null or owner_id = $2) order by id limit 1000;
