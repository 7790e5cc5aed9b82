-- Companies that somebody has made in a CRM from here, or began to: of two people with the same new company in their hands one makes it,
-- and an answer that got lost is waited out before anything is sent again. The name itself is not here. Kept: 30 days.
create table company_claims (
  org_id uuid not null,
  id uuid not null default gen_random_uuid(),
  connection_id uuid not null,
  name_hash bytea not null,   -- keyed hash of the name
  marker uuid not null default gen_random_uuid(),   -- travels to the CRM where it can keep one
  remote_id bytea,   -- sealed: the CRM's id of the company; null while nobody knows whether it was made
  at timestamptz not null default now(),   -- when it was sent, or answered
  primary key (org_id, id),
  unique (org_id, connection_id, name_hash),
  foreign key (org_id, connection_id) references connections (org_id, id) on delete cascade
);
create index company_claims_at on company_claims (at);
call protect('company_claims');
create policy guard on company_claims to kartei_guard using (true);
grant select, delete on company_claims to kartei_guard;
call sealed('company_claims', '{remote_id}');

grant create on schema kartei to kartei_guard;
set local role kartei_guard;
create function guard_prune_companies() returns void
  language sql security definer set search_path = kartei, pg_temp
  as $$
  delete from company_claims where at < now() - interval '30 days';
$$;
revoke all on function guard_prune_companies() from public;
grant execute on function guard_prune_companies() to kartei_app;
set local role kartei_owner;
revoke create on schema kartei from kartei_guard;
