-- OpenID Connect: providers that an organisation trusts, attempts to sign in under way, and whom a provider's subject stands for.

-- "place": endpoints that the provider named when an administrator tested it, "keys": its public keys; both are the provider's public
-- words. "draft": not tested since it was changed.
create table identity_providers (
  org_id uuid not null references orgs (org_id),
  id uuid not null,
  kind text not null check (kind in ('microsoft', 'google', 'apple', 'oidc')),
  settings bytea not null,
  secret bytea not null,
  state text not null default 'draft' check (state in ('draft', 'on', 'off')),
  place text,
  keys text,
  keys_at timestamptz,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  primary key (org_id, id)
);
create index identity_providers_id on identity_providers (id);
call protect('identity_providers');

-- E-mail domains, so that somebody who types an address is shown the provider; keyed hashes as users.email_hash.
create table identity_provider_domains (
  org_id uuid not null,
  provider_id uuid not null,
  domain_hash bytea not null,
  primary key (org_id, provider_id, domain_hash),
  foreign key (org_id, provider_id) references identity_providers (org_id, id) on delete cascade
);
create index identity_provider_domains_hash on identity_provider_domains (domain_hash);
call protect('identity_provider_domains', 'select, insert, delete');

-- State and browser are known by their hashes; one try each.
create table oidc_begun (
  org_id uuid not null,
  id uuid not null,
  provider_id uuid not null,
  provider_version bigint not null,
  state_hash bytea not null,
  browser_hash bytea not null,
  trip bytea not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  primary key (org_id, id),
  unique (org_id, state_hash),
  foreign key (org_id, provider_id) references identity_providers (org_id, id) on delete cascade
);
create index oidc_begun_state on oidc_begun (state_hash);
create index oidc_begun_provider on oidc_begun (org_id, provider_id);
create index oidc_begun_expires on oidc_begun (expires_at);
call protect('oidc_begun', 'select, insert, delete');

-- A keyed hash of issuer and subject names the person; the provider's row is only where it came from.
create table identities (
  org_id uuid not null,
  id uuid not null,
  provider_id uuid not null,
  user_id uuid not null,
  subject_hash bytea not null,
  created_at timestamptz not null default now(),
  used_at timestamptz not null default now(),
  primary key (org_id, id),
  unique (org_id, subject_hash),
  foreign key (org_id, provider_id) references identity_providers (org_id, id) on delete cascade,
  foreign key (org_id, user_id) references users (org_id, id)
);
create index identities_provider on identities (org_id, provider_id);
create index identities_user on identities (org_id, user_id);
call protect('identities');

insert into rights (role, resource, action, ownership) values
  ('admin', 'identity_provider', 'list', 'any'), ('admin', 'identity_provider', 'read', 'any'),
  ('admin', 'identity_provider', 'create', 'any'), ('admin', 'identity_provider', 'update', 'any'),
  ('admin', 'identity_provider', 'delete', 'any'), ('admin', 'identity_provider', 'test', 'any');

grant create on schema kartei to kartei_guard;
grant select on identity_providers, identity_provider_domains to kartei_guard;
grant select, delete on oidc_begun to kartei_guard;
create policy guard on identity_providers to kartei_guard using (true);
create policy guard on identity_provider_domains to kartei_guard using (true);
create policy guard on oidc_begun to kartei_guard using (true);
set local role kartei_guard;
-- Whose provider it is: before anybody is signed in.
create function guard_identity_provider(p_id uuid) returns table (org_id uuid)
  language sql stable security definer set search_path = kartei, pg_temp
  as $$ select p.org_id from identity_providers p where p.id = p_id and p.state = 'on' $$;
create function guard_identity_domain(p_domain_hash bytea) returns table (org_id uuid, id uuid)
  language sql stable security definer set search_path = kartei, pg_temp
  as $$
  select p.org_id, p.id from identity_provider_domains d join identity_providers p on p.org_id = d.org_id and p.id = d.provider_id
  where d.domain_hash = p_domain_hash and p.state = 'on' order by p.created_at limit 8
$$;
-- Whether the sign-in page needs the button at all.
create function guard_identity_any() returns boolean
  language sql stable security definer set search_path = kartei, pg_temp
  as $$ select exists (select from identity_providers p where p.state = 'on') $$;
-- Uses an attempt up, whoever brings its state.
create function guard_oidc_take(p_state_hash bytea)
  returns table (org_id uuid, id uuid, provider_id uuid, provider_version bigint, browser_hash bytea, trip bytea)
  language sql security definer set search_path = kartei, pg_temp
  as $$
  with taken as (delete from oidc_begun b where b.state_hash = p_state_hash returning b.*)
  select t.org_id, t.id, t.provider_id, t.provider_version, t.browser_hash, t.trip from taken t where t.expires_at > now()
$$;
create function guard_prune_oidc() returns void
  language sql security definer set search_path = kartei, pg_temp
  as $$ delete from oidc_begun where expires_at < now() $$;
revoke all on function guard_identity_provider, guard_identity_domain, guard_identity_any, guard_oidc_take, guard_prune_oidc from public;
grant execute on function guard_identity_provider, guard_identity_domain, guard_identity_any, guard_oidc_take, guard_prune_oidc
  to kartei_app;
set local role kartei_owner;
revoke create on schema kartei from kartei_guard;
