insert into connection_fields (org_id, connection_id, fields) values ($1, $2, $3)
on conflict (org_id, connection_id) do update set fields = excluded.fields, checked_at = now();
