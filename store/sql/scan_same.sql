select id from scans where org_id = $1 and user_id = $2 and content_hash = $3 and deleted_at is null
order by id desc limit 1;
