-- Field mappings of connections, what their CRMs said of the fields in them, and the write policy.

-- Connections that exist keep what they could do; new ones begin with reading.
alter table connections
  add column policy text not null default 'confirm' check (policy in ('read', 'propose', 'confirm', 'fill')),
  add column mapping_version bigint not null default 0,
  add column mapping_revision bigint not null default 1,
  add column warnings bigint not null default 0;
alter table connections alter column policy set default 'read';

-- Versions that were active once: a write-back is undone by the one that it was written by. Version 0 is the connector's own.
create table mappings (
  org_id uuid not null,
  connection_id uuid not null,
  version bigint not null check (version > 0),
  doc bytea not null,
  fields bytea not null,
  user_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (org_id, connection_id, version),
  foreign key (org_id, connection_id) references connections (org_id, id) on delete cascade,
  foreign key (org_id, user_id) references users (org_id, id)
);
call protect('mappings', 'select, insert, delete');

create table mapping_drafts (
  org_id uuid not null,
  connection_id uuid not null,
  doc bytea not null,
  user_id uuid not null,
  updated_at timestamptz not null default now(),
  primary key (org_id, connection_id),
  foreign key (org_id, connection_id) references connections (org_id, id) on delete cascade,
  foreign key (org_id, user_id) references users (org_id, id)
);
call protect('mapping_drafts');

-- The fields of the active mapping as the CRM described them last.
create table connection_fields (
  org_id uuid not null,
  connection_id uuid not null,
  fields bytea not null,
  checked_at timestamptz not null default now(),
  primary key (org_id, connection_id),
  foreign key (org_id, connection_id) references connections (org_id, id) on delete cascade
);
call protect('connection_fields');

insert into rights (role, resource, action, ownership) values
  ('admin', 'mapping', 'read', 'any'), ('admin', 'mapping', 'update', 'any'), ('admin', 'mapping', 'activate', 'any'),
  ('admin', 'connection', 'policy', 'any');
