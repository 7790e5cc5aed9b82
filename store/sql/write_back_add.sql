-- Shares a lock with connection_lock: no intent for a connection that goes.
insert into write_backs (org_id, id, contact_id, contact_version, connection_id, record_id, user_id, action, state, marker,
  plan, remote_id, version_seen, undo_of, due_at)
select $1, $2, $3, $4, c.id, $6, $7, $8, 'intent', $9, $10, $11, $12, $13, now() + interval '1 minute'
from (select id from connections where org_id = $1 and id = $5 for share) c
on conflict (org_id, contact_id, connection_id) where state in ('intent', 'sending', 'uncertain', 'waiting', 'undoing')
do nothing;
