-- What the pages that prove are made from: hours in which a host was contacted, drills as they were run, and since when something is
-- warned of.

-- In which hours an organisation's data went to a host; hours older than 30 days go.
create table egress_hours (
  org_id uuid not null,
  host_hash bytea not null,
  at_hour timestamptz not null,
  primary key (org_id, host_hash, at_hour),
  foreign key (org_id, host_hash) references egress_hosts (org_id, host_hash)
);
call protect('egress_hours', 'select, insert, delete');

-- Backups, restore tests and looks for canaries of the whole instance, each noted by the program that ran it.
create table drills (
  id uuid primary key,
  kind text not null check (kind in ('backup', 'restore', 'canary')),
  at timestamptz not null default now(),
  passed boolean not null,
  program text not null,
  detail text not null check (length(detail) <= 300)
);
create index drills_kind on drills (kind, at desc);
grant select, insert on drills to kartei_app;

-- Since when, and since which version of the program, something is warned of, and who has put it off until when and why.
create table warning_marks (
  org_id uuid not null references orgs (org_id),
  kind text not null,
  subject_hash bytea not null,
  id uuid not null,
  first_at timestamptz not null default now(),
  first_program text not null,
  until timestamptz,
  reason bytea,
  user_id uuid,
  put_off_at timestamptz,
  version bigint not null default 1,
  primary key (org_id, id),
  unique (org_id, kind, subject_hash),
  foreign key (org_id, user_id) references users (org_id, id),
  check ((until is null) = (reason is null) and (until is null) = (user_id is null))
);
create index warning_marks_user on warning_marks (org_id, user_id);
call protect('warning_marks');
call sealed('warning_marks', '{reason}');

insert into rights (role, resource, action, ownership) values
  ('admin', 'warning', 'update', 'any'),
  ('admin', 'overview', 'read', 'any'),
  ('admin', 'proof', 'read', 'any');
