-- Organisations, their keys and people. Every table with org_id is protected by row level security from its first day.

-- The organisation of the transaction; NULL (no row matches) when none is set.
create function app_org() returns uuid
  language sql stable parallel safe
  as $$ select nullif(current_setting('app.org', true), '')::uuid $$;
revoke all on function app_org() from public;
grant execute on function app_org() to kartei_app, kartei_guard;

-- Shuts a table to all but the transaction's organisation, also for its owner; the application gets the verbs it needs.
create procedure protect(target regclass, verbs text default 'select, insert, update, delete')
  language plpgsql
  as $$
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format('create policy own on %s using (org_id = app_org()) with check (org_id = app_org())', target);
  execute format('grant %s on %s to kartei_app', verbs, target);
end
$$;
revoke all on procedure protect(regclass, text) from public;

create table orgs (
  org_id uuid primary key,
  name bytea not null,
  key_version bigint not null default 1,
  wrapped_index_key bytea not null,
  created_at timestamptz not null default now()
);
call protect('orgs', 'select, insert, update');

create table org_keys (
  org_id uuid not null references orgs (org_id),
  version bigint not null check (version > 0),
  wrapped_key bytea not null,
  created_at timestamptz not null default now(),
  primary key (org_id, version)
);
call protect('org_keys');

create table users (
  org_id uuid not null references orgs (org_id),
  id uuid not null,
  email_hash bytea not null,
  profile bytea not null,
  password_hash text,
  role text not null check (role in ('admin', 'user')),
  state text not null check (state in ('active', 'suspended')),
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  primary key (org_id, id),
  unique (org_id, email_hash)
);
create index users_email_hash on users (email_hash);
call protect('users', 'select, insert, update');

create table sessions (
  org_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  token_hash bytea not null,
  created_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  expires_at timestamptz not null,
  primary key (org_id, id),
  unique (org_id, token_hash),
  foreign key (org_id, user_id) references users (org_id, id)
);
create index sessions_token_hash on sessions (token_hash);
create index sessions_user on sessions (org_id, user_id);
create index sessions_expires on sessions (expires_at);
call protect('sessions', 'select, insert, delete');

create table login_links (
  org_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  token_hash bytea not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz,
  primary key (org_id, id),
  unique (org_id, token_hash),
  foreign key (org_id, user_id) references users (org_id, id)
);
create index login_links_token_hash on login_links (token_hash);
create index login_links_user on login_links (org_id, user_id);
create index login_links_expires on login_links (expires_at);
call protect('login_links', 'select, insert, delete');

-- What a role may do: no row, no right.
create table rights (
  role text not null,
  resource text not null,
  action text not null,
  ownership text not null check (ownership in ('any', 'own')),
  primary key (role, resource, action)
);
grant select on rights to kartei_app;

insert into rights (role, resource, action, ownership)
select 'admin', resource, action, 'any'
from (values
  ('session', 'read'), ('session', 'update'), ('session', 'delete'),
  ('user', 'list'), ('user', 'read'), ('user', 'create'), ('user', 'update'),
  ('list', 'list'), ('list', 'read'), ('list', 'create'), ('list', 'update'), ('list', 'delete'),
  ('scan', 'list'), ('scan', 'read'), ('scan', 'create'), ('scan', 'update'), ('scan', 'delete'), ('scan', 'restore'),
  ('scan', 'retry'),
  ('job', 'read'), ('job', 'cancel'), ('event', 'read'),
  ('contact', 'list'), ('contact', 'read'), ('contact', 'create'), ('contact', 'update'), ('contact', 'delete'),
  ('contact', 'restore'), ('contact', 'review'),
  ('candidate', 'list'), ('candidate', 'read'), ('candidate', 'decide'),
  ('preview', 'create'), ('preview', 'read'),
  ('write_back', 'list'), ('write_back', 'read'), ('write_back', 'create'), ('write_back', 'undo'),
  ('write_back', 'retry'),
  ('connector', 'list'),
  ('connection', 'list'), ('connection', 'read'), ('connection', 'create'), ('connection', 'update'),
  ('connection', 'delete'), ('connection', 'test'), ('connection', 'pull'),
  ('audit', 'read'), ('metrics', 'read')
) as may (resource, action);

insert into rights (role, resource, action, ownership)
select 'user', resource, action, ownership
from (values
  ('session', 'read', 'own'), ('session', 'update', 'own'), ('session', 'delete', 'own'),
  ('list', 'list', 'own'), ('list', 'read', 'own'), ('list', 'create', 'own'), ('list', 'update', 'own'),
  ('list', 'delete', 'own'),
  ('scan', 'list', 'own'), ('scan', 'read', 'own'), ('scan', 'create', 'own'), ('scan', 'update', 'own'),
  ('scan', 'delete', 'own'), ('scan', 'restore', 'own'), ('scan', 'retry', 'own'),
  ('job', 'read', 'own'), ('job', 'cancel', 'own'), ('event', 'read', 'own'),
  ('contact', 'list', 'own'), ('contact', 'read', 'own'), ('contact', 'create', 'own'), ('contact', 'update', 'own'),
  ('contact', 'delete', 'own'), ('contact', 'restore', 'own'), ('contact', 'review', 'own'),
  ('candidate', 'list', 'own'), ('candidate', 'read', 'own'), ('candidate', 'decide', 'own'),
  ('preview', 'create', 'own'), ('preview', 'read', 'own'),
  ('write_back', 'list', 'own'), ('write_back', 'read', 'own'), ('write_back', 'create', 'own'),
  ('write_back', 'undo', 'own'), ('write_back', 'retry', 'own'),
  ('connector', 'list', 'any'),
  ('connection', 'list', 'any'), ('connection', 'read', 'any')
) as may (resource, action, ownership);
