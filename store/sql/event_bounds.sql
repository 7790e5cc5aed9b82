select coalesce((select min(id) from events where org_id = $1), 0)::bigint,
  coalesce((select event_id from journal_heads where org_id = $1), 0)::bigint;
