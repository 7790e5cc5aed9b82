-- Signing in: links by mail bound to a browser, second factors, guessing slowed down over restarts, sign-up and invitations.

-- What happens at the door before anyone knows who it is: a mail that is asked for, a sign-in that was refused. The same row for known
-- and unknown addresses, so that nobody learns which is which. Sealed under a key of the master key; the worker looks who it is.
create table door_notes (
  id uuid primary key,
  note bytea not null,
  created_at timestamptz not null default now(),
  taken_until timestamptz, -- a worker has it
  done boolean not null default false
);
create index door_notes_open on door_notes (created_at) where not done;

-- How often something was tried within a window. The key is a keyed hash of what and from where; unknown accounts have rows, too.
create table throttles (
  key bytea primary key,
  n int not null,
  since timestamptz not null
);
create index throttles_since on throttles (since);

-- Where users have signed in before, as keyed hashes: there a stranger's guesses do not lock them out.
create table known_places (
  key bytea primary key,
  seen_at timestamptz not null
);
create index known_places_seen on known_places (seen_at);

alter table login_links
  add column browser_hash bytea, -- of the asking browser's cookie; none: handed over by an administrator, good anywhere
  add column code_hash bytea, -- what another browser has to type, keyed by the link's token
  add column code_tries smallint not null default 0,
  add column email_hash bytea; -- the address it went to: another one voids it

alter table sessions add column method text, add column client bytea;
create index sessions_list on sessions (org_id, user_id, seen_at desc);

-- Between the first factor and the second.
create table pending_sign_ins (
  org_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  token_hash bytea not null,
  method text not null,
  expires_at timestamptz not null,
  primary key (org_id, id),
  unique (org_id, token_hash),
  foreign key (org_id, user_id) references users (org_id, id)
);
create index pending_sign_ins_token on pending_sign_ins (token_hash);
create index pending_sign_ins_user on pending_sign_ins (org_id, user_id);
create index pending_sign_ins_expires on pending_sign_ins (expires_at);
call protect('pending_sign_ins', 'select, insert, delete');

create table second_factors (
  org_id uuid not null,
  user_id uuid not null,
  seed bytea not null,
  last_step bigint not null default 0, -- a code of this step or an earlier one is not taken again
  confirmed_at timestamptz, -- none: enrolment has begun
  created_at timestamptz not null default now(),
  primary key (org_id, user_id),
  foreign key (org_id, user_id) references users (org_id, id)
);
call protect('second_factors');

create table recovery_codes (
  org_id uuid not null,
  user_id uuid not null,
  code_hash bytea not null,
  used_at timestamptz,
  primary key (org_id, user_id, code_hash),
  foreign key (org_id, user_id) references users (org_id, id)
);
call protect('recovery_codes');

-- Whom the organisation asks for a second factor; no row: nobody.
create table sign_in_policies (
  org_id uuid primary key references orgs (org_id),
  second_factor_roles text[] not null,
  version bigint not null default 1,
  changed_at timestamptz not null default now()
);
call protect('sign_in_policies', 'select, insert, update');

create table invitations (
  org_id uuid not null,
  id uuid not null,
  code_hash bytea not null,
  bound bytea not null, -- to which address or domain
  role text not null,
  uses_left int not null check (uses_left >= 0),
  expires_at timestamptz not null,
  created_by uuid,
  created_at timestamptz not null default now(),
  primary key (org_id, id),
  unique (org_id, code_hash),
  foreign key (org_id, created_by) references users (org_id, id)
);
create index invitations_code on invitations (code_hash);
create index invitations_creator on invitations (org_id, created_by);
create index invitations_expires on invitations (expires_at);
call protect('invitations');

-- Domains whose people may sign up by themselves; the operator says whose they are.
create table sign_up_domains (
  org_id uuid not null references orgs (org_id),
  domain_hash bytea not null,
  domain bytea not null,
  role text not null,
  created_at timestamptz not null default now(),
  primary key (org_id, domain_hash)
);
create index sign_up_domains_hash on sign_up_domains (domain_hash);
call protect('sign_up_domains', 'select, insert, delete');

