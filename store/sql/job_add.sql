-- A job stands in the line of the connection that it calls.
insert into jobs (org_id, id, kind, subject_id, user_id, priority, max_attempts, run_at, lane)
values ($1, $2, $3, $4, $5, $6, $7, now() + $8::bigint * interval '1 millisecond',
  case when $3 = 'pull' then $4 else (select w.connection_id from write_backs w where w.org_id = $1 and w.id = $4) end)
on conflict (org_id, kind, subject_id) where state = 'queued'
do update set run_at = least(jobs.run_at, excluded.run_at), priority = least(jobs.priority, excluded.priority)
returning id, pg_notify('kartei_job', '');
