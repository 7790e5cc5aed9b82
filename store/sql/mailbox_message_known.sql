select 1 from mailbox_messages where org_id = $1 and mailbox_id = $2 and hash = $3;
