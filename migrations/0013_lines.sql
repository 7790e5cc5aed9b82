-- A CRM that is away must cost nobody else time: jobs stand in the line of their connection, a line has few places, and after
-- failures it rests. And what a CRM had before a change is kept for 30 days, not for ever.

-- How the last calls to a CRM went, and how much the vendor says it will still take.
create table connection_calls (
  org_id uuid not null,
  connection_id uuid not null,
  failures bigint not null default 0, -- in a row
  retry_at timestamptz,               -- until then nobody calls, but people who look
  quota_left bigint,
  quota_limit bigint,
  quota_at timestamptz,
  primary key (org_id, connection_id),
  foreign key (org_id, connection_id) references connections (org_id, id) on delete cascade
);
create index connection_calls_resting on connection_calls (retry_at) where retry_at is not null;
call protect('connection_calls');
grant select on connection_calls to kartei_guard;
create policy guard on connection_calls to kartei_guard using (true);

-- The connection that a job calls; null: none.
alter table jobs add lane uuid;
update jobs j set lane = case when j.kind = 'pull' then j.subject_id else w.connection_id end
from jobs k left join write_backs w on w.org_id = k.org_id and w.id = k.subject_id
where j.org_id = k.org_id and j.id = k.id and j.state in ('queued', 'running') and j.kind in ('pull', 'write', 'undo');
create index jobs_lane on jobs (lane) where state = 'running' and lane is not null;

alter table write_backs alter plan drop not null; -- it holds the before-image too
create index write_backs_kept on write_backs (updated_at) where plan is not null;
grant update (plan, before, version_seen, version_after) on write_backs to kartei_guard;

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
  -- Two places a line; one, as a probe, while the last call failed; none while it rests.
  full_lanes := array(
    select c.connection_id from connection_calls c where c.retry_at > now()
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

-- Where something still may happen to a write-back its plan stays.
create or replace function guard_prune() returns void
  language sql security definer set search_path = kartei, pg_temp
  as $$
  delete from sessions where expires_at < now();
  delete from login_links where expires_at < now() - interval '1 day';
  delete from idempotency where expires_at < now();
  delete from previews where expires_at < now() - interval '1 day';
  delete from events where created_at < now() - interval '1 day';
  delete from jobs where state in ('done', 'cancelled') and finished_at < now() - interval '7 days';
  delete from jobs where state = 'dead' and finished_at < now() - interval '90 days';
  update write_backs set plan = null, before = null, version_seen = null, version_after = null
  where plan is not null and updated_at < now() - interval '30 days'
    and state in ('written', 'conflict', 'refused', 'undone', 'undo_conflict');
$$;

set local role kartei_owner;
revoke create on schema kartei from kartei_guard;
