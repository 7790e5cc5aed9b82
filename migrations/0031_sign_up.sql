-- Signing up: at an organisation's own address by the domains it names, and by invitation codes (docs/adr/0021). The tables for it that
-- came with step 19 were never used; they come anew, as the way in wants them.
drop table sign_ups, sign_up_domains, invitations;
delete from sealed_columns where table_name in ('sign_ups', 'sign_up_domains', 'invitations');

-- Nobody becomes an administrator by what was sent to a mailbox or read aloud.
create function joining_role(p_role text) returns boolean
  language sql immutable parallel safe
  as $$ select p_role in ('reporter', 'user', 'template_curator', 'template_manager') $$;
revoke all on function joining_role(text) from public;
grant execute on function joining_role(text) to kartei_app, kartei_guard;

-- Of the code only its SHA-256 is here; it was shown once. What is over is kept for 30 days, to be seen.
create table invitations (
  org_id uuid not null,
  id uuid not null,
  code_hash bytea not null,
  bound bytea not null, -- to which address or domain
  role text not null check (joining_role(role)),
  uses int not null check (uses between 1 and 1000),
  used int not null default 0 check (used between 0 and uses),
  created_by uuid not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz,
  primary key (org_id, id),
  unique (org_id, code_hash),
  foreign key (org_id, created_by) references users (org_id, id),
  check (expires_at <= created_at + interval '90 days')
);
create index invitations_code on invitations (code_hash);
create index invitations_creator on invitations (org_id, created_by);
create index invitations_expires on invitations (expires_at);
call protect('invitations');
create policy guard on invitations to kartei_guard using (true);
call sealed('invitations', '{bound}');

create table sign_up_domains (
  org_id uuid not null,
  id uuid not null,
  domain_hash bytea not null,
  domain bytea not null,
  role text not null check (joining_role(role)),
  created_by uuid not null,
  created_at timestamptz not null default now(),
  primary key (org_id, id),
  unique (org_id, domain_hash),
  foreign key (org_id, created_by) references users (org_id, id)
);
create index sign_up_domains_creator on sign_up_domains (org_id, created_by);
call protect('sign_up_domains', 'select, insert, delete');
call sealed('sign_up_domains', '{domain}');

-- Who signs up and has not yet confirmed the address: no user, and so nothing that could be done. One an address, the newest; what let
-- it in takes it along when it goes.
create table sign_ups (
  org_id uuid not null,
  id uuid not null,
  email_hash bytea not null,
  profile bytea not null,
  domain_id uuid,
  invitation_id uuid,
  token_hash bytea not null,
  browser_hash bytea not null, -- of the asking browser's cookie
  code_hash bytea not null, -- what another browser has to type, keyed by the link's token
  code_tries smallint not null default 0,
  expires_at timestamptz not null,
  primary key (org_id, id),
  unique (org_id, email_hash),
  unique (org_id, token_hash),
  foreign key (org_id, domain_id) references sign_up_domains (org_id, id) on delete cascade,
  foreign key (org_id, invitation_id) references invitations (org_id, id) on delete cascade,
  check (num_nonnulls(domain_id, invitation_id) = 1)
);
create index sign_ups_token on sign_ups (token_hash);
create index sign_ups_domain on sign_ups (org_id, domain_id);
create index sign_ups_invitation on sign_ups (org_id, invitation_id);
create index sign_ups_expires on sign_ups (expires_at);
call protect('sign_ups');
create policy guard on sign_ups to kartei_guard using (true);
call sealed('sign_ups', '{profile}');

call allow('sign_up_domain', '{list,create,delete}', '{admin}', 'any');

grant create on schema kartei to kartei_guard;
grant select, delete on invitations, sign_ups to kartei_guard;
grant update (code_tries, expires_at) on sign_ups to kartei_guard;
set local role kartei_guard;
drop function guard_sign_up_domain(bytea);
drop function guard_sign_up(bytea);

-- Whose invitation a code is, while it holds; what does not hold looks like what is not there.
create or replace function guard_invitation(p_code_hash bytea) returns table (org_id uuid, id uuid)
  language sql stable security definer set search_path = kartei, pg_temp
  as $$
  select i.org_id, i.id from invitations i
  where i.code_hash = p_code_hash and i.expires_at > now() and i.used < i.uses and i.revoked_at is null
$$;

-- Which sign-up a link means; nothing is used up. In another browser than the one that asked it needs the code: `wants_code`, and the
-- try counts when there was a code; the fifth wrong one ends it.
create function guard_sign_up(p_token_hash bytea, p_browser_hash bytea, p_code_hash bytea)
  returns table (org_id uuid, id uuid, wants_code boolean)
  language plpgsql security definer set search_path = kartei, pg_temp
  as $$
declare
  s sign_ups;
  good boolean;
begin
  select k.* into s from sign_ups k where k.token_hash = p_token_hash and k.expires_at > now() for update;
  if not found then
    return;
  end if;
  good := s.browser_hash = p_browser_hash or s.code_hash = p_code_hash;
  if good is not true and p_code_hash is not null then
    update sign_ups k set code_tries = k.code_tries + 1, expires_at = case when k.code_tries >= 4 then now() else k.expires_at end
    where k.org_id = s.org_id and k.id = s.id;
  end if;
  return query select s.org_id, s.id, good is not true;
end
$$;
-- As step 29 left it, and nobody comes in any more.
create or replace function guard_org_erase(p_org uuid) returns boolean
  language plpgsql security definer set search_path = kartei, pg_temp
  as $$
begin
  if p_org is distinct from app_org() then
    return false;
  end if;
  update orgs set wrapped_index_key = '', erased_at = now() where org_id = p_org and erased_at is null;
  if not found then
    return false;
  end if;
  update org_keys set wrapped_key = '' where org_id = p_org;
  update users set state = 'suspended' where org_id = p_org;
  delete from sessions where org_id = p_org;
  delete from login_links where org_id = p_org;
  delete from sign_ups where org_id = p_org;
  delete from invitations where org_id = p_org;
  update api_tokens set ended_at = now() where org_id = p_org and ended_at is null;
  return true;
end
$$;
revoke all on function guard_sign_up(bytea, bytea, bytea) from public;
grant execute on function guard_sign_up(bytea, bytea, bytea) to kartei_app;
set local role kartei_owner;
revoke create on schema kartei from kartei_guard;
