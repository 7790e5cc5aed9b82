-- A job stands in the line of the connection that it calls. One that waits already becomes the job of the person who asks for it,
-- so that it may be followed.
insert into jobs (org_id, id, kind, subject_id, user_id, priority, max_attempts, run_at, lane)
values ($1, $2, $3, $4, $5, $6, $7, now() + $8::bigint * interval '1 millisecond',
  case when $3 in ('pull', 'mail') then $4 else (select w.connection_id from write_backs w where w.org_id = $1 and w.id = $4) end)
on conflict (org_id, kind, subject_id) where state = 'queued'
do update set run_at = least(jobs.run_at, excluded.run_at), priority = least(jobs.priority, excluded.priority),
  user_id = coalesce(jobs.user_id, excluded.user_id)
returning id, pg_notify('kartei_job', '');
