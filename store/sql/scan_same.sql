select id from scans where org_id = $1 and user_id = $2 and deleted_at is null
  and content_hash = case when $4::bytea is null then $3::bytea else sha256($3::bytea || $4) end
order by id desc limit 1;
