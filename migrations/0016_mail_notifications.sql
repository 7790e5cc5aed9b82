-- Mailboxes that are told of new mail by a service (Microsoft Graph): what was subscribed to, which mails were named and wait to be
-- looked at, and the consent of an administrator that somebody waits for.

alter table mailboxes add column gap_at timestamptz, -- mail may have been missed since: the delta query finds it
  add column admin_asked_at timestamptz, add column admin_given_at timestamptz;

create table mailbox_subscriptions (
  org_id uuid not null,
  mailbox_id uuid not null,
  remote_id text not null, -- as the service names it; random
  secret bytea not null, -- SHA-256 of 256 random bits that every notification carries
  expires_at timestamptz not null,
  renew_at timestamptz not null,
  made_at timestamptz not null default now(),
  primary key (org_id, mailbox_id),
  foreign key (org_id, mailbox_id) references mailboxes (org_id, id) on delete cascade
);
create index mailbox_subscriptions_mailbox on mailbox_subscriptions (mailbox_id);
call protect('mailbox_subscriptions');

-- A mail is known by a keyed hash of its id, so that what is told twice, or found by the delta query too, is fetched once.
create table mailbox_messages (
  org_id uuid not null,
  mailbox_id uuid not null,
  hash bytea not null,
  remote_id bytea, -- until it was looked at
  came_at timestamptz not null default now(),
  primary key (org_id, mailbox_id, hash),
  foreign key (org_id, mailbox_id) references mailboxes (org_id, id) on delete cascade
);
create index mailbox_messages_waiting on mailbox_messages (org_id, mailbox_id, came_at) where remote_id is not null;
call protect('mailbox_messages');

grant create on schema kartei to kartei_guard;
grant select on mailbox_subscriptions to kartei_guard;
create policy guard on mailbox_subscriptions to kartei_guard using (true);
set local role kartei_guard;
-- Whose subscription a notification speaks of: it comes without a sign-in and names no organisation.
create function guard_mailbox_subscription(p_mailbox uuid, p_remote_id text) returns table (org_id uuid, secret bytea)
  language sql stable security definer set search_path = kartei, pg_temp
  as $$ select s.org_id, s.secret from mailbox_subscriptions s where s.mailbox_id = p_mailbox and s.remote_id = p_remote_id $$;
revoke all on function guard_mailbox_subscription from public;
grant execute on function guard_mailbox_subscription to kartei_app;
set local role kartei_owner;
revoke create on schema kartei from kartei_guard;
