-- The inbox: what was put off and until when, who takes care of it, who looks at it now; and candidates of the same person with another
-- employer, of whom the company is to be decided.
alter table candidates add column moved boolean not null default false;

create table contact_desk (
  org_id uuid not null,
  contact_id uuid not null,
  postponed_until date,
  assignee_id uuid,
  primary key (org_id, contact_id),
  foreign key (org_id, contact_id) references contacts (org_id, id) on delete cascade,
  foreign key (org_id, assignee_id) references users (org_id, id)
);
create index contact_desk_assignee on contact_desk (org_id, assignee_id) where assignee_id is not null;
call protect('contact_desk');

create table contact_presence (
  org_id uuid not null,
  contact_id uuid not null,
  user_id uuid not null,
  seen_at timestamptz not null default now(),
  primary key (org_id, contact_id, user_id),
  foreign key (org_id, contact_id) references contacts (org_id, id) on delete cascade,
  foreign key (org_id, user_id) references users (org_id, id)
);
create index contact_presence_user on contact_presence (org_id, user_id);
call protect('contact_presence');

-- In which lane of the inbox a contact that waits for a decision lies.
create function contact_lane(p_contact uuid) returns text
  language sql stable parallel safe
  as $$
  select case
    when exists (select from contact_desk d where d.org_id = app_org() and d.contact_id = p_contact and d.postponed_until > current_date) then 'later'
    else coalesce((
      select case when k.decided = 'same' then 'exists' when k.moved then 'company' when k.band = 'obvious' then 'exists' else 'possible' end
      from candidates k join records r on r.org_id = k.org_id and r.id = k.record_id and r.deleted_at is null
      where k.org_id = app_org() and k.contact_id = p_contact and k.decided is distinct from 'different'
      order by (k.decided is not null) desc, k.weight desc, k.id limit 1), 'new') end
$$;
revoke all on function contact_lane(uuid) from public;
grant execute on function contact_lane(uuid) to kartei_app;

call allow('inbox', '{list,update}', '{user,template_curator,template_manager}', 'own');
call allow('inbox', '{list,update}', '{admin}', 'any');
