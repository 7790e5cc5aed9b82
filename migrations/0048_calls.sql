-- What goes on between a connection and its CRM can be looked up: every piece of work that called it, how it ended and how long the
-- CRM took; and every renewal of its tokens. Words and ids of ours alone, nothing of what was said; the latest 500 of a connection.
create table connection_work (
  org_id uuid not null,
  connection_id uuid not null,
  id bigint generated always as identity,
  at timestamptz not null default now(),
  work text not null check (work in ('read', 'write', 'pull', 'test', 'renew')),
  subject_id uuid,      -- the write-back of 'write'
  problem text,         -- slug of the error it ended with; null: none
  requests int not null check (requests >= 0),
  total_ms int not null check (total_ms >= 0),   -- of all requests together
  slowest_ms int not null check (slowest_ms >= 0),
  primary key (org_id, connection_id, id),
  foreign key (org_id, connection_id) references connections (org_id, id) on delete cascade
);
call protect('connection_work', 'select, insert, delete');
