-- Mailboxes: a connection that belongs to a person, and suggests contacts from incoming mail. Of the mail itself nothing is kept: the
-- cursor says how far it was looked at, the counters how often; what was suggested is known again by a keyed hash.

create table mailboxes (
  org_id uuid not null,
  id uuid not null, -- the connection's
  owner_id uuid not null,
  list_id uuid, -- none: it pauses
  excluded bytea not null,
  cursor bytea,
  since timestamptz not null default now(),
  checked_at timestamptz,
  looked bigint not null default 0,
  header_only bigint not null default 0,
  suggested bigint not null default 0,
  watcher uuid,
  watched_until timestamptz,
  version bigint not null default 1,
  primary key (org_id, id),
  foreign key (org_id, id) references connections (org_id, id) on delete cascade,
  foreign key (org_id, owner_id) references users (org_id, id),
  foreign key (org_id, list_id) references lists (org_id, id) on delete set null (list_id)
);
create index mailboxes_owner on mailboxes (org_id, owner_id);
create index mailboxes_list on mailboxes (org_id, list_id) where list_id is not null;
call protect('mailboxes');

create table mailbox_seen (
  org_id uuid not null,
  mailbox_id uuid not null,
  hash bytea not null,
  seen_at timestamptz not null default now(),
  primary key (org_id, mailbox_id, hash),
  foreign key (org_id, mailbox_id) references mailboxes (org_id, id) on delete cascade
);
create index mailbox_seen_at on mailbox_seen (org_id, mailbox_id, seen_at);
call protect('mailbox_seen', 'select, insert, delete');

-- Which mailbox suggested it; stays when the mailbox goes, as the word for where the contact came from: no foreign key. suggested_at
-- is there as long as nobody has taken it up: until then it is its owner's, and goes without trace when rejected or too old.
alter table contacts add column mailbox_id uuid, add column suggested_at timestamptz;
create index contacts_suggested on contacts (org_id, suggested_at) where suggested_at is not null;

insert into rights (role, resource, action, ownership)
select role, 'mailbox', action, case role when 'admin' then 'any' else 'own' end
from (values ('admin'), ('user')) as r (role),
  (values ('list'), ('read'), ('create'), ('update'), ('delete'), ('test'), ('check'), ('authorize')) as a (action);

grant create on schema kartei to kartei_guard;
grant select, update on mailboxes to kartei_guard;
grant select (org_id, id, kind, state) on connections to kartei_guard;
create policy guard on mailboxes to kartei_guard using (true);
create policy guard on connections to kartei_guard using (true);
set local role kartei_guard;
-- Takes mailboxes that nobody waits at for news; the lease is renewed by asking again with the same watcher.
create function guard_mailbox_watch(p_watcher uuid, p_kinds text[], p_limit int, p_lease_ms bigint)
  returns table (org_id uuid, id uuid)
  language sql security definer set search_path = kartei, pg_temp
  as $$
  update mailboxes m set watcher = p_watcher, watched_until = now() + p_lease_ms * interval '1 millisecond'
  where (m.org_id, m.id) in (
    select f.org_id, f.id from mailboxes f join connections c on c.org_id = f.org_id and c.id = f.id
    where f.list_id is not null and c.state in ('ok', 'down') and c.kind = any (p_kinds)
      and (f.watched_until is null or f.watched_until < now())
    order by f.watched_until nulls first limit p_limit for update of f skip locked)
  returning m.org_id, m.id
$$;
revoke all on function guard_mailbox_watch from public;
grant execute on function guard_mailbox_watch to kartei_app;
set local role kartei_owner;
revoke create on schema kartei from kartei_guard;
