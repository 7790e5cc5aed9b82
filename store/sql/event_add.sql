insert into events (org_id, id, type, subject_id, state) values ($1, $2, $3, $4, $5)
returning pg_notify('kartei_event', org_id::text);
