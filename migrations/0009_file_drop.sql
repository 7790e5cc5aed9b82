-- File drop: what has been written for a CRM that a person carries files to. An entry waits until one file takes it; a file stays as
-- it was taken and can be fetched again.

create table exports (
  org_id uuid not null,
  id uuid not null,
  connection_id uuid not null,
  user_id uuid not null,
  entries bigint not null,
  created_at timestamptz not null default now(),
  primary key (org_id, id),
  foreign key (org_id, connection_id) references connections (org_id, id) on delete cascade,
  foreign key (org_id, user_id) references users (org_id, id)
);
create index exports_connection on exports (org_id, connection_id, id);
call protect('exports', 'select, insert, delete');

create table export_entries (
  org_id uuid not null,
  id uuid not null,
  connection_id uuid not null,
  record_id uuid not null,
  export_id uuid,
  action text not null check (action in ('create', 'update')),
  contact bytea not null,
  created_at timestamptz not null default now(),
  primary key (org_id, id),
  foreign key (org_id, connection_id) references connections (org_id, id) on delete cascade,
  foreign key (org_id, record_id) references records (org_id, id) on delete cascade,
  foreign key (org_id, export_id) references exports (org_id, id) on delete cascade
);
-- A record waits once at most.
create unique index export_entries_waiting on export_entries (org_id, connection_id, record_id) where export_id is null;
create index export_entries_record on export_entries (org_id, record_id);
create index export_entries_export on export_entries (org_id, export_id, id);
call protect('export_entries');

insert into rights (role, resource, action, ownership) values
  ('admin', 'export', 'list', 'any'), ('admin', 'export', 'create', 'any'), ('admin', 'export', 'read', 'any'),
  ('admin', 'connection', 'import', 'any');
