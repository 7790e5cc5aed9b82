select remote_id, id from mailbox_messages where org_id = $1 and mailbox_id = $2 and remote_id is not null
order by came_at limit $3::int;
