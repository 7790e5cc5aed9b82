insert into mapping_drafts (org_id, connection_id, doc, user_id, fields) values ($1, $2, $3, $4, $5)
on conflict (org_id, connection_id) do update
  set doc = excluded.doc, user_id = excluded.user_id, fields = excluded.fields, updated_at = now();
