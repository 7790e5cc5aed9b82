-- Match keys as one row a subject: a sorted array with an inverted index, a third of the bytes of a row a key (ADR 0013). Partitions are
-- chosen by the last digit of the organisation's id, so that a shard of organisations can move to another server as it is.

create function org_shard(org uuid) returns smallint
  language sql immutable strict parallel safe
  as $$ select (get_byte(uuid_send(org), 15) & 7)::smallint $$;
revoke all on function org_shard(uuid) from public;
grant execute on function org_shard(uuid) to kartei_app, kartei_guard;

-- kind 1: contacts, 2: records.
create table match_sets (
  org_id uuid not null,
  shard smallint not null check (shard = org_shard(org_id)),
  kind smallint not null check (kind in (1, 2)),
  subject_id uuid not null,
  keys bigint[] not null,
  primary key (org_id, shard, kind, subject_id),
  foreign key (org_id) references orgs (org_id)
) partition by list (shard);

-- Without the pending list (fastupdate) a writer pays at once, and no reader has to walk what is not sorted in yet.
do $$
begin
  for n in 0 .. 7 loop
    execute format('create table match_sets_%s partition of match_sets for values in (%s)
      with (autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05)', n, n);
    execute format('create index match_sets_%s_keys on match_sets_%s using gin (keys) with (fastupdate = off)', n, n);
  end loop;
end
$$;

alter table match_keys no force row level security;
insert into match_sets (org_id, shard, kind, subject_id, keys)
select org_id, org_shard(org_id), kind, subject_id, array_agg(key order by key) from match_keys group by org_id, kind, subject_id;
drop table match_keys;

-- Partitions are reached through their table only; their own door is shut too.
call protect('match_sets');
do $$
begin
  for n in 0 .. 7 loop
    call protect(format('match_sets_%s', n)::regclass);
    execute format('revoke all on match_sets_%s from kartei_app', n);
  end loop;
end
$$;

-- The planner keeps an index of arrays from the application's sight, because row level security comes first and "contains" is not
-- leakproof. So meeting goes through doors, which open the organisation of the transaction and no other.
grant usage, create on schema kartei to kartei_guard;
grant select on match_sets to kartei_guard;
create policy guard on match_sets to kartei_guard using (true);

-- Subjects that share keys, those with the rarest first. A key that more than p_cap carry says nothing; the limit bounds what it
-- costs. "Is not distinct" keeps the planner from walking the organisation by the primary key while there are no statistics.
create function guard_match_meet(p_org uuid, p_kind smallint, p_keys bigint[], p_cap int, p_limit int)
  returns table (subject_id uuid, shared bigint)
  language plpgsql stable security definer set search_path = kartei, pg_temp
  as $$
declare
  v_org constant uuid := app_org();
  v_shard constant smallint := org_shard(app_org());
begin
  if p_org is distinct from v_org then
    return;
  end if;
  return query
    select h.id, count(*)
    from (select distinct unnest(p_keys) as key) k
    cross join lateral (
      select array_agg(m.subject_id) as ids, count(*) as carriers from (
        select s.subject_id from match_sets s
        where s.shard = v_shard and s.keys @> array[k.key] and s.kind = p_kind and s.org_id is not distinct from v_org
        limit p_cap + 1) m) c
    cross join lateral unnest(c.ids) as h (id)
    where c.carriers <= p_cap
    group by h.id
    order by sum(1 + ln(p_cap::double precision / c.carriers)) desc, h.id limit p_limit;
end
$$;

-- Subjects that have every key.
create function guard_match_all(p_org uuid, p_kind smallint, p_keys bigint[]) returns setof uuid
  language plpgsql stable security definer set search_path = kartei, pg_temp
  as $$
declare
  v_org constant uuid := app_org();
  v_shard constant smallint := org_shard(app_org());
begin
  if p_org is distinct from v_org then
    return;
  end if;
  return query
    select s.subject_id from match_sets s
    where s.shard = v_shard and s.keys @> p_keys and s.kind = p_kind and s.org_id is not distinct from v_org;
end
$$;

do $$
declare
  f regprocedure;
begin
  for f in select p.oid::regprocedure from pg_proc p
      where p.pronamespace = 'kartei'::regnamespace and p.proname in ('guard_match_meet', 'guard_match_all') loop
    execute format('revoke all on function %s from public', f);
    execute format('grant execute on function %s to kartei_app', f);
    execute format('alter function %s owner to kartei_guard', f);
  end loop;
end
$$;
revoke create on schema kartei from kartei_guard;
