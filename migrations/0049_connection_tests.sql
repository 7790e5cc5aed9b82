-- What the last test of a connection found is kept with it: when, who started it, and the result. Kept: as long as the connection; the
-- next test replaces it.
create table connection_tests (
  org_id uuid not null,
  connection_id uuid not null,
  at timestamptz not null default now(),
  user_id uuid not null,
  result bytea not null,   -- sealed: it names the user and the organisation over there
  primary key (org_id, connection_id),
  foreign key (org_id, connection_id) references connections (org_id, id) on delete cascade,
  foreign key (org_id, user_id) references users (org_id, id)
);
create index connection_tests_user on connection_tests (org_id, user_id);
call protect('connection_tests');
call sealed('connection_tests', '{result}', 'connection_id');
