-- Towards the CRM: connections, the mirror, candidates, previews, write-backs.

create table connections (
  org_id uuid not null references orgs (org_id),
  id uuid not null,
  kind text not null,
  name bytea not null,
  settings bytea not null,
  secret bytea,
  cursor bytea,
  state text not null check (state in ('new', 'ok', 'down', 'reauthorise', 'off')),
  problem text,
  param text,
  ok_at timestamptz,
  pulled_at timestamptz,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  primary key (org_id, id)
);
call protect('connections');

create table records (
  org_id uuid not null,
  id uuid not null,
  connection_id uuid not null,
  remote_hash bytea not null,
  remote_id bytea not null,
  remote_version bytea,
  kind text not null check (kind in ('person', 'lead', 'company')),
  contact bytea not null,
  fetched_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (org_id, id),
  unique (org_id, connection_id, remote_hash),
  foreign key (org_id, connection_id) references connections (org_id, id) on delete cascade
);
create index records_list on records (org_id, connection_id, id) where deleted_at is null;
call protect('records');

create table candidates (
  org_id uuid not null,
  id uuid not null,
  contact_id uuid not null,
  record_id uuid not null,
  connection_id uuid not null,
  weight double precision not null,
  probability double precision not null check (probability between 0 and 1),
  band text not null check (band in ('obvious', 'possible')),
  reasons bytea not null,
  decided text check (decided in ('same', 'different')),
  why bytea,
  decided_by uuid,
  decided_at timestamptz,
  primary key (org_id, id),
  unique (org_id, contact_id, record_id),
  foreign key (org_id, contact_id) references contacts (org_id, id) on delete cascade,
  foreign key (org_id, record_id) references records (org_id, id) on delete cascade,
  foreign key (org_id, connection_id) references connections (org_id, id) on delete cascade,
  foreign key (org_id, decided_by) references users (org_id, id)
);
create index candidates_record on candidates (org_id, record_id);
create index candidates_connection on candidates (org_id, connection_id);
-- At most one record of a connection is the same person.
create unique index candidates_same on candidates (org_id, contact_id, connection_id) where decided = 'same';
call protect('candidates');

create table previews (
  org_id uuid not null,
  id uuid not null,
  contact_id uuid not null,
  contact_version bigint not null,
  connection_id uuid not null,
  record_id uuid,
  user_id uuid not null,
  action text not null check (action in ('create', 'update')),
  plan bytea not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  primary key (org_id, id),
  foreign key (org_id, contact_id) references contacts (org_id, id) on delete cascade,
  foreign key (org_id, connection_id) references connections (org_id, id) on delete cascade,
  foreign key (org_id, record_id) references records (org_id, id) on delete cascade,
  foreign key (org_id, user_id) references users (org_id, id)
);
create index previews_contact on previews (org_id, contact_id);
create index previews_connection on previews (org_id, connection_id);
create index previews_record on previews (org_id, record_id);
create index previews_expires on previews (expires_at);
call protect('previews', 'select, insert, delete');

-- connection_id and record_id are kept when the connection goes, as the proof of what was written: no foreign key there.
create table write_backs (
  org_id uuid not null,
  id uuid not null,
  contact_id uuid not null,
  contact_version bigint not null,
  connection_id uuid not null,
  record_id uuid,
  user_id uuid not null,
  job_id uuid,
  action text not null check (action in ('create', 'update', 'delete')),
  state text not null check (state in ('intent', 'sending', 'uncertain', 'written', 'conflict', 'refused', 'waiting',
                                       'undoing', 'undone', 'undo_conflict')),
  attempt bigint not null default 0,
  marker uuid not null,
  plan bytea not null,
  before bytea,
  remote_id bytea,
  version_seen bytea,
  version_after bytea,
  problem text,
  param text,
  undo_of uuid,
  due_at timestamptz,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (org_id, id),
  foreign key (org_id, contact_id) references contacts (org_id, id),
  foreign key (org_id, user_id) references users (org_id, id),
  foreign key (org_id, undo_of) references write_backs (org_id, id)
);
-- One at a time for a contact at a connection: two creates can never be in flight together.
create unique index write_backs_open on write_backs (org_id, contact_id, connection_id)
  where state in ('intent', 'sending', 'uncertain', 'waiting', 'undoing');
create index write_backs_contact on write_backs (org_id, contact_id);
create index write_backs_undo on write_backs (org_id, undo_of) where undo_of is not null;
create index write_backs_due on write_backs (due_at) where due_at is not null;
call protect('write_backs', 'select, insert, update');
