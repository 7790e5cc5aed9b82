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
-- As before (0015), with the claims of companies.
create or replace function guard_prune() returns void
  language sql security definer set search_path = kartei, pg_temp
  as $$
  delete from sessions where expires_at < now();
  delete from login_links where expires_at < now() - interval '1 day';
  delete from idempotency where expires_at < now();
  delete from previews where expires_at < now() - interval '1 day';
  delete from company_claims where at < now() - interval '30 days';
  delete from events where created_at < now() - interval '1 day';
  delete from jobs where state in ('done', 'cancelled') and finished_at < now() - interval '7 days';
  delete from jobs where state = 'dead' and finished_at < now() - interval '90 days';
  update write_backs set plan = null, before = null, version_seen = null, version_after = null
  where plan is not null and updated_at < now() - interval '30 days'
    and state not in ('intent', 'sending', 'uncertain', 'waiting', 'undoing');
$$;
set local role kartei_owner;
revoke create on schema kartei from kartei_guard;
