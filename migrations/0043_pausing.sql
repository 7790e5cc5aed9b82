-- A connection can be paused: nobody calls its CRM by itself until it goes on; what is decided waits.
alter table connections add column paused_at timestamptz;
alter table connections add column paused_by uuid;
alter table connections add foreign key (org_id, paused_by) references users (org_id, id);
alter table connections add check ((paused_at is null) = (paused_by is null));
create index connections_paused on connections (org_id, paused_by) where paused_at is not null;
grant select (paused_at) on connections to kartei_guard;
call allow('connection', '{pause}', '{admin}', 'any');

grant create on schema kartei to kartei_guard;
set local role kartei_guard;
create or replace function guard_job_claim(p_worker uuid, p_kinds text[], p_limit int, p_lease_ms bigint) returns setof jobs
  language plpgsql security definer set search_path = kartei, pg_temp
  as $$
declare
  full_lanes uuid[];
begin
  begin
    update jobs j set worker = null, locked_until = null, run_at = now(), version = version + 1,
      state = case when exists (
          select from jobs q where q.org_id = j.org_id and q.kind = j.kind and q.subject_id = j.subject_id
            and (q.state = 'queued' or (q.state = 'running' and q.locked_until < now() and q.id > j.id)))
        then 'cancelled' else 'queued' end,
      finished_at = case when exists (
          select from jobs q where q.org_id = j.org_id and q.kind = j.kind and q.subject_id = j.subject_id
            and (q.state = 'queued' or (q.state = 'running' and q.locked_until < now() and q.id > j.id)))
        then now() end
    where (j.org_id, j.id) in (
      select l.org_id, l.id from jobs l
      where l.state = 'running' and l.locked_until < now() and l.attempt < l.max_attempts and not l.cancel
      limit 100 for update skip locked);
  exception when unique_violation then
    null; -- another worker put the same work back at this moment
  end;
  -- Two places a line; one, as a probe, while the last call failed; none while it rests or is paused.
  full_lanes := array(
    select c.connection_id from connection_calls c where c.retry_at > now()
    union all
    select p.id from connections p where p.paused_at is not null
    union all
    select r.lane from jobs r left join connection_calls c on c.org_id = r.org_id and c.connection_id = r.lane
    where r.state = 'running' and r.lane is not null
    group by r.lane, c.failures having count(*) >= case when c.failures > 0 then 1 else 2 end);
  return query
    update jobs j set state = 'running', attempt = j.attempt + 1, worker = p_worker, version = j.version + 1,
      locked_until = now() + p_lease_ms * interval '1 millisecond', started_at = now()
    where (j.org_id, j.id) in (
      select d.org_id, d.id from jobs d
      where d.state = 'queued' and d.run_at <= now() and (p_kinds is null or d.kind = any (p_kinds))
        and (d.lane is null or d.lane <> all (full_lanes))
        and not exists (select from jobs r where r.org_id = d.org_id and r.subject_id = d.subject_id and r.kind = d.kind
          and r.state = 'running')
      order by d.priority, d.run_at limit p_limit for update skip locked)
    returning j.*;
end
$$;
set local role kartei_owner;
revoke create on schema kartei from kartei_guard;
