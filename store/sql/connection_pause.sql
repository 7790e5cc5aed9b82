update connections set paused_at = case when $3::uuid is null then null else coalesce(paused_at, now()) end,
  paused_by = case when $3::uuid is null then null else coalesce(paused_by, $3::uuid) end
where org_id = $1 and id = $2;
