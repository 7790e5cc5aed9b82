-- A person's two answers to a parked write-back: send it once more, or leave it.
alter table write_backs drop constraint write_backs_state_check;
alter table write_backs add constraint write_backs_state_check
  check (state in ('intent', 'sending', 'uncertain', 'written', 'conflict', 'refused', 'waiting', 'undoing', 'undone',
                   'undo_conflict', 'left'));
insert into rights (role, resource, action, ownership)
select role, resource, a.action, ownership
from rights, (values ('resend'), ('leave')) as a (action)
where resource = 'write_back' and rights.action = 'retry';

grant create on schema kartei to kartei_guard;
set local role kartei_guard;
-- Where something still may happen to a write-back its plan stays; every end counts, also one that comes later.
create or replace function guard_prune() returns void
  language sql security definer set search_path = kartei, pg_temp
  as $$
  delete from sessions where expires_at < now();
  delete from login_links where expires_at < now() - interval '1 day';
  delete from idempotency where expires_at < now();
  delete from previews where expires_at < now() - interval '1 day';
  delete from events where created_at < now() - interval '1 day';
  delete from jobs where state in ('done', 'cancelled') and finished_at < now() - interval '7 days';
  delete from jobs where state = 'dead' and finished_at < now() - interval '90 days';
  update write_backs set plan = null, before = null, version_seen = null, version_after = null
  where plan is not null and updated_at < now() - interval '30 days'
    and state not in ('intent', 'sending', 'uncertain', 'waiting', 'undoing');
$$;

set local role kartei_owner;
revoke create on schema kartei from kartei_guard;
