-- What runs and what is remembered: jobs, idempotency keys, the journal.

-- Room in the pages, early vacuum and partial indexes: the queue stays small although every job is written several times.
create table jobs (
  org_id uuid not null references orgs (org_id),
  id uuid not null,
  kind text not null,
  subject_id uuid not null,
  user_id uuid,
  state text not null default 'queued' check (state in ('queued', 'running', 'done', 'dead', 'cancelled')),
  priority smallint not null default 0,
  run_at timestamptz not null default now(),
  attempt bigint not null default 0,
  max_attempts bigint not null,
  worker uuid,
  locked_until timestamptz,
  cancel boolean not null default false,
  done bigint not null default 0,
  total bigint not null default 0,
  problem text,
  param text,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  primary key (org_id, id)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 200,
        autovacuum_analyze_scale_factor = 0.05);
create index jobs_due on jobs (priority, run_at) where state = 'queued';
create index jobs_lease on jobs (locked_until) where state = 'running';
create index jobs_finished on jobs (finished_at) where state in ('done', 'dead', 'cancelled');
create unique index jobs_queued_once on jobs (org_id, kind, subject_id) where state = 'queued';
create index jobs_subject on jobs (org_id, subject_id);
call protect('jobs', 'select, insert, update');

create table idempotency (
  org_id uuid not null references orgs (org_id),
  id uuid not null,
  principal uuid not null,
  route text not null,
  key_hash bytea not null,
  fingerprint bytea not null,
  status bigint, -- NULL while the first one runs
  head bytea,
  body bytea,
  locked_until timestamptz not null,
  expires_at timestamptz not null,
  primary key (org_id, id),
  unique (org_id, principal, route, key_hash)
);
create index idempotency_expires on idempotency (expires_at);
call protect('idempotency');

-- One row an organisation: its lock puts audit entries and events into commit order.
create table journal_heads (
  org_id uuid primary key references orgs (org_id),
  audit_seq bigint not null default 0,
  audit_hash bytea not null default decode(repeat('00', 32), 'hex'),
  event_id bigint not null default 0
);
call protect('journal_heads', 'select, insert, update');

create table audit (
  org_id uuid not null references orgs (org_id),
  seq bigint not null,
  at timestamptz not null,
  user_id uuid,
  action text not null,
  kind text not null,
  subject_id uuid,
  request text,
  note text,
  hash bytea not null,
  primary key (org_id, seq)
);
call protect('audit', 'select, insert');

create table events (
  org_id uuid not null references orgs (org_id),
  id bigint not null,
  type text not null,
  subject_id uuid not null,
  state text not null,
  created_at timestamptz not null default now(),
  primary key (org_id, id)
);
create index events_created on events (created_at);
call protect('events', 'select, insert');
