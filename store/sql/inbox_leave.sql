-- And forgets who left long ago.
delete from contact_presence where org_id = $1 and ((contact_id = $2 and user_id = $3) or seen_at < now() - interval '1 day');
