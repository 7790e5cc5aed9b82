-- The index of match keys as sorted, packed pages in a few runs, with a small table of what is new in front (ADR 0020): a third of the
-- bytes of arrays with an inverted index, and a batch writes a few rows instead of a leaf of an index a key.

create sequence match_numbers as bigint;
grant usage on sequence match_numbers to kartei_app;

-- kind 1: contacts, 2: records. The number stands for the subject's present set of keys: another set gets another number, and what
-- the index says of the old one is void. The digest tells whether the set is another.
create table match_subjects (
  org_id uuid not null,
  kind smallint not null check (kind in (1, 2)),
  subject_id uuid not null,
  number bigint not null,
  digest bigint not null,
  primary key (org_id, kind, subject_id),
  unique (org_id, number),
  foreign key (org_id) references orgs (org_id)
) partition by hash (org_id);

-- Single changes: a posting a row, until there are enough for a run.
create table match_fresh (
  org_id uuid not null,
  kind smallint not null check (kind in (1, 2)),
  key bigint not null,
  number bigint not null,
  primary key (org_id, kind, key, number),
  foreign key (org_id) references orgs (org_id)
) with (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 5000);

-- A run is sorted; runs of one kind are merged as they grow. `into`: this one is being emptied, range by range, into that one.
create table match_runs (
  org_id uuid not null,
  kind smallint not null check (kind in (1, 2)),
  run bigint not null,
  size bigint not null default 0 check (size >= 0),
  "into" bigint,
  primary key (org_id, run),
  foreign key (org_id) references orgs (org_id),
  foreign key (org_id, "into") references match_runs (org_id, run)
);

-- last_key, last_number: the page's last posting. A key's page is the first whose last key is not smaller.
create table match_pages (
  org_id uuid not null,
  run bigint not null,
  last_key bigint not null,
  last_number bigint not null,
  body bytea not null,
  primary key (org_id, run, last_key, last_number),
  foreign key (org_id, run) references match_runs (org_id, run)
) partition by hash (org_id);

-- Partitions are reached through their table only; their own door is shut too. Pages are packed as they are, and stay in their row.
do $$
declare
  part text;
begin
  foreach part in array array['match_subjects', 'match_pages'] loop
    for n in 0 .. 7 loop
      execute format('create table %s_%s partition of %s for values with (modulus 8, remainder %s)
        with (autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05)', part, n, part, n);
      call protect(format('%s_%s', part, n)::regclass);
      execute format('revoke all on %s_%s from kartei_app', part, n);
      if part = 'match_pages' then
        execute format('alter table match_pages_%s alter body set storage external, set (toast_tuple_target = 8160)', n);
      end if;
    end loop;
  end loop;
end
$$;

alter table match_sets no force row level security;
alter table match_sets disable row level security;
with numbered as (
  insert into match_subjects (org_id, kind, subject_id, number, digest)
  select org_id, kind, subject_id, nextval('match_numbers'), 0 from match_sets returning *)
insert into match_fresh (org_id, kind, key, number)
select distinct s.org_id, s.kind, (k >> 16) & 281474976710655, n.number
from match_sets s join numbered n using (org_id, kind, subject_id) cross join unnest(s.keys) k;
drop function guard_match_meet(uuid, smallint, bigint[], int, int);
drop function guard_match_all(uuid, smallint, bigint[]);
drop table match_sets;
drop function org_shard(uuid);

call protect('match_subjects');
call protect('match_fresh');
call protect('match_runs');
call protect('match_pages');
