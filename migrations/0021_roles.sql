-- Roles beyond user and administrator, tokens for programs, support that is let in for a time, and who reaches a list in one place.

alter table users drop constraint users_role_check;
alter table users add constraint users_role_check
  check (role in ('reporter', 'user', 'template_curator', 'template_manager', 'admin', 'support'));
create index users_admins on users (org_id, id) where role = 'admin' and state = 'active';

-- The lists that a person owns, edits or reads: what lies in others does not exist for them.
create function lists_reached(p_user uuid) returns setof uuid
  language sql stable parallel safe
  as $$
  select l.id from lists l where l.org_id = app_org() and (l.owner_id = p_user or exists (
    select from list_members m where m.org_id = l.org_id and m.list_id = l.id and m.user_id = p_user))
$$;
revoke all on function lists_reached(uuid) from public;
grant execute on function lists_reached(uuid) to kartei_app;

-- What a program may do in the name of a person. Of the token only its SHA-256 is here; it was shown once.
create table api_tokens (
  org_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  token_hash bytea not null,
  name bytea not null,
  scopes text not null, -- separated by blanks
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz,
  used_from bytea,
  ended_at timestamptz,
  primary key (org_id, id),
  unique (org_id, token_hash),
  foreign key (org_id, user_id) references users (org_id, id),
  check (expires_at > created_at and expires_at <= created_at + interval '366 days')
);
create index api_tokens_user on api_tokens (org_id, user_id);
create index api_tokens_hash on api_tokens (token_hash);
call protect('api_tokens', 'select, insert, update');

-- Who of support was let in, by whom, why, how far and until when. Without a row that holds a support account may nothing.
create table support_grants (
  org_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  granted_by uuid not null,
  area text not null check (area in ('configuration', 'content')),
  reason bytea not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  ended_at timestamptz,
  ended_by uuid,
  primary key (org_id, id),
  foreign key (org_id, user_id) references users (org_id, id),
  foreign key (org_id, granted_by) references users (org_id, id),
  foreign key (org_id, ended_by) references users (org_id, id),
  check (expires_at > created_at and expires_at <= created_at + interval '7 days')
);
create unique index support_grants_open on support_grants (org_id, user_id) where ended_at is null;
create index support_grants_granted_by on support_grants (org_id, granted_by);
create index support_grants_ended_by on support_grants (org_id, ended_by) where ended_by is not null;
call protect('support_grants', 'select, insert, update');

-- ---- Rights ----

-- One line a right: which roles have it, and over whose things.
create procedure allow(p_resource text, p_actions text[], p_roles text[], p_ownership text)
  language sql
  as $$
  insert into rights (role, resource, action, ownership)
  select r, p_resource, a, p_ownership from unnest(p_roles) r, unnest(p_actions) a
$$;
revoke all on procedure allow(text, text[], text[], text) from public;

-- Curators and managers of templates are users besides. The rules of matching and the mapping of fields are the templates there are:
-- curators draft and try, managers put into force.
insert into rights (role, resource, action, ownership)
select r, resource, action, ownership from rights, unnest('{template_curator,template_manager}'::text[]) r where role = 'user';
call allow('mapping', '{read,update}', '{template_curator,template_manager}', 'any');
call allow('mapping', '{activate}', '{template_manager}', 'any');
call allow('matching_rule', '{list,read,create,update,simulate,test,learn}', '{template_curator,template_manager}', 'any');
call allow('matching_rule', '{activate}', '{template_manager}', 'any');

-- Reporters capture and correct their own, see what is known of it, and hand it on by sharing a list: they decide about no duplicate
-- and write to no CRM.
insert into rights (role, resource, action, ownership)
select 'reporter', resource, action, ownership from rights
where role = 'user' and (resource in ('session', 'list', 'scan', 'job', 'event', 'connector', 'connection')
  or (resource = 'contact' and action <> 'review')
  or (resource in ('candidate', 'write_back') and action in ('list', 'read')));

-- Support sees how things are set up; with the area "content" also contacts and scans, and may take them out of the bin. It changes
-- nothing else, and sees no credentials, mailboxes, people or exports.
call allow('session', '{read,update,delete}', '{support,support_content}', 'own');
call allow('connector', '{list}', '{support,support_content}', 'any');
call allow('connection', '{list,read,test}', '{support,support_content}', 'any');
call allow('mapping', '{read}', '{support,support_content}', 'any');
call allow('matching_rule', '{list,read,test}', '{support,support_content}', 'any');
call allow('job', '{read}', '{support,support_content}', 'any');
call allow('list', '{list,read}', '{support_content}', 'any');
call allow('scan', '{list,read,restore}', '{support_content}', 'any');
call allow('contact', '{list,read,restore}', '{support_content}', 'any');
call allow('candidate', '{list,read}', '{support_content}', 'any');
call allow('write_back', '{list,read}', '{support_content}', 'any');
call allow('event', '{read}', '{support_content}', 'any');

call allow('role', '{list}', '{admin}', 'any');
call allow('colleague', '{list}', '{reporter,user,template_curator,template_manager,admin}', 'any');
call allow('token', '{list,create,revoke}', '{reporter,user,template_curator,template_manager}', 'own');
call allow('token', '{list,create,revoke}', '{admin}', 'any');
call allow('support_grant', '{list,create,revoke}', '{admin}', 'any');

grant create on schema kartei to kartei_guard;
grant select, update (used_at, ended_at) on api_tokens to kartei_guard;
create policy guard on api_tokens to kartei_guard using (true);
set local role kartei_guard;
-- Whom a program acts for. A suspended person's tokens are worth nothing, nor are those of support.
create function guard_token(p_token_hash bytea)
  returns table (org_id uuid, id uuid, scopes text, used_at timestamptz, expires_at timestamptz, user_id uuid, role text,
                 profile bytea)
  language sql stable security definer set search_path = kartei, pg_temp
  as $$
  select t.org_id, t.id, t.scopes, t.used_at, t.expires_at, u.id, u.role, u.profile
  from api_tokens t join users u on u.org_id = t.org_id and u.id = t.user_id
  where t.token_hash = p_token_hash and t.ended_at is null and t.expires_at > now() and u.state = 'active' and u.role <> 'support'
$$;
revoke all on function guard_token from public;
grant execute on function guard_token to kartei_app;
-- Who holds a token may give it back (RFC 7009).
create function guard_token_end(p_token_hash bytea) returns table (org_id uuid, id uuid, user_id uuid)
  language sql security definer set search_path = kartei, pg_temp
  as $$
  update api_tokens t set ended_at = now() where t.token_hash = p_token_hash and t.ended_at is null
  returning t.org_id, t.id, t.user_id
$$;
revoke all on function guard_token_end from public;
grant execute on function guard_token_end to kartei_app;
set local role kartei_owner;
revoke create on schema kartei from kartei_guard;
