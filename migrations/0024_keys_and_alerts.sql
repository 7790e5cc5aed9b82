-- Which master key a key is wrapped under, so that it can be changed while programs run; keys of the whole instance, random and wrapped
-- too, where they used to be made from the master key and would have changed with it; alerts on suspicious patterns in the audit trail.

alter table orgs add column master text not null default '';
alter table org_keys add column master text not null default '';

create table instance_keys (
  name text primary key,
  wrapped_key bytea not null,
  master text not null,
  created_at timestamptz not null default now()
);
grant select, insert, update on instance_keys to kartei_app;

-- One row a pattern and a culprit while it is open; a later burst after it was seen is a row of its own.
create table alerts (
  org_id uuid not null references orgs (org_id),
  id uuid not null,
  kind text not null check (kind in ('guessing', 'mass_reading', 'mass_export', 'new_host')),
  culprit_hash bytea not null,
  user_id uuid,
  session_id uuid,
  token_id uuid,
  address bytea,
  host bytea,
  amount bigint not null,
  first_seq bigint not null,
  last_seq bigint not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  seen_by uuid,
  seen_at timestamptz,
  version bigint not null default 1,
  primary key (org_id, id),
  foreign key (org_id, user_id) references users (org_id, id),
  foreign key (org_id, seen_by) references users (org_id, id)
);
create unique index alerts_open on alerts (org_id, kind, culprit_hash) where seen_at is null;
create index alerts_user on alerts (org_id, user_id);
create index alerts_seen_by on alerts (org_id, seen_by);
call protect('alerts', 'select, insert, update');

-- Hosts that an organisation's data went to, so that a new one is noticed.
create table egress_hosts (
  org_id uuid not null references orgs (org_id),
  host_hash bytea not null,
  id uuid not null,
  host bytea not null,
  connection_id uuid,
  first_at timestamptz not null default now(),
  last_at timestamptz not null default now(),
  primary key (org_id, host_hash)
);
call protect('egress_hosts', 'select, insert, update');

insert into rights (role, resource, action, ownership) values ('admin', 'alert', 'list', 'any'), ('admin', 'alert', 'update', 'any');
