-- OAuth: what a person has begun at a CRM's consent page, and the tokens that came of it. States are kept hashed, the rest sealed.

create table oauth_begun (
  org_id uuid not null,
  id uuid not null,
  state_hash bytea not null,
  session_id uuid not null,
  user_id uuid not null,
  connection_id uuid not null,
  connection_version bigint not null,
  trip bytea not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  primary key (org_id, id),
  unique (org_id, state_hash),
  foreign key (org_id, session_id) references sessions (org_id, id) on delete cascade,
  foreign key (org_id, user_id) references users (org_id, id),
  foreign key (org_id, connection_id) references connections (org_id, id) on delete cascade
);
create index oauth_begun_session on oauth_begun (session_id, org_id);
create index oauth_begun_connection on oauth_begun (connection_id, org_id);
create index oauth_begun_expires on oauth_begun (expires_at);
call protect('oauth_begun', 'select, insert, delete');

-- One row a connection. "ended": the provider takes the grant no longer, a person has to connect again.
create table oauth_tokens (
  org_id uuid not null,
  connection_id uuid not null,
  access bytea,
  refresh bytea,
  base bytea,
  scope bytea,
  ended boolean not null default false,
  expires_at timestamptz,
  renew_at timestamptz,
  renewed_at timestamptz,
  failures bigint not null default 0,
  retry_at timestamptz,
  granted_by uuid,
  granted_at timestamptz,
  primary key (org_id, connection_id),
  foreign key (org_id, connection_id) references connections (org_id, id) on delete cascade,
  foreign key (org_id, granted_by) references users (org_id, id)
);
call protect('oauth_tokens');

insert into rights (role, resource, action, ownership) values
  ('admin', 'connection', 'authorize', 'any'), ('admin', 'connection', 'disconnect', 'any');

grant create on schema kartei to kartei_guard;
grant select, delete on oauth_begun to kartei_guard;
create policy guard on oauth_begun to kartei_guard using (true);
set local role kartei_guard;
create or replace function guard_prune() returns void
  language sql security definer set search_path = kartei, pg_temp
  as $$
  delete from oauth_begun where expires_at < now();
  delete from sessions where expires_at < now();
  delete from login_links where expires_at < now() - interval '1 day';
  delete from idempotency where expires_at < now();
  delete from previews where expires_at < now() - interval '1 day';
  delete from events where created_at < now() - interval '1 day';
  delete from jobs where state in ('done', 'cancelled') and finished_at < now() - interval '7 days';
  delete from jobs where state = 'dead' and finished_at < now() - interval '90 days';
$$;
set local role kartei_owner;
revoke create on schema kartei from kartei_guard;
