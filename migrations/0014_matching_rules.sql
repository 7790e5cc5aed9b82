-- Matching rules of an organisation, by version: weights and survivorship. Nothing becomes active that was not simulated.
create table matching_rules (
  org_id uuid not null references orgs (org_id),
  id uuid not null,
  number bigint not null check (number > 0),
  state text not null check (state in ('draft', 'simulated', 'active', 'retired')),
  origin text not null check (origin in ('edited', 'learned')),
  policy bytea not null,
  lesson bytea,
  simulation bytea,
  author_id uuid,
  activated_by uuid,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  simulated_at timestamptz,
  activated_at timestamptz,
  primary key (org_id, id),
  unique (org_id, number),
  check (state in ('draft', 'simulated') or activated_at is not null),
  check (state = 'draft' or simulated_at is not null),
  foreign key (org_id, author_id) references users (org_id, id),
  foreign key (org_id, activated_by) references users (org_id, id)
);
create unique index matching_rules_active on matching_rules (org_id) where state = 'active';
create index matching_rules_author on matching_rules (org_id, author_id);
create index matching_rules_activated_by on matching_rules (org_id, activated_by);
call protect('matching_rules', 'select, insert, update');

-- Decisions are what weights are learned from, and what a simulation is held against.
create index candidates_decided on candidates (org_id, decided_at desc) where decided is not null;

insert into rights (role, resource, action, ownership) values
  ('admin', 'matching_rule', 'list', 'any'), ('admin', 'matching_rule', 'read', 'any'), ('admin', 'matching_rule', 'create', 'any'),
  ('admin', 'matching_rule', 'update', 'any'), ('admin', 'matching_rule', 'simulate', 'any'),
  ('admin', 'matching_rule', 'activate', 'any'), ('admin', 'matching_rule', 'learn', 'any'), ('admin', 'matching_rule', 'test', 'any');
