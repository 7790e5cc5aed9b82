delete from mailbox_messages where org_id = $1 and mailbox_id = $2 and remote_id is null and came_at < now() - interval '2 days';
