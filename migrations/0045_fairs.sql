-- Fairs and other occasions at which cards are collected: what a capture there brings along. What was captured there keeps pointing to it.
create table fairs (
  org_id uuid not null references orgs (org_id),
  id uuid not null,
  name bytea not null,
  tag bytea,
  list_id uuid, -- where its captures go; null = to the first list of whoever takes them
  legal_basis text not null check (legal_basis in ('consent', 'contract', 'legitimate_interest')),
  created_by uuid not null,
  closed_at timestamptz,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  primary key (org_id, id),
  foreign key (org_id, list_id) references lists (org_id, id),
  foreign key (org_id, created_by) references users (org_id, id)
);
create index fairs_list on fairs (org_id, list_id) where list_id is not null;
create index fairs_created_by on fairs (org_id, created_by);
call protect('fairs', 'select, insert, update');
call sealed('fairs', '{name,tag}');

alter table scans add column fair_id uuid;
alter table scans add foreign key (org_id, fair_id) references fairs (org_id, id);
create index scans_fair on scans (org_id, fair_id) where fair_id is not null;
alter table contacts add column fair_id uuid;
alter table contacts add foreign key (org_id, fair_id) references fairs (org_id, id);
create index contacts_fair on contacts (org_id, fair_id) where fair_id is not null;

-- One's own are the fairs whose list one reaches, and those without a list; changing is for who made them.
call allow('fair', '{list}', '{reporter,user,template_curator,template_manager}', 'own');
call allow('fair', '{create,update}', '{user,template_curator,template_manager}', 'own');
call allow('fair', '{list,create,update}', '{admin}', 'any');
call allow('fair', '{list}', '{support_content}', 'any');

-- Since when somebody has looked at what was read and found it right.
alter table contacts add column checked_at timestamptz;
