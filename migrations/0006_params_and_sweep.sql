-- The parameter of a problem may be a CRM's or a decoder's own sentence, and so name a person: it is sealed from now on.
-- Parameters kept so far are dropped; the problem itself stays.
alter table scans alter column param type bytea using null;
alter table connections alter column param type bytea using null;
alter table write_backs alter column param type bytea using null;
alter table jobs alter column param type bytea using null;

-- Jobs that ran out in their last attempt are leased to who buries them, so that their end and the word to their subject are one
-- transaction; a burier that dies leaves them to the next.
grant create on schema kartei to kartei_guard;
set local role kartei_guard;
create or replace function guard_job_sweep() returns setof jobs
  language sql security definer set search_path = kartei, pg_temp
  as $$
  update jobs j set worker = gen_random_uuid(), attempt = j.attempt + 1, locked_until = now() + interval '1 minute',
    version = j.version + 1
  where (j.org_id, j.id) in (
    select d.org_id, d.id from jobs d
    where d.state = 'running' and d.locked_until < now() and (d.attempt >= d.max_attempts or d.cancel)
    limit 100 for update skip locked)
  returning j.*
$$;
set local role kartei_owner;
revoke create on schema kartei from kartei_guard;