-- Who signed up and has not yet confirmed the address: no user, and so nothing that could be done.
create table sign_ups (
  org_id uuid not null,
  id uuid not null,
  token_hash bytea, -- none: the mail is not yet on its way
  profile bytea not null,
  invitation_id uuid,
  role text not null,
  expires_at timestamptz not null,
  primary key (org_id, id),
  unique (org_id, token_hash),
  foreign key (org_id) references orgs (org_id),
  foreign key (org_id, invitation_id) references invitations (org_id, id) on delete cascade
);
create index sign_ups_token on sign_ups (token_hash);
create index sign_ups_invitation on sign_ups (org_id, invitation_id);
create index sign_ups_expires on sign_ups (expires_at);
call protect('sign_ups');

insert into rights (role, resource, action, ownership) values
  ('admin', 'session', 'list', 'any'), ('user', 'session', 'list', 'own'),
  ('admin', 'second_factor', 'read', 'any'), ('user', 'second_factor', 'read', 'own'),
  ('admin', 'second_factor', 'update', 'any'), ('user', 'second_factor', 'update', 'own'),
  ('admin', 'second_factor', 'remove', 'any'),
  ('admin', 'user', 'cut_off', 'any'), ('admin', 'organisation', 'cut_off', 'any'),
  ('admin', 'sign_in_policy', 'read', 'any'), ('admin', 'sign_in_policy', 'update', 'any'),
  ('admin', 'invitation', 'list', 'any'), ('admin', 'invitation', 'create', 'any'), ('admin', 'invitation', 'delete', 'any');

grant create on schema kartei to kartei_guard;
grant select, insert, update, delete on door_notes, throttles, known_places to kartei_guard;
grant select, delete on pending_sign_ins, invitations, sign_ups to kartei_guard;
grant select on sign_up_domains to kartei_guard;
do $$
declare
  t text;
