-- The few doors across organisations. Functions owned by kartei_guard, whose policies open just these tables; the application
-- may call them and nothing else of kartei_guard's. No BYPASSRLS anywhere.

grant usage, create on schema kartei to kartei_guard;

grant select on orgs, users, write_backs to kartei_guard;
grant select, update, delete on sessions, login_links, jobs to kartei_guard;
grant select, delete on idempotency, events, previews to kartei_guard;
create policy guard on orgs to kartei_guard using (true);
create policy guard on users to kartei_guard using (true);
create policy guard on sessions to kartei_guard using (true);
create policy guard on login_links to kartei_guard using (true);
create policy guard on jobs to kartei_guard using (true);
create policy guard on idempotency to kartei_guard using (true);
create policy guard on events to kartei_guard using (true);
create policy guard on previews to kartei_guard using (true);
create policy guard on write_backs to kartei_guard using (true);

create function guard_orgs() returns setof uuid
  language sql stable security definer set search_path = kartei, pg_temp
  as $$ select org_id from orgs order by org_id $$;

create function guard_sign_in(p_email_hash bytea)
  returns table (org_id uuid, user_id uuid, password_hash text, state text)
  language sql stable security definer set search_path = kartei, pg_temp
  as $$
  select u.org_id, u.id, u.password_hash, u.state from users u
  where u.email_hash = p_email_hash order by u.created_at limit 8
$$;

create function guard_session(p_token_hash bytea, p_idle_ms bigint)
  returns table (org_id uuid, id uuid, created_at timestamptz, seen_at timestamptz, expires_at timestamptz,
                 user_id uuid, role text, state text, profile bytea, user_version bigint, user_created_at timestamptz)
  language plpgsql security definer set search_path = kartei, pg_temp
  as $$
begin
  return query
    select s.org_id, s.id, s.created_at, s.seen_at, s.expires_at, u.id, u.role, u.state, u.profile, u.version, u.created_at
    from sessions s join users u on u.org_id = s.org_id and u.id = s.user_id
    where s.token_hash = p_token_hash and u.state = 'active' and s.expires_at > now()
      and s.seen_at > now() - p_idle_ms * interval '1 millisecond';
  if found then
    update sessions s set seen_at = now()
    where s.token_hash = p_token_hash and s.seen_at < now() - interval '1 minute';
  end if;
end
$$;

create function guard_login_link(p_token_hash bytea) returns table (org_id uuid, user_id uuid)
  language sql security definer set search_path = kartei, pg_temp
  as $$
  update login_links l set used_at = now()
  from users u
  where l.token_hash = p_token_hash and l.used_at is null and l.expires_at > now()
    and u.org_id = l.org_id and u.id = l.user_id and u.state = 'active'
  returning l.org_id, l.user_id
$$;

-- Takes due jobs, one at a time of a kind for a subject. Jobs whose lease ran out go back to the queue first, unless another
-- one for the same is queued or lost too; those in their last attempt are guard_job_sweep()'s.
create function guard_job_claim(p_worker uuid, p_kinds text[], p_limit int, p_lease_ms bigint) returns setof jobs
  language plpgsql security definer set search_path = kartei, pg_temp
  as $$
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
  return query
    update jobs j set state = 'running', attempt = j.attempt + 1, worker = p_worker, version = j.version + 1,
      locked_until = now() + p_lease_ms * interval '1 millisecond', started_at = now()
    where (j.org_id, j.id) in (
      select d.org_id, d.id from jobs d
      where d.state = 'queued' and d.run_at <= now() and (p_kinds is null or d.kind = any (p_kinds))
        and not exists (select from jobs r where r.org_id = d.org_id and r.subject_id = d.subject_id and r.kind = d.kind
          and r.state = 'running')
      order by d.priority, d.run_at limit p_limit for update skip locked)
    returning j.*;
end
$$;

create function guard_job_sweep() returns setof jobs
  language sql security definer set search_path = kartei, pg_temp
  as $$
  update jobs j set state = case when j.cancel then 'cancelled' else 'dead' end, finished_at = now(), locked_until = null,
    problem = case when j.cancel then null else 'reading-stopped' end,
    param = case when j.cancel then null else 'the worker was lost' end, version = version + 1
  where (j.org_id, j.id) in (
    select d.org_id, d.id from jobs d
    where d.state = 'running' and d.locked_until < now() and (d.attempt >= d.max_attempts or d.cancel)
    limit 100 for update skip locked)
  returning j.*
$$;

create function guard_job_counts() returns table (kind text, state text, n bigint, oldest_ms bigint)
  language sql stable security definer set search_path = kartei, pg_temp
  as $$
  select j.kind, j.state, count(*),
    greatest(0, coalesce(extract(epoch from now() - min(j.run_at) filter (where j.state = 'queued')) * 1000, 0))::bigint
  from jobs j where j.state in ('queued', 'running', 'dead') group by j.kind, j.state order by j.kind, j.state
$$;

create function guard_write_back_due() returns table (org_id uuid, id uuid)
  language sql stable security definer set search_path = kartei, pg_temp
  as $$
  select w.org_id, w.id from write_backs w
  where w.due_at < now() and not exists (
    select from jobs j where j.org_id = w.org_id and j.subject_id = w.id and j.state in ('queued', 'running'))
  order by w.due_at limit 100
$$;

create function guard_prune() returns void
  language sql security definer set search_path = kartei, pg_temp
  as $$
  delete from sessions where expires_at < now();
  delete from login_links where expires_at < now() - interval '1 day';
  delete from idempotency where expires_at < now();
  delete from previews where expires_at < now() - interval '1 day';
  delete from events where created_at < now() - interval '1 day';
  delete from jobs where state in ('done', 'cancelled') and finished_at < now() - interval '7 days';
  delete from jobs where state = 'dead' and finished_at < now() - interval '90 days';
$$;

create function guard_blobs_known(p_ids uuid[]) returns setof uuid
  language sql stable security definer set search_path = kartei, pg_temp
  as $$ select b.id from blobs b where b.id = any (p_ids) $$;
grant select on blobs to kartei_guard;
create policy guard on blobs to kartei_guard using (true);
create index blobs_id on blobs (id);

do $$
declare
  f regprocedure;
begin
  for f in select p.oid::regprocedure from pg_proc p where p.pronamespace = 'kartei'::regnamespace and p.proname like 'guard\_%' loop
    execute format('revoke all on function %s from public', f);
    execute format('grant execute on function %s to kartei_app', f);
    execute format('alter function %s owner to kartei_guard', f);
  end loop;
end
$$;

revoke create on schema kartei from kartei_guard;