begin
  foreach t in array array['door_notes', 'throttles', 'known_places'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
  end loop;
  foreach t in array array['door_notes', 'throttles', 'known_places', 'pending_sign_ins', 'invitations', 'sign_up_domains', 'sign_ups'] loop
    execute format('create policy guard on %I to kartei_guard using (true)', t);
  end loop;
end
$$;
set local role kartei_guard;
drop function guard_login_link(bytea);

create function guard_door_note_add(p_id uuid, p_note bytea) returns void
  language sql security definer set search_path = kartei, pg_temp
  as $$
  insert into door_notes (id, note) values (p_id, p_note);
  select pg_notify('kartei_job', '');
$$;

-- Notes that nobody works on, for a minute; one whose worker died comes again.
create function guard_door_note_take(p_limit int) returns table (id uuid, note bytea)
  language sql security definer set search_path = kartei, pg_temp
  as $$
  update door_notes m set taken_until = now() + interval '1 minute'
  where m.id in (
    select o.id from door_notes o where not o.done and (o.taken_until is null or o.taken_until < now())
    order by o.created_at limit p_limit for update skip locked)
  returning m.id, m.note
$$;

create function guard_door_note_done(p_id uuid) returns void
  language sql security definer set search_path = kartei, pg_temp
  as $$ update door_notes set done = true where id = p_id $$;

create function guard_door_note_get(p_id uuid) returns table (note bytea)
  language sql stable security definer set search_path = kartei, pg_temp
  as $$ select m.note from door_notes m where m.id = p_id $$;

-- Counts one try under every key, or none and false when one of them is at its limit. Counted before the work is done, and given back
-- when it succeeds, so that tries at the same time cannot slip past the limit together.
create function guard_throttle_take(p_keys bytea[], p_limits bigint[], p_windows_ms bigint[]) returns boolean
  language plpgsql security definer set search_path = kartei, pg_temp
  as $$
begin
  insert into throttles (key, n, since)
    select k, 0, now() from unnest(p_keys) k order by k on conflict (key) do nothing;
  perform from throttles t where t.key = any (p_keys) order by t.key for update;
  update throttles t set n = 0, since = now()
    from unnest(p_keys, p_windows_ms) a (k, w)
    where t.key = a.k and t.since <= now() - a.w * interval '1 millisecond';
  if exists (select from throttles t join unnest(p_keys, p_limits) a (k, l) on t.key = a.k where t.n >= a.l) then
    return false;
  end if;
  update throttles t set n = t.n + 1 where t.key = any (p_keys);
  return true;
end
$$;

-- A try that was good: `p_clear` forgets the failures before it as well.
create function guard_throttle_give(p_keys bytea[], p_clear boolean) returns void
  language sql security definer set search_path = kartei, pg_temp
  as $$
  update throttles t set n = case when p_clear then 0 else greatest(0, t.n - 1) end
  where t.key in (select g.key from throttles g where g.key = any (p_keys) order by g.key for update)
$$;

create function guard_place_known(p_key bytea) returns boolean
  language sql stable security definer set search_path = kartei, pg_temp
  as $$ select exists (select from known_places where key = p_key and seen_at > now() - interval '90 days') $$;

create function guard_place_note(p_key bytea) returns void
  language sql security definer set search_path = kartei, pg_temp
  as $$
  insert into known_places (key, seen_at) values (p_key, now())
  on conflict (key) do update set seen_at = now() where known_places.seen_at < now() - interval '1 day'
$$;

-- Uses a link up. In another browser than the one that asked it needs the code: `wants_code` and nothing is used up, but the try
-- counts when there was a code; the fifth wrong one ends the link.
create function guard_login_link(p_token_hash bytea, p_browser_hash bytea, p_code_hash bytea)
  returns table (org_id uuid, user_id uuid, wants_code boolean)
  language plpgsql security definer set search_path = kartei, pg_temp
  as $$
declare
  l login_links;
  good boolean;
begin
  select k.* into l from login_links k join users u on u.org_id = k.org_id and u.id = k.user_id
  where k.token_hash = p_token_hash and k.used_at is null and k.expires_at > now() and u.state = 'active'
    and (k.email_hash is null or k.email_hash = u.email_hash)
  for update of k;
  if not found then
    return;
  end if;
  good := l.browser_hash is null or l.browser_hash = p_browser_hash or l.code_hash = p_code_hash;
  if good is true then
    update login_links k set used_at = now() where k.org_id = l.org_id and k.id = l.id;
  elsif p_code_hash is not null then
    update login_links k set code_tries = k.code_tries + 1, used_at = case when k.code_tries >= 4 then now() end
    where k.org_id = l.org_id and k.id = l.id;
  end if;
  return query select l.org_id, l.user_id, good is not true;
end
$$;

create function guard_pending_sign_in(p_token_hash bytea) returns table (org_id uuid, id uuid, user_id uuid, method text)
  language sql stable security definer set search_path = kartei, pg_temp
  as $$
  select p.org_id, p.id, p.user_id, p.method from pending_sign_ins p
    join users u on u.org_id = p.org_id and u.id = p.user_id
  where p.token_hash = p_token_hash and p.expires_at > now() and u.state = 'active'
$$;

create function guard_invitation(p_code_hash bytea) returns table (org_id uuid, id uuid)
  language sql stable security definer set search_path = kartei, pg_temp
  as $$
  select i.org_id, i.id from invitations i where i.code_hash = p_code_hash and i.expires_at > now() and i.uses_left > 0
$$;

create function guard_sign_up_domain(p_domain_hash bytea) returns table (org_id uuid, role text)
  language sql stable security definer set search_path = kartei, pg_temp
  as $$ select d.org_id, d.role from sign_up_domains d where d.domain_hash = p_domain_hash order by d.created_at limit 1 $$;

create function guard_sign_up(p_token_hash bytea) returns table (org_id uuid, id uuid)
  language sql stable security definer set search_path = kartei, pg_temp
  as $$ select s.org_id, s.id from sign_ups s where s.token_hash = p_token_hash and s.expires_at > now() $$;

create function guard_prune_sign_in() returns void
  language sql security definer set search_path = kartei, pg_temp
  as $$
  delete from pending_sign_ins where expires_at < now();
  delete from sign_ups where expires_at < now();
  delete from invitations where expires_at < now() - interval '30 days';
  delete from door_notes where created_at < now() - interval '1 hour';
  delete from throttles where since < now() - interval '1 day';
  delete from known_places where seen_at < now() - interval '90 days';
$$;

do $$
declare
  f regprocedure;
begin
  for f in select p.oid::regprocedure from pg_proc p where p.pronamespace = 'kartei'::regnamespace and p.proname = any (array[
      'guard_door_note_add', 'guard_door_note_take', 'guard_door_note_done', 'guard_door_note_get', 'guard_throttle_take',
      'guard_throttle_give', 'guard_place_known', 'guard_place_note', 'guard_login_link', 'guard_pending_sign_in',
      'guard_invitation', 'guard_sign_up_domain', 'guard_sign_up', 'guard_prune_sign_in']) loop
    execute format('revoke all on function %s from public', f);
    execute format('grant execute on function %s to kartei_app', f);
  end loop;
end
$$;
set local role kartei_owner;
revoke create on schema kartei from kartei_guard;
